"""The shapes an answer can have."""

from enum import StrEnum


class Kind(StrEnum):
    """The five shapes an answer can have."""

    ONE_OF = "one of"
    SEVERAL_OF = "several of"
    TEXT = "text"
    NUMBER = "number"
    FORM = "form"
