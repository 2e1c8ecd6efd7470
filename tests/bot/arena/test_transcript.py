"""What an exported match shows, and to whom."""

import json

import pytest

from bot.arena.transcript import export
from bot.errors import ShownToUser
from games.chameleon import Chameleon
from games.core import Seat

FULL, BOB, CY = map(Seat, ("full", "Bob", "Cy"))


@pytest.fixture
async def stored(arena):
    game = Chameleon(topic="Animals", word="Lion", chameleon=FULL)
    table = await arena.open(game, dict.fromkeys((FULL, BOB, CY), "me"), room="shelf", seed=5)
    return await arena.store.load(table.setup.match_id)


async def test_a_seat_named_full_sees_its_own_secrets_and_no_others(stored):
    shown = json.loads(export(stored, "full", "json"))
    texts = " ".join(line["text"] for line in shown["events"])
    assert "You are the chameleon." in texts
    assert "The secret word is “Lion”" not in texts
    assert "seed" not in shown
    assert "word" not in shown["game"]["options"]


@pytest.mark.parametrize("kind", ["json", "md", "html"])
async def test_only_those_who_know_the_word_can_export_it(stored, kind):
    assert "word is “Lion”" in export(stored, "Bob", kind)
    assert "word is “Lion”" not in export(stored, "public", kind)


async def test_a_stranger_exports_nothing(stored):
    with pytest.raises(ShownToUser, match="no seat here"):
        export(stored, "Dot", "md")
    with pytest.raises(ShownToUser, match="no format"):
        export(stored, "public", "pdf")
