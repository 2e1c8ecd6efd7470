"""What a chart of a town can show."""

from enum import StrEnum


class Subject(StrEnum):
    """What is drawn over the time of a town."""

    MONEY = "money"
    """What each resident has, in coins."""
    MOOD = "mood"
    """How well the needs of each resident are met, from 0 to 100: the mean of all five."""
    CALLS = "calls"
    """How often models were asked, and with how many tokens."""
    ANSWERS = "answers"
    """How many questions each resident has answered, whoever played it."""
