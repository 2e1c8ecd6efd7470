"""What people read, in their own language: a catalogue of sentences for each."""

from bot.languages.language import (
    ENGLISH,
    Language,
    codes,
    find_language,
    language,
    shown_choice,
)

__all__ = ["ENGLISH", "Language", "codes", "find_language", "language", "shown_choice"]
