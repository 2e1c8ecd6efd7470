"""Discord, and only Discord: commands, controls and rooms over the arena."""
