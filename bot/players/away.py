"""A person who is somewhere else: answers come through the table's own door, when they come."""

import asyncio
from collections.abc import Sequence

from games.core import Ask, Text, View


class Away:
    """Holds a seat until its person's answer is submitted from outside."""

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Wait until the question is settled, which cancels this."""
        await asyncio.Event().wait()
        raise AssertionError("Nobody sets this event.")
