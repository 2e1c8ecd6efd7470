"""What a model is given so that a character speaks: messages, or a script to go on with."""

from random import Random
from typing import Final

from characters.completion import completion_prompt
from characters.prompt import Prompt, chat_prompt
from characters.situation import Situation

SCRIPT: Final = "script"
"""The role of a message that is no message, but the whole text which a model goes on with."""


def speech_prompt(situation: Situation, context: int, rng: Random, *, script: bool) -> Prompt:
    """Return the prompt for an answer; with `script`, in the format of Character-LLM.

    Raises CharacterError if the card or the last line alone has no room.
    """
    if not script:
        return chat_prompt(situation, context, rng)
    made = completion_prompt(situation, context, rng)
    messages = [{"role": SCRIPT, "content": made.text}]
    return Prompt(messages, made.stop, (), made.summarise_to, made.scan)
