"""Statements that write what characters remember, in the order of their execution."""

from typing import Final

from sqlalchemy import bindparam, delete

from bot.store.memory_tables import chat_summaries

NO_SUMMARIES = delete(chat_summaries).where(chat_summaries.c.match_id == bindparam("match_id"))

ORDER: Final = (NO_SUMMARIES,)
