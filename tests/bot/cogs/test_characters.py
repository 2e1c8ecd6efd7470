"""/character: who is there, cards in and out, and characters written and changed in Discord."""

import json
import sqlite3
from contextlib import closing

import pytest

from bot.cast import facts
from characters.card_files import LARGEST_FILE, read_file
from characters.form_fields import PARTS
from characters.shipped import portrait, shipped
from tests.bot.cogs.conftest import running
from tests.bot.cogs.panels import answer, filled, pressed, said
from tests.bot.cogs.remembered import plant, texts_on_disk
from tests.characters.samples import V3, as_bytes, minimal, picture
from tests.discord_double.message_rules import Upload
from tests.faulty_model import FaultyModel

FIRST, CARD = next(iter(shipped().items()))


def upload(document, name="zoe.json"):
    return Upload(name, as_bytes(document))


async def bring(scene, who, document=V3):
    return await answer(await who.slash(scene.channel, "character import", file=upload(document)))


def shelf(scene):
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        return db.execute("SELECT guild, character, document, added_by FROM cards").fetchall()


def audit(scene):
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        found = db.execute("SELECT what, before, after, who FROM audit").fetchall()
        return [row for row in found if row[0].startswith(("character ", "memories "))]


def file_of(scene, message):
    (file,) = message.attachments
    return file, scene.discord.files[file.id]


async def fill(scene, who, message, part, **values):
    """Pick a part of a character, and send off its form."""
    number = str(list(PARTS).index(part))
    select = message.controls["What to change"]
    form = await who.select(message, select, [number])
    return await answer(await who.submit_modal(form, values))


async def admins_alone(scene):
    shown = await answer(await scene.owner.slash(scene.channel, "admin setup"))
    await scene.owner.select(shown, "p:setup:who", ["admins"])


async def test_the_list_has_a_line_for_each_and_turns_pages(bot, scene):
    await bring(scene, scene.ann)
    shown = await answer(await scene.bob.slash(scene.channel, "character list"))
    pages = [shown.content]
    while "More" in shown.controls:
        await scene.bob.click(shown, "More")
        await scene.discord.until(lambda: shown.content != pages[-1])
        pages.append(shown.content)
    lines = [line for page in pages for line in page.splitlines() if line.startswith("- ")]
    assert [line.split("`")[1] for line in lines] == ["zoë", *shipped()]
    assert "this server's own" in lines[0] and "comes with Parlour" in lines[1]
    assert all(len(page) <= 2000 for page in pages)
    await scene.bob.click(shown, "Back")
    await scene.discord.until(lambda: shown.content == pages[-2])


@pytest.mark.parametrize("page", ["99", "x", "9" * 80])
async def test_a_page_that_is_not_there_is_another_one(bot, scene, page):
    shown = await answer(await scene.bob.slash(scene.channel, "character list"))
    data = {"custom_id": f"p:char:list:{page}", "component_type": 2}
    given = await scene.bob.forge(scene.channel, 3, data, message=shown)
    assert not given.failed
    assert shown.content.startswith("**")


async def test_info_has_the_notes_the_facts_and_the_portrait_with_a_description(bot, scene):
    shown = await answer(await scene.bob.slash(scene.channel, "character info", name=CARD.name))
    file, data = file_of(scene, shown)
    assert data == portrait(FIRST)
    assert file.description == f"Portrait of {CARD.called}"
    assert "> " in shown.content.splitlines()[1]
    labels = dict(facts(CARD))
    for label in ("life", "time", "lorebook", "sources"):
        assert f"**{label.capitalize()}**:" in shown.content
        assert labels[label]
    assert {"Chat", "Copy and edit"} == shown.controls.keys()


@pytest.mark.parametrize("name", list(shipped()))
async def test_info_about_every_character_fits_into_a_message(bot, scene, name):
    assert len(await said(await scene.bob.slash(scene.channel, "character info", name=name))) < 2000


async def test_a_card_is_brought_shown_handed_out_and_removed(bot, scene):
    shown = await bring(scene, scene.ann, {**V3, "spec_version": "9.1"})
    assert "Here is a new character" in shown.content
    assert "> For the garden." in shown.content
    assert "newer than 3.0" in shown.content
    assert {"Edit", "Remove"} <= shown.controls.keys()
    out = await answer(await scene.bob.slash(scene.channel, "character export", name="zo"))
    file, data = file_of(scene, out)
    assert file.filename.endswith(".png")
    assert read_file(data).card.document == {**V3, "spec_version": "9.1"}
    sure = await answer(await scene.ann.slash(scene.channel, "character remove", name="Zoë"))
    assert "It remembers nothing" in sure.content
    assert "is removed" in await said(await scene.ann.click(sure, "Remove for good"))
    assert shelf(scene) == []
    assert audit(scene) == [
        ("character zoë", "", "Zoë", scene.ann.id),
        ("character zoë", "Zoë", "", scene.ann.id),
    ]


@pytest.mark.parametrize("kind", ["png", "json", "charx", "v2", "v1"])
async def test_every_format_can_be_had(bot, scene, kind):
    options = {"name": FIRST, "format": kind}
    out = await answer(await scene.bob.slash(scene.channel, "character export", **options))
    assert read_file(file_of(scene, out)[1]).card.name == CARD.name


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (Upload("x.json", b"{}"), "has no name"),
        (Upload("x.png", picture()), "holds no character card"),
        (Upload("x.bin", b"\0\1"), "no character card"),
        (Upload("x.json", b" " * (LARGEST_FILE + 1)), "bytes, and 8,388,608 is the most"),
    ],
)
async def test_a_file_that_will_not_do_gets_a_reason_and_nothing_is_kept(bot, scene, file, why):
    given = await scene.ann.slash(scene.channel, "character import", file=file)
    told = await said(given)
    assert why in told
    assert "\n" not in told
    assert shelf(scene) == []


async def test_cards_for_adults_stay_in_age_restricted_channels(bot, scene):
    adult = minimal(tags=["NSFW"], creator_notes="for some")
    refused = await bring(scene, scene.ann, adult)
    assert "age-restricted channel" in refused.content
    assert shelf(scene) == []
    red = scene.discord.channel(scene.guild, "red", nsfw=True)
    done = await scene.ann.slash(red, "character import", file=upload(adult))
    assert "Here is a new character" in await said(done)
    for command in ("info", "export", "edit"):
        given = await scene.ann.slash(scene.channel, f"character {command}", name="bo")
        assert "age-restricted channel" in await said(given)
    listed = await said(await scene.bob.slash(scene.channel, "character list"))
    assert "for some" not in listed and "`bo`: for adults" in listed
    offered = await scene.bob.autocomplete(scene.channel, "character info", "name", "bo")
    assert "bo" not in [choice["value"] for choice in offered.choices]
    assert "for some" in await said(await scene.bob.slash(red, "character info", name="bo"))


async def test_a_new_character_is_written_in_a_form_and_then_part_by_part(bot, scene):
    form = await scene.ann.slash(scene.channel, "character create")
    values = {"name": "Bo", "description": "A shepherd.", "first_mes": "Baa.", "aliases": "Peep"}
    shown = await answer(await scene.ann.submit_modal(form, values))
    assert "Here is a new character" in shown.content
    times = {"first_year": "-300", "last_year": "-250", "knows": "sheep"}
    told = await fill(scene, scene.ann, shown, "Its time", **times)
    assert "**Time**: 300 BC to 250 BC" in told.content
    told = await fill(scene, scene.ann, told, "Names and notes", talkativeness="2")
    assert told.content == "How often it speaks is a number from 0 to 1, such as 0.5."
    ((guild, character, document, by),) = shelf(scene)
    card = read_file(document.encode()).card
    assert (guild, character, by) == (scene.guild.id, "bo", scene.ann.id)
    assert (card.first_message, card.profile.aliases) == ("Baa.", ("Peep",))
    assert (card.profile.era.knows, card.profile.talkativeness) == ("sheep", 0.5)
    assert [line[2] for line in audit(scene)] == ["Bo", "Bo (edited)"]


async def test_editing_changes_what_was_typed_and_loses_nothing(scene):
    async with running(scene):
        shown = await bring(scene, scene.ann)
        parts = await answer(await scene.ann.click(shown, "Edit"))
    async with running(scene):  # controls outlive a restart
        await fill(scene, scene.ann, parts, "Who it is", nickname="Zed")
    document = json.loads(shelf(scene)[0][2])
    assert document["data"].pop("nickname") == "Zed"
    assert document == {**V3, "data": {k: v for k, v in V3["data"].items() if k != "nickname"}}


async def test_what_is_too_long_for_a_form_is_named_and_stays(bot, scene):
    long = minimal(description="x" * 5000)
    await bring(scene, scene.ann, long)
    parts = await answer(await scene.ann.slash(scene.channel, "character edit", name="bo"))
    assert "Too long for a form: Description" in parts.content
    await fill(scene, scene.ann, parts, "Who it is", personality="calm")
    card = read_file(shelf(scene)[0][2].encode()).card
    assert (card.description, card.personality) == ("x" * 5000, "calm")


async def test_a_shipped_character_is_copied_before_it_is_edited(bot, scene):
    given = await scene.owner.slash(scene.channel, "character edit", name=FIRST)
    assert "comes with Parlour" in await said(given)
    shown = await answer(await scene.ann.slash(scene.channel, "character info", name=FIRST))
    copy = await answer(await scene.ann.click(shown, "Copy and edit"))
    (character,) = [row[1] for row in shelf(scene)]
    assert f"`{character}`" in copy.content
    assert character not in shipped()
    told = await fill(scene, scene.ann, copy, "Who it is", nickname="Mine")
    assert "**Mine**" in told.content
    given = await scene.owner.slash(scene.channel, "character remove", name=CARD.name)
    assert "Remove Mine" in await said(given)  # a server's own goes before one with its name


async def test_members_change_and_remove_only_what_they_have_brought_and_admins_everything(
    bot, scene
):
    await bring(scene, scene.ann)
    before = shelf(scene)
    for command in ("edit", "remove"):
        given = await scene.bob.slash(scene.channel, f"character {command}", name="zoë")
        assert "Only whoever brought Zo here" in await said(given)
    forged = [("p:char:part:zoë", ["0"]), ("p:char:removed:zoë", []), ("p:char:remove:zoë", [])]
    for custom_id, values in forged:
        given = await pressed(scene.bob, scene, custom_id, values=values)
        assert "Only whoever brought Zo here" in await said(given)
    given = await filled(scene.bob, scene, "p:char:fill:zoë:0", name="Mine")
    assert "Only whoever brought Zo here" in await said(given)
    shown = await answer(await scene.bob.slash(scene.channel, "character info", name="zoë"))
    assert list(shown.controls) == ["Chat"]
    assert shelf(scene) == before
    shown = await answer(await scene.owner.slash(scene.channel, "character info", name="zoë"))
    assert {"Edit", "Remove"} <= shown.controls.keys()


async def test_who_may_open_no_table_brings_no_character_either(bot, scene):
    await admins_alone(scene)
    why = "not everybody may bring characters"
    given = await scene.ann.slash(scene.channel, "character import", file=upload(V3))
    assert why in await said(given)
    assert why in await said(await scene.ann.slash(scene.channel, "character create"))
    assert why in await said(await filled(scene.ann, scene, "p:char:new", name="Bo"))
    assert why in await said(await pressed(scene.ann, scene, f"p:char:copy:{FIRST}"))
    assert shelf(scene) == []
    assert "Here is a new character" in (await bring(scene, scene.owner)).content


async def test_who_is_banned_sees_and_brings_nobody(bot, scene):
    await said(await scene.owner.slash(scene.channel, "admin bans add", member=scene.bob))
    for command, options in (
        ("list", {}),
        ("info", {"name": FIRST}),
        ("export", {"name": FIRST}),
        ("import", {"file": upload(V3)}),
        ("create", {}),
        ("why", {}),
    ):
        given = await scene.bob.slash(scene.channel, f"character {command}", **options)
        assert "You may not play here" in await said(given), command


async def test_a_character_of_one_server_is_not_in_another(bot, scene):
    await bring(scene, scene.ann)
    eve = scene.discord.user("eve")
    elsewhere = scene.discord.guild("Elsewhere", eve)
    home = scene.discord.channel(elsewhere)
    scene.discord.install(scene.app, elsewhere)
    for command in ("info", "export", "edit", "remove"):
        given = await eve.slash(home, f"character {command}", name="zoë")
        assert "There is no character 'zoë' here" in await said(given)
    shown = await eve.autocomplete(home, "character info", "name", "zo")
    assert "zoë" not in [choice["value"] for choice in shown.choices]
    data = {"custom_id": "p:char:removed:zoë", "component_type": 2}
    given = await eve.forge(home, 3, data, app=scene.app)
    assert "no such character here" in await said(given)
    assert len(shelf(scene)) == 1


async def test_whom_a_server_removes_forgets_its_members_and_nobody_elses(bot, scene):
    await bring(scene, scene.ann)
    await plant(scene.guild, scene.bob, "Bob keeps hens", "Bob is tall", character="zoë")
    await plant(scene.guild, scene.bob, "Bob likes plums")
    sure = await answer(await scene.ann.slash(scene.channel, "character remove", name="zo"))
    assert "It forgets all 2 memories of members" in sure.content
    assert "hens" not in sure.content
    done = await said(await scene.ann.click(sure, "Remove for good"))
    assert "2 memories" in done
    assert texts_on_disk(scene) == ["Bob likes plums"]
    assert ("memories of zoë", "2 memories", "", scene.ann.id) in audit(scene)


@pytest.mark.parametrize(
    "custom_id",
    ["p:char:what", "p:char:part:zoë", "p:char:fill:zoë:99", "p:char:list", "p:char:edit:gone"],
)
async def test_an_unknown_control_gets_a_sentence_and_changes_nothing(bot, scene, custom_id):
    await bring(scene, scene.ann)
    before = shelf(scene)
    given = await pressed(scene.ann, scene, custom_id, values=["77"])
    assert "/character list" in await said(given)
    assert shelf(scene) == before


async def test_texts_of_a_card_are_no_markup_and_ping_nobody(bot, scene):
    nasty = "@everyone <@1> **bold** [x](http://x) `c`"
    shown = await bring(scene, scene.ann, minimal(nickname=nasty[:90], creator_notes=nasty))
    assert "@everyone" not in shown.content
    assert "**bold**" not in shown.content
    assert not shown.pinged


async def test_the_button_chat_begins_a_chat_and_keeps_adults_among_themselves(bot, scene):
    async with FaultyModel().running() as server:
        scene.settings.models.write_text(f'[tiny]\nbase_url = "{server.url}"\nmodel = "t"\n')
        shown = await answer(await scene.bob.slash(scene.channel, "character info", name=FIRST))
        told = await said(await scene.bob.click(shown, "Chat"))
        assert f"is in {scene.channel.mention}" in told
        await scene.shown(scene.channel, lambda m: m.webhook_id)
        red = scene.discord.channel(scene.guild, "red", nsfw=True)
        adult = upload(minimal(tags=["nsfw"]))
        await answer(await scene.ann.slash(red, "character import", file=adult))
        given = await scene.ann.slash(scene.channel, "chat with", character="bo")
        assert "age-restricted channel" in await said(given)
        given = await pressed(scene.ann, scene, "p:char:chat:bo")
        assert "age-restricted channel" in await said(given)
