"""/memory: members see, correct and forget what is remembered of them, and of nobody else."""

import json
from datetime import UTC, datetime
from itertools import chain

import pytest

from bot.arena.chats import ChatPlace, ShownPart
from bot.memories import EVERYWHERE, Consent, MemorySettings
from characters.memory import Learnt, MemoryKind, Scope, Source
from tests.bot.cogs.conftest import running
from tests.bot.cogs.panels import answer, filled, pressed, said
from tests.bot.cogs.remembered import plant, running_client, texts_on_disk
from tests.faulty_model import FaultyModel

CANARY = "canary-of-bob"
COMMANDS = {
    "memory view": {},
    "memory search": {"words": CANARY},
    "memory export": {},
    "privacy export": {},
}


@pytest.fixture
def elsewhere(scene):
    """Another server with the same bot, in which Ann is as well."""
    guild = scene.discord.guild("Elsewhere", scene.discord.user("eve"))
    scene.discord.member(guild, scene.ann)
    guild.home = scene.discord.channel(guild)
    scene.discord.install(scene.app, guild)
    return guild


async def ask(who, channel, command, **options):
    return await said(await who.slash(channel, f"memory {command}", **options))


def private(scene, person) -> str:
    """All that somebody alone could read, files and suggestions too."""
    channels = scene.discord.channels.values()
    messages = chain.from_iterable(channel.messages.values() for channel in channels)
    own = [m for m in messages if m.only_for == person.id]
    files = [scene.discord.files[file.id] for m in own for file in m.attachments]
    asked = [i for i in scene.discord.interactions.values() if i.user is person]
    shown = [json.dumps([i.modal, i.choices], default=str) for i in asked]
    return "\n".join([*(f"{m.content} {m.components}" for m in own), *map(str, files), *shown])


def decided(guild, user):
    return running_client().services.memories.settings_of(guild, user.id)


async def test_a_member_sees_page_by_page_what_is_remembered_newest_first(bot, scene):
    towns = ("Rome", "Oslo", "Lima", "Bonn", "Kyiv", "Baku", "Riga")
    texts = [f"Ann has seen {town}" for town in towns]
    await plant(scene.guild, scene.ann, *texts)
    shown = await answer(await scene.ann.slash(scene.channel, "memory view"))
    first = shown.content
    assert first.splitlines()[0].startswith("`#7` **Socrates**, <t:")
    assert "Riga" in first and "Rome" not in first
    await scene.ann.click(shown, "Older")
    await scene.discord.until(lambda: "Rome" in shown.content)
    assert len(shown.content.splitlines()) == 2
    await scene.ann.click(shown, "Newer")
    await scene.discord.until(lambda: shown.content == first)


async def test_a_page_turns_after_a_restart_and_only_ever_shows_ones_own(scene):
    async with running(scene):
        await plant(scene.guild, scene.ann, *(f"Ann counts to {n}" for n in range(7)))
        shown = await answer(await scene.ann.slash(scene.channel, "memory view"))
        custom_id = shown.controls["Older"]
    async with running(scene):
        await scene.ann.click(shown, "Older")
        await scene.discord.until(lambda: "counts to 0" in shown.content)
        theirs = await answer(await scene.bob.slash(scene.channel, "memory view"))
        data = {"custom_id": custom_id, "component_type": 2}
        await scene.bob.forge(scene.channel, 3, data, message=theirs)
        await scene.discord.until(lambda: theirs.edited_at)
        assert theirs.content == "Nothing is remembered of you here."


async def test_view_and_search_can_ask_for_one_character_and_for_words(bot, scene):
    await plant(scene.guild, scene.ann, "Ann sings")
    await plant(scene.guild, scene.ann, "Ann rides", character="gone-by")
    assert "sings" not in await ask(scene.ann, scene.channel, "view", character="gone-by")
    told = await ask(scene.ann, scene.channel, "view", character="SOCRATES")
    assert "sings" in told and "rides" not in told
    offered = await scene.ann.autocomplete(scene.channel, "memory view", "character", "")
    assert [choice["value"] for choice in offered.choices] == ["gone-by", "socrates"]
    assert "rides" in await ask(scene.ann, scene.channel, "search", words="riding rides")
    told = await ask(scene.ann, scene.channel, "search", words="swims")
    assert told == "Nothing like that is known."
    told = await ask(scene.ann, scene.channel, "view", character="nobody")
    assert "There is no character 'nobody' here" in told


async def test_where_something_was_said_is_linked_as_far_as_it_is_known(bot, scene):
    services = running_client().services
    chat = ChatPlace("chat1", scene.guild.id, scene.channel.id, scene.channel.id, 1, "i:1", 0)
    await services.chats.save(chat)
    await services.chats.show(ShownPart("chat1", 4, 0, 777))
    await plant(scene.guild, scene.ann, "Ann swims", source=Source("chat1", 4))
    await plant(scene.guild, scene.ann, "Ann dives", source=Source("chat1", 5))
    dives, swims = (await ask(scene.ann, scene.channel, "view")).splitlines()
    link = f"https://discord.com/channels/{scene.guild.id}/{scene.channel.id}/777"
    assert swims.endswith(f"[where]({link})")
    assert "[where]" not in dives


async def test_texts_are_no_markup(bot, scene):
    await plant(scene.guild, scene.ann, "Ann says @everyone **loudly** [x](http://x)")
    told = await ask(scene.ann, scene.channel, "view")
    assert "@everyone" not in told and "**loudly**" not in told


async def test_one_memory_is_forgotten_by_its_number_at_once(bot, scene):
    old, older = reversed(await plant(scene.guild, scene.ann, "Ann sings", "Ann rides"))
    offered = await scene.ann.autocomplete(scene.channel, "memory forget", "memory", "SINGS")
    assert [choice["value"] for choice in offered.choices] == [old.id]
    told = await ask(scene.ann, scene.channel, "forget", memory=old.id)
    assert told == (
        "Forgotten for good: 1 memory and 1 entry of the search index. "
        "What was written in chats stays there."
    )
    assert texts_on_disk(scene) == ["Ann rides"]
    told = await ask(scene.ann, scene.channel, "forget", memory=old.id)
    assert "You have no such memory here" in told
    assert older.text == "Ann rides"


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"character": "socrates"}, ["b-here", "c-there", "bob"]),
        ({"everything": "here"}, ["c-there", "bob"]),
        ({"everything": "everywhere"}, ["bob"]),
    ],
)
async def test_more_than_one_needs_a_press_and_nobody_elses_ever_goes(
    bot, scene, elsewhere, options, left
):
    await plant(scene.guild, scene.ann, "a-here", "a-too")
    await plant(scene.guild, scene.ann, "b-here", character="plato")
    await plant(elsewhere, scene.ann, "c-there")
    await plant(scene.guild, scene.bob, "bob")
    before = texts_on_disk(scene)
    sure = await answer(await scene.ann.slash(scene.channel, "memory forget", **options))
    assert "for good?" in sure.content
    assert texts_on_disk(scene) == before
    done = await said(await scene.ann.click(sure, "Forget for good"))
    assert f"{len(before) - len(left)} memories" in done
    assert texts_on_disk(scene) == left
    assert "nothing to forget" in await said(await scene.ann.click(sure, "Forget for good"))


async def test_a_press_on_somebody_elses_button_forgets_only_ones_own(bot, scene):
    await plant(scene.guild, scene.ann, "of ann")
    await plant(scene.guild, scene.bob, "of bob")
    sure = await answer(await scene.ann.slash(scene.channel, "memory forget", everything="here"))
    custom_id = sure.controls["Forget for good"]
    await said(await pressed(scene.bob, scene, custom_id))
    assert texts_on_disk(scene) == ["of ann"]


@pytest.mark.parametrize("options", [{}, {"character": "socrates", "everything": "here"}])
async def test_to_forget_says_one_thing(bot, scene, options):
    await plant(scene.guild, scene.ann, "stays")
    told = await ask(scene.ann, scene.channel, "forget", **options)
    assert told == "Say one thing: a memory, a character, or everything."
    assert texts_on_disk(scene) == ["stays"]


async def test_a_memory_is_put_right_in_a_form_that_holds_it(bot, scene):
    (memory,) = await plant(scene.guild, scene.ann, "Ann sings")
    form = await scene.ann.slash(scene.channel, "memory correct", memory=memory.id)
    assert form.modal["components"][0]["component"]["value"] == "Ann sings"
    told = await said(await scene.ann.submit_modal(form, {"text": "Ann whistles"}))
    assert "Ann whistles" in told
    assert texts_on_disk(scene) == ["Ann whistles"]
    told = await said(await scene.ann.submit_modal(form, {"text": "Ann shouts"}))
    assert "You have no such memory here" in told
    assert texts_on_disk(scene) == ["Ann whistles"]


async def test_pause_and_opting_out_hold_here_or_everywhere_and_the_narrower_counts(bot, scene):
    guild = scene.guild.id
    scope = Scope(guild, "socrates", scene.ann.id)
    may = running_client().services.memories.may_remember
    assert "still used" in await ask(scene.ann, scene.channel, "pause")
    assert not await may(scope)
    told = await ask(scene.ann, scene.channel, "optout", everywhere=True)
    assert "everywhere" in told and "nothing that is known is used" in told
    told = await ask(scene.ann, scene.channel, "resume")
    assert "the narrower of both holds" in told
    assert not await may(scope)
    told = await ask(scene.ann, scene.channel, "resume", everywhere=True)
    assert "You have not paused but opted out" in told
    assert (await decided(EVERYWHERE, scene.ann)).consent is Consent.OPTED_OUT
    told = await ask(scene.ann, scene.channel, "optin", everywhere=True)
    assert "Characters remember" in told and "narrower" not in told
    assert await may(scope)
    assert await decided(guild, scene.bob) == MemorySettings()


async def test_nothing_is_kept_of_whoever_has_opted_out_and_sharing_stays_as_it_was(bot, scene):
    assert "may use in other servers" in await ask(scene.ann, scene.channel, "share", on=True)
    await ask(scene.ann, scene.channel, "optout")
    assert await decided(scene.guild.id, scene.ann) == MemorySettings(
        Consent.OPTED_OUT, shared=True
    )
    assert await plant(scene.guild, scene.ann, "unwanted") == []
    assert texts_on_disk(scene) == []
    assert "stays here" in await ask(scene.ann, scene.channel, "share", on=False)


async def test_direct_messages_show_and_forget_everything_and_decide_for_everywhere(
    bot, scene, elsewhere
):
    await plant(scene.guild, scene.ann, "learnt here")
    await plant(elsewhere, scene.ann, "learnt there")
    home = scene.discord.direct(scene.app, scene.ann)
    told = await ask(scene.ann, home, "view")
    assert "learnt here" in told and "learnt there" in told
    await ask(scene.ann, home, "pause")
    assert (await decided(EVERYWHERE, scene.ann)).consent is Consent.PAUSED
    sure = await answer(await scene.ann.slash(home, "memory forget", everything="here"))
    assert "2 memories in 2 servers" in sure.content


async def test_nothing_learnt_in_one_server_shows_in_another(bot, scene, elsewhere):
    (memory,) = await plant(scene.guild, scene.ann, CANARY)
    told = [await ask(scene.ann, elsewhere.home, "view")]
    told.append(await ask(scene.ann, elsewhere.home, "search", words=CANARY))
    told.append(await ask(scene.ann, elsewhere.home, "forget", memory=memory.id))
    given = await scene.ann.slash(elsewhere.home, "memory correct", memory=memory.id)
    told.append(await said(given))
    exported = await answer(await scene.ann.slash(elsewhere.home, "memory export"))
    told.append(str(scene.discord.files[exported.attachments[0].id]))
    offered = await scene.ann.autocomplete(elsewhere.home, "memory forget", "memory", "")
    told.append(str(offered.choices))
    assert CANARY not in "\n".join(told)
    assert texts_on_disk(scene) == [CANARY]


async def test_no_command_control_or_suggestion_shows_or_changes_anothers_memory(bot, scene):
    (memory,) = await plant(scene.guild, scene.bob, CANARY)
    for who in (scene.ann, scene.owner):
        for command, options in COMMANDS.items():
            await answer(await who.slash(scene.channel, command, **options))
        for command, option in (
            ("forget", "memory"),
            ("correct", "memory"),
            ("view", "character"),
            ("forget", "character"),
        ):
            given = await who.autocomplete(scene.channel, f"memory {command}", option, "")
            assert given.choices == []
        for command in ("forget", "correct"):
            told = await ask(who, scene.channel, command, memory=memory.id)
            assert "You have no such memory here" in told
        told = await said(
            await filled(who, scene, f"p:memory:correct:{memory.id}", text="mine now")
        )
        assert "You have no such memory here" in told
        for what in ("here", "everywhere", "character:socrates"):
            told = await said(await pressed(who, scene, f"p:memory:forget:{what}"))
            assert "nothing to forget" in told
    await answer(await scene.owner.slash(scene.channel, "admin data export"))
    await answer(await scene.owner.slash(scene.channel, "admin audit"))
    for who in (scene.ann, scene.owner):
        seen = private(scene, who).replace(f"'words': '{CANARY}'", "")
        assert CANARY not in seen
    assert not any(CANARY in text for text in scene.discord.public_texts())
    assert texts_on_disk(scene) == [CANARY]
    exported = await answer(await scene.bob.slash(scene.channel, "memory export"))
    kept = json.loads(scene.discord.files[exported.attachments[0].id])
    assert [one["text"] for one in kept["memories"]] == [CANARY]


async def test_admins_see_how_many_there_are_and_delete_them_with_the_server(bot, scene):
    await plant(scene.guild, scene.bob, "one", "two")
    exported = await answer(await scene.owner.slash(scene.channel, "admin data export"))
    kept = json.loads(scene.discord.files[exported.attachments[0].id])
    assert kept["memories"] == 2
    form = await scene.owner.slash(scene.channel, "admin data delete")
    told = await said(await scene.owner.submit_modal(form, {"name": "Testland"}))
    assert "2 memories" in told
    assert texts_on_disk(scene) == []


async def test_privacy_tells_of_memories_hands_them_out_and_deletes_them(bot, scene):
    policy = await said(await scene.ann.slash(scene.channel, "privacy policy"))
    assert "/memory forget" in policy and "**Models.**" in policy
    await plant(scene.guild, scene.ann, "Ann sings")
    exported = await answer(await scene.ann.slash(scene.channel, "privacy export"))
    assert "Ann sings" in str(scene.discord.files[exported.attachments[0].id])
    form = await scene.ann.slash(scene.channel, "privacy delete")
    told = await said(await scene.ann.submit_modal(form, {"word": "delete"}))
    assert "1 memory forgotten" in told
    assert texts_on_disk(scene) == []


@pytest.mark.parametrize(
    "custom_id",
    ["p:memory:what", "p:memory:forget:all", "p:memory:view:x:*", f"p:memory:view:{'9' * 40}:*"],
)
async def test_an_unknown_control_gets_a_sentence(bot, scene, custom_id):
    await plant(scene.guild, scene.ann, "stays")
    assert "/memory view" in await said(await pressed(scene.ann, scene, custom_id))
    assert texts_on_disk(scene) == ["stays"]


async def test_what_was_heard_before_is_not_kept_after_forgetting(bot, scene):
    await plant(scene.guild, scene.ann, "Ann sings")
    heard = datetime.now(UTC)
    sure = await answer(await scene.ann.slash(scene.channel, "memory forget", everything="here"))
    await said(await scene.ann.click(sure, "Forget for good"))
    memories = running_client().services.memories
    scope = Scope(scene.guild.id, "socrates", scene.ann.id)
    await memories.remember(scope, [Learnt(MemoryKind.EPISODE, "Ann hums")], heard)
    assert texts_on_disk(scene) == []


async def test_what_one_member_has_told_is_in_no_prompt_for_another(bot, scene):
    async with FaultyModel().running() as server:
        scene.settings.models.write_text(f'[tiny]\nbase_url = "{server.url}"\nmodel = "t"\n')
        await plant(scene.guild, scene.bob, CANARY)
        await plant(scene.guild, scene.ann, "Ann keeps hens")
        options = {"character": "socrates", "topic": f"Socrates, what about {CANARY} and hens?"}
        await said(await scene.ann.slash(scene.channel, "chat with", **options))
        await scene.discord.until(lambda: server.requests)
        prompts = "\n".join(request.prompt for request in server.requests)
        assert "Ann keeps hens" in prompts
        remembered = prompts.partition("remembers of these people")[2]
        assert CANARY not in remembered
        told = await said(await scene.ann.slash(scene.channel, "character why"))
        assert "hens" not in told and CANARY not in told
