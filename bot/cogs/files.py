"""Files that a person gets."""

import asyncio
import io
import json
from collections.abc import Mapping
from typing import Any

import discord


async def json_file(name: str, kept: Mapping[str, Any]) -> discord.File:
    """Return JSON as a file, indented for people."""
    text = await asyncio.to_thread(json.dumps, kept, ensure_ascii=False, indent=2, default=str)
    return discord.File(io.BytesIO(text.encode()), name)
