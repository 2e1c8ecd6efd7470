"""Who can be summoned in a server, what people may call them, and cards in and out."""

import asyncio

import pytest

from bot.cast import Cast, facts, for_adults, free_id
from bot.errors import ShownToUser
from bot.store.sql_store import SqlStore
from characters.card import read_card
from characters.card_files import LARGEST_FILE, Format, read_file
from characters.png import chunks
from characters.shipped import portrait, shipped
from tests.characters.samples import V1, V3, as_bytes, minimal

GUILD, OTHER, ANN = 7, 8, 70


@pytest.fixture
async def store(tmp_path):
    opened = await SqlStore.open(tmp_path / "parlour.db")
    yield opened
    await opened.close()


@pytest.fixture
def cast(store):
    return Cast(store.cards)


async def add(cast, document, guild=GUILD):
    return await cast.add(guild, as_bytes(document), ANN, "file card.json")


@pytest.mark.parametrize("wanted", ["zoë", "Zoë", "ZOE", " zo ", "Ｚｏ", "Zoe\u0308", "Зоя", "зоя"])
async def test_a_character_is_found_by_id_name_nickname_and_alias_in_any_script(cast, wanted):
    await add(cast, V3)
    assert (await cast.find(GUILD, wanted)).character == "zoë"


async def test_every_shipped_character_is_there_and_found_by_all_its_names(cast):
    members = await cast.members(GUILD)
    assert list(members) == list(shipped())
    for character, member in members.items():
        assert not member.own
        for name in (character, member.card.name, member.card.called, *member.card.profile.aliases):
            assert (await cast.find(GUILD, name)).character == character


@pytest.mark.parametrize("wanted", ["", " ", "nobody", "\u0301", "x" * 500])
async def test_whoever_is_not_there_is_refused_with_who_is(cast, wanted):
    await add(cast, V3)
    with pytest.raises(ShownToUser, match=r"There is no character .+ here; there are Zo") as why:
        await cast.find(GUILD, wanted)
    assert len(str(why.value)) < 600


async def test_a_character_of_one_server_is_not_in_another(cast):
    await add(cast, V3)
    with pytest.raises(ShownToUser):
        await cast.find(OTHER, "zoë")


async def test_an_imported_card_never_takes_the_id_of_another_one(cast):
    first = next(iter(shipped()))
    named = await add(cast, minimal(name=first))
    again = await add(cast, minimal(name=first))
    assert [named.character, again.character] == [f"{first}-2", f"{first}-3"]
    assert not (await cast.find(GUILD, first)).own
    removed = await cast.remove(GUILD, first, ANN)
    assert removed.character == f"{first}-2"


async def test_a_servers_own_character_goes_before_one_of_parlours_with_the_same_name(cast):
    name = next(iter(shipped().values())).name
    own = await add(cast, minimal(name=name))
    assert (await cast.find(GUILD, name)).character == own.character


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ada Lovelace", "ada-lovelace"), ("孔子", "孔子"), ("  D'Arc, Jeanne!", "d-arc-jeanne"),
     ("गांधी", "गांधी"), ("character:x:y", "character-x-y"), ("!!", "character"),
     ("a" * 99, "a" * 40), ("../../etc", "etc")],
)  # fmt: skip
def test_an_id_has_the_letters_and_digits_of_the_name(name, expected):
    assert free_id(name, ()) == expected
    assert free_id(name, (expected, f"{expected}-2")) == f"{expected}-3"


async def test_a_bad_card_is_refused_and_nothing_is_kept(cast):
    for data in (b"{}", b"\x89PNG\r\n\x1a\n", b" " * (LARGEST_FILE + 1)):
        with pytest.raises(ShownToUser) as why:
            await cast.add(GUILD, data, ANN, "file x")
        assert str(why.value).count("\n") == 0
    assert list(await cast.members(GUILD)) == list(shipped())


async def test_shipped_characters_cannot_be_removed(cast):
    first = next(iter(shipped()))
    with pytest.raises(ShownToUser, match="comes with Parlour, so there is nothing to remove"):
        await cast.remove(GUILD, first, ANN)
    assert first in await cast.members(GUILD)


@pytest.mark.parametrize("wanted", list(Format))
async def test_an_imported_character_goes_out_as_it_came_in(cast, wanted):
    member = await add(cast, V3)
    again = read_file(await cast.export(GUILD, member, wanted)).card
    assert again.name == "Zoë"
    if wanted in {Format.JSON, Format.PNG}:
        assert repr(again.document) == repr(V3)


async def test_a_shipped_character_goes_out_in_its_portrait(cast):
    member = next(iter((await cast.members(GUILD)).values()))
    file = read_file(await cast.export(GUILD, member, Format.PNG))
    assert file.card == member.card
    assert file.picture == portrait(member.character) == await cast.picture(GUILD, member)


async def test_a_character_without_a_picture_gets_an_emblem_always_the_same(cast):
    member = await add(cast, V1)
    shown = await cast.picture(GUILD, member)
    assert chunks(shown) and shown == await cast.picture(GUILD, member)
    again = await cast.add(OTHER, await cast.export(GUILD, member, Format.PNG), ANN, "file x")
    assert await cast.picture(OTHER, again) == shown


async def test_who_has_just_been_removed_by_somebody_else_cannot_be_exported(cast):
    member = await add(cast, V1)
    await cast.remove(GUILD, member.character, ANN)
    with pytest.raises(ShownToUser, match="has just been removed"):
        await cast.export(GUILD, member, Format.PNG)


def test_the_facts_about_a_card_are_what_one_wants_to_know_before_choosing():
    assert dict(facts(read_card(V3))) == {
        "name": "Zoë",
        "also": "Zoe, Зоя",
        "about": "For the garden.",
        "life": "470 BC to 399 BC; 1 scene",
        "time": "470 BC to 399 BC; it knows of nothing later",
        "tags": "bees, garden",
        "lorebook": "2 entries",
        "greetings": "3",
        "sources": "Bo",
        "card": "V3, by Ann, 1.2",
    }
    assert dict(facts(read_card(minimal()))) == {"name": "Bo", "greetings": "0", "card": "V3"}


async def test_a_character_that_was_written_here_is_there_and_says_what_was_typed(cast):
    member = await cast.create(GUILD, {"name": "Bo Peep", "first_mes": "Baa."}, ANN)
    assert (member.character, member.card.first_message) == ("bo-peep", "Baa.")
    assert await cast.find(GUILD, "bo peep") == member
    assert await cast.added_by(GUILD, member) == ANN
    with pytest.raises(ShownToUser, match="has no name"):
        await cast.create(GUILD, {"name": " "}, ANN)


async def test_a_copy_of_a_shipped_character_can_be_edited_and_the_original_stays(cast):
    first, card = next(iter(shipped().items()))
    original = (await cast.members(GUILD))[first]
    copy = await cast.copy(GUILD, original, ANN)
    changed = await cast.edit(GUILD, copy.character, {"name": "Another"}, ANN)
    assert (await cast.members(GUILD))[copy.character] == changed
    assert changed.card.book == card.book
    assert await cast.picture(GUILD, changed) == portrait(first)
    assert (await cast.members(GUILD))[first].card is card


async def test_only_a_servers_own_character_can_be_edited_and_only_there(cast):
    member = await cast.create(GUILD, {"name": "Bo"}, ANN)
    for guild, character in ((GUILD, next(iter(shipped()))), (OTHER, member.character)):
        with pytest.raises(ShownToUser, match="no such character of its own any more"):
            await cast.edit(guild, character, {"name": "Mine"}, ANN)
    with pytest.raises(ShownToUser, match="has no name"):
        await cast.edit(GUILD, member.character, {"name": ""}, ANN)
    assert (await cast.find(GUILD, "bo")).card == member.card


async def test_two_who_edit_at_once_undo_nothing_of_each_other(cast):
    member = await cast.create(GUILD, {"name": "Bo"}, ANN)
    names = ("description", "personality", "scenario", "first_mes")
    await asyncio.gather(*(cast.edit(GUILD, member.character, {name: name}, ANN) for name in names))
    card = (await cast.find(GUILD, "bo")).card
    assert [card.data[name] for name in names] == list(names)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (minimal(), False),
        (minimal(tags=["history", "wise"]), False),
        (minimal(tags=["History", " NSFW "]), True),
        (minimal(tags=["18+"]), True),
        (minimal(extensions={"nsfw": True}), True),
        (minimal(extensions={"nsfw": False}), False),
        (V1, False),
    ],
)
def test_a_card_says_by_tag_or_extension_that_it_is_for_adults(document, expected):
    assert for_adults(read_card(document)) is expected
