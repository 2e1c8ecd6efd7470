"""Files that a member brings for a town: read within limits, with all their faults told at once."""

import asyncio
import io
from collections.abc import Mapping
from typing import Final

import discord

from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import LIMIT, plain
from bot.errors import ShownToUser
from games.core import clean
from towns.catalogue import CATALOGUE
from towns.errors import BadTown
from towns.files import data_in

LARGEST: Final = 128 * 1024
"""Bytes."""
Catalogue = Mapping[str, discord.Attachment | None]
"""What a town's own file may rely on, in place of what comes with Parlour, by file name."""


async def toml_in(file: discord.Attachment) -> str:
    """Return the text of a file.  Raises ShownToUser."""
    name = clean(file.filename, 60)
    if not name.casefold().endswith(".toml"):
        raise ShownToUser(f"{plain(name)} is no .toml file; docs/towns.md says what stands in one.")
    if file.size > LARGEST:
        raise ShownToUser(
            f"{plain(name)} has {file.size:,} bytes, and {LARGEST:,} are the most; make it smaller."
        )
    try:
        return (await file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ShownToUser(f"{plain(name)} is no UTF-8 text; save it as UTF-8.") from None


async def town_in(town: discord.Attachment | None, more: Catalogue) -> str:
    """Return the data of a town in files, "" for none.  Raises ShownToUser, BadTown."""
    brought = {name: file for name, file in more.items() if file}
    if town is None:
        if brought:
            raise ShownToUser("These files belong to a town of your own; give its file, too.")
        return ""
    texts = {name: await toml_in(file) for name, file in brought.items()}
    name = clean(town.filename, 60)
    name = name if name not in CATALOGUE else "town.toml"
    texts[name] = await toml_in(town)
    return await asyncio.to_thread(data_in, texts, name)


async def tell_faults(interaction: Interaction, why: BadTown) -> None:
    """Tell all that is wrong with a file, so that it can be put right at once."""
    count = "One thing is" if len(why.faults) == 1 else f"{len(why.faults)} things are"
    title = f"{count} wrong with it, and nothing has changed:"
    lines = [f"- {plain(fault)}" for fault in why.faults]
    text = "\n".join([title, *lines])
    if len(text) <= LIMIT:
        await tell(interaction, text)
        return
    file = discord.File(io.BytesIO("\n".join(why.faults).encode()), "faults.txt")
    short = "\n".join([title, *(line[:150] for line in lines[:8]), "… and all of them as a file."])
    await tell(interaction, short, file=file)
