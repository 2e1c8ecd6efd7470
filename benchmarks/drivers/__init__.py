"""Programs that play one game at random for some seconds, each with one library.

Each is run as `GAME SECONDS` and prints {"games": ..., "steps": ..., "seconds": ...}. Those of
the peers run in environments of their own, so they import nothing of Parlour.
"""
