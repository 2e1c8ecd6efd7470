"""Everything that touches the world; without this file, bot.py would shadow the package."""
