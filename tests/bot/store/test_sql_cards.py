"""The shelf keeps each server's cards whole, apart from those of others, and forgets for good."""

import json
from dataclasses import replace

import pytest

from bot.card_shelf import ShelvedCard
from bot.errors import ShownToUser
from bot.store import sql_cards
from characters.card import read_card
from characters.card_files import CardFile, read_file
from characters.editing import edited
from tests.bot.store.conftest import NOON
from tests.characters.samples import V3, archive, as_bytes, picture

GUILD, OTHER, ANN, BOB = 7, 8, 70, 71


def shelved(character="zoe", guild=GUILD, **more):
    file = CardFile(read_card(V3), picture(), archive({"card.json": as_bytes(V3)}))
    return ShelvedCard(guild, character, file, ANN, NOON, "file zoe.png", **more)


async def test_a_card_comes_back_whole_with_who_brought_it(store):
    given = shelved()
    await store.cards.add(given)
    found = await store.cards.get(GUILD, "zoe")
    assert found == given
    assert repr(found.file.card.document) == repr(V3)
    assert repr(await store.cards.cards(GUILD)) == repr({"zoe": read_card(V3)})


async def test_a_server_has_its_own_cards_and_nobody_elses(store):
    await store.cards.add(shelved("zoe"))
    await store.cards.add(shelved("abe"))
    await store.cards.add(shelved("zoe", OTHER))
    assert list(await store.cards.cards(GUILD)) == ["abe", "zoe"]
    assert list(await store.cards.cards(OTHER)) == ["zoe"]
    assert await store.cards.get(OTHER, "abe") is None
    await store.cards.remove(OTHER, "zoe", ANN)
    assert list(await store.cards.cards(GUILD)) == ["abe", "zoe"]
    assert await store.cards.cards(OTHER) == {}


async def test_an_id_that_is_taken_is_refused_and_the_first_card_stays(store):
    await store.cards.add(shelved())
    with pytest.raises(ShownToUser, match="has just added a character 'zoe'; try once more"):
        await store.cards.add(replace(shelved(), source="another"))
    assert (await store.cards.get(GUILD, "zoe")).source == "file zoe.png"


async def test_what_is_not_there_cannot_be_removed(store):
    with pytest.raises(ShownToUser, match="no character 'zoe' to remove"):
        await store.cards.remove(GUILD, "zoe", ANN)
    assert await store.administration.audit(GUILD) == []


@pytest.mark.parametrize("limit", [{"MOST_CARDS": 1}, {"MOST_BYTES": 6_000}])
async def test_a_full_shelf_refuses_another_card_until_one_is_removed(store, monkeypatch, limit):
    for name, most in limit.items():
        monkeypatch.setattr(sql_cards, name, most)
    await store.cards.add(shelved())
    with pytest.raises(ShownToUser, match="remove one first"):
        await store.cards.add(shelved("abe"))
    assert list(await store.cards.cards(GUILD)) == ["zoe"]
    await store.cards.add(shelved("abe", OTHER))
    await store.cards.remove(GUILD, "zoe", ANN)
    await store.cards.add(shelved("abe"))


async def test_a_card_that_is_changed_keeps_its_picture_and_who_brought_it(store):
    await store.cards.add(shelved())
    old = await store.cards.get(GUILD, "zoe")
    card = edited(old.file.card, {"name": "Zed"})
    await store.cards.change(GUILD, "zoe", card, BOB)
    now = await store.cards.get(GUILD, "zoe")
    assert now == replace(old, file=replace(old.file, card=card))
    assert (await store.cards.cards(GUILD))["zoe"].name == "Zed"
    line, _ = await store.administration.audit(GUILD)
    assert (line.who, line.before, line.after) == (BOB, "Zoë", "Zed (edited)")
    with pytest.raises(ShownToUser, match="no character 'zoe' to change"):
        await store.cards.change(OTHER, "zoe", card, BOB)


async def test_a_full_shelf_takes_a_change_but_none_that_is_too_large(store, monkeypatch):
    monkeypatch.setattr(sql_cards, "MOST_CARDS", 1)
    await store.cards.add(shelved())
    card = (await store.cards.cards(GUILD))["zoe"]
    await store.cards.change(GUILD, "zoe", edited(card, {"name": "Zed"}), ANN)
    monkeypatch.setattr(sql_cards, "MOST_BYTES", 6_000)
    with pytest.raises(ShownToUser, match="would be too much"):
        await store.cards.change(GUILD, "zoe", edited(card, {"description": "x" * 6000}), ANN)
    assert (await store.cards.cards(GUILD))["zoe"].description != "x" * 6000


async def test_coming_and_going_stands_in_the_audit_log(store):
    await store.cards.add(shelved())
    await store.cards.remove(GUILD, "zoe", ANN)
    gone, come = await store.administration.audit(GUILD)
    assert (come.who, come.what, come.before, come.after) == (ANN, "character zoe", "", "Zoë")
    assert (gone.who, gone.what, gone.before, gone.after) == (ANN, "character zoe", "Zoë", "")


def bytes_in(folder):
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_a_card_that_was_removed_leaves_no_byte_in_the_file(store, store_url, tmp_path):
    if not store_url.startswith("sqlite"):
        pytest.skip("only SQLite has a file to look into")
    await store.cards.add(shelved())
    assert b"keeps bees" in bytes_in(tmp_path)
    await store.cards.remove(GUILD, "zoe", ANN)
    assert b"keeps bees" not in bytes_in(tmp_path)


async def test_a_card_that_cannot_be_read_any_more_does_not_hide_the_others(store):
    await store.cards.add(shelved("abe"))
    nameless = replace(read_card(V3), document={**V3, "data": {}})
    await store.cards.add(replace(shelved(), file=CardFile(nameless)))
    assert list(await store.cards.cards(GUILD)) == ["abe"]


async def test_an_export_of_a_server_has_its_cards_and_its_deletion_takes_them(store):
    await store.cards.add(shelved())
    await store.cards.add(shelved("abe", OTHER))
    export = await store.privacy.export_of_guild(GUILD)
    (row,) = json.loads(json.dumps(export))["characters"]
    assert json.loads(row["document"])["data"]["nickname"] == "Zo"
    assert (row["added_by"], row["source"]) == (ANN, "file zoe.png")
    await store.privacy.delete_of_guild(GUILD, by=ANN)
    assert await store.cards.cards(GUILD) == {}
    assert list(await store.cards.cards(OTHER)) == ["abe"]


async def test_a_persons_cards_are_in_their_export_and_stay_with_the_server_without_them(store):
    await store.cards.add(shelved())
    (row,) = (await store.privacy.export_of(ANN))["characters"]
    assert row["character"] == "zoe"
    await store.privacy.delete_of(ANN)
    left = await store.cards.get(GUILD, "zoe")
    assert (left.by, left.source) == (0, "")
    assert (await store.privacy.export_of(ANN))["characters"] == []


async def test_a_card_with_half_a_surrogate_and_a_zero_is_kept_exactly(store):
    odd = {"name": "Bo", "description": "\ud800 \u0000 \u2028", "n": 10**30}
    await store.cards.add(replace(shelved(), file=read_file(as_bytes(odd))))
    found = await store.cards.get(GUILD, "zoe")
    assert repr(found.file.card.document) == repr(odd)
