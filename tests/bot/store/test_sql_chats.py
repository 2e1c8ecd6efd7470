"""Chats on disk: where they are held, and which messages show their lines."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.arena.chats import ChatPlace, QuietHours, ShownPart, read_hours
from bot.errors import AlreadyDone, ShownToUser

CHAT = ChatPlace("abcdefgh", 1, 2, 3, 4, "i:5", 5)


async def test_a_chat_is_read_as_it_was_written_last(store):
    await store.chats.save(CHAT)
    hours = QuietHours(time(22), time(7, 30), "Europe/Berlin")
    changed = replace(CHAT, read_to=9, quiet=hours)
    await store.chats.save(changed)
    assert await store.chats.chat("abcdefgh") == changed
    assert await store.chats.made_by("i:5") == changed
    assert await store.chats.open_chats() == [changed]
    await store.chats.save(changed.closed())
    assert await store.chats.open_chats() == []


async def test_one_interaction_opens_one_chat(store):
    await store.chats.save(CHAT)
    with pytest.raises(AlreadyDone):
        await store.chats.save(replace(CHAT, match_id="other"))
    assert await store.chats.chat("other") is None


async def test_what_a_message_shows_is_found_both_ways(store):
    first, second = ShownPart("abcdefgh", 1, 0, 11), ShownPart("abcdefgh", 1, 1, 12)
    await store.chats.show(first, second)
    assert await store.chats.parts("abcdefgh", 1) == [first, second]
    assert await store.chats.part_in(12) == second
    await store.chats.show(replace(first, message=13))
    assert await store.chats.part_in(11) is None
    await store.chats.hide(second)
    assert await store.chats.parts("abcdefgh", 1) == [replace(first, message=13)]


@pytest.mark.parametrize(
    ("hour", "begin", "end", "quiet"),
    [(23, "22", "7", True), (6, "22", "7:00", True), (7, "22", "7", False), (3, "1", "5", True)],
)
def test_quiet_hours_may_last_over_midnight(hour, begin, end, quiet):
    now = datetime(2026, 1, 1, hour, tzinfo=UTC)
    assert read_hours(begin, end, "UTC").hold(now) is quiet


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("25", "7", "UTC"), "'25' is no time of day"),
        (("x", "7", "UTC"), "'x' is no time of day"),
        (("22", "22", "UTC"), "end at another time"),
        (("22", "7", "Mars/Olympus"), "no time zone 'Mars/Olympus'"),
        (("22", "7", "../../etc/passwd"), "no time zone"),
    ],
)
def test_hours_that_mean_nothing_are_refused(given, why):
    with pytest.raises(ShownToUser, match=why):
        read_hours(*given)


async def test_a_server_and_a_person_are_taken_out_of_chats(store):
    await store.chats.save(CHAT)
    await store.chats.show(ShownPart("abcdefgh", 1, 0, 11))
    await store.privacy.delete_of(4)
    assert (await store.chats.chat("abcdefgh")).opener == 0
    await store.privacy.delete_of_guild(1, 9)
    assert await store.chats.chat("abcdefgh") is None
    assert await store.chats.parts("abcdefgh", 1) == []
