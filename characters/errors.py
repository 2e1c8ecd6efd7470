"""What is wrong with a character, said to the person who brought it."""


class CharacterError(ValueError):
    """A character, its lore or its chat cannot be used as it is; the text is for people."""


class BadCard(CharacterError):
    """A character card cannot be read; the text says what is wrong and what to do."""
