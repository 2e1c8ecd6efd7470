"""The same games in a terminal, with no token and no network."""
