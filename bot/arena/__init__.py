"""The table and its surroundings: the only loop, deadlines and the outbox."""
