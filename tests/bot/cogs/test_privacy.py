"""What members learn of what is kept about them, take with them, and delete."""

import json

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.panels import answer, filled, kept, said

WORDS = "my grandmother's secret recipe"


@pytest.fixture
def scene(scene):
    scene.settings.models.write_text(
        '[parrot]\nbase_url = "http://127.0.0.1:9/v1?key=hidden"\nmodel = "tiny"\n'
    )
    return scene


async def played(scene) -> str:
    """Let ann and bob talk, end the match, and return its id."""
    lobby = await scene.lobby(scene.ann, "conversation", options="rounds=2")
    await scene.bob.click(lobby, "Join")
    await scene.discord.until(lambda: scene.bob.mention in lobby.content)
    assert "The match has begun" in await said(await scene.ann.click(lobby, "Start"))
    thread = await scene.thread(lobby)
    await scene.shown(thread, lambda m: "Asked:" in m.content)
    await scene.ann.send(thread, WORDS)
    await scene.discord.until(lambda: WORDS in str(kept(scene)["texts"]))
    return thread


async def ended(scene, thread) -> None:
    assert "has ended" in await said(await scene.ann.slash(thread, "arena end"))
    await scene.discord.until(lambda: "closed" in str(kept(scene)["lobbies"]))


def file_of(scene, message) -> dict:
    (file,) = message.attachments
    return json.loads(scene.discord.files[file.id])


async def test_the_policy_says_what_is_kept_and_where_models_are(bot, scene):
    told = await said(await scene.bob.slash(scene.channel, "privacy policy"))
    assert "What I keep" in told
    assert "/privacy delete" in told
    assert "parrot at http://127.0.0.1:9" in told
    assert "hidden" not in told


async def test_a_member_gets_all_that_is_kept_and_nobody_else_does(bot, scene):
    await ended(scene, await played(scene))
    await said(await scene.ann.slash(scene.channel, "arena pings", on=False))
    mine = file_of(scene, await answer(await scene.ann.slash(scene.channel, "privacy export")))
    assert mine["user"] == scene.ann.id
    assert [match["said"][0]["text"] for match in mine["matches"]] == [WORDS]
    assert mine["pings"] is False
    theirs = file_of(scene, await answer(await scene.bob.slash(scene.channel, "privacy export")))
    assert WORDS not in json.dumps(theirs)
    assert theirs["pings"] is True


async def test_deleting_takes_words_and_name_out_and_needs_the_word(bot, scene):
    await ended(scene, await played(scene))
    await said(await scene.ann.slash(scene.channel, "arena pings", on=False))
    form = await scene.ann.slash(scene.channel, "privacy delete")
    before = kept(scene)
    assert "nothing was deleted" in await said(await scene.ann.submit_modal(form, {"word": "no"}))
    assert kept(scene) == before
    form = await scene.ann.slash(scene.channel, "privacy delete")
    done = await said(await scene.ann.submit_modal(form, {"word": "Delete"}))
    assert "1 text emptied" in done
    now = kept(scene)
    assert WORDS not in str(now)
    assert str(scene.ann.id) not in str(now)
    left = file_of(scene, await answer(await scene.ann.slash(scene.channel, "privacy export")))
    assert (left["matches"], left["lobbies"], left["pings"]) == ([], [], True)


async def test_whoever_sits_in_a_match_leaves_it_first_and_the_match_goes_on(bot, scene):
    thread = await played(scene)
    form = await scene.ann.slash(scene.channel, "privacy delete")
    refused = await scene.ann.submit_modal(form, {"word": "delete"})
    assert "You still sit in" in await said(refused)
    assert WORDS in str(kept(scene)["texts"])
    await scene.shown(
        thread,
        lambda m: "**bob**:" in m.content.casefold() or "asked: **bob**" in m.content.casefold(),
    )
    await scene.bob.send(thread, "And I am here")
    await scene.discord.until(lambda: "And I am here" in str(kept(scene)["texts"]))


async def test_an_open_lobby_loses_whoever_wants_to_be_forgotten(bot, scene):
    lobby = await scene.lobby(scene.ann, "conversation")
    await scene.bob.click(lobby, "Join")
    await scene.discord.until(lambda: scene.bob.mention in lobby.content)
    form = await scene.bob.slash(scene.channel, "privacy delete")
    assert "Done" in await said(await scene.bob.submit_modal(form, {"word": "delete"}))
    await scene.discord.until(lambda: scene.bob.mention not in lobby.content)


async def test_deleting_works_in_direct_messages_and_after_a_restart(scene):
    home = scene.discord.direct(scene.app, scene.ann)
    async with running(scene):
        await ended(scene, await played(scene))
        form = await scene.ann.slash(home, "privacy delete")
    async with running(scene):
        done = await scene.ann.submit_modal(form, {"word": "delete"})
        assert "1 text emptied" in await said(done)
        assert WORDS not in str(kept(scene))


async def test_a_forged_deletion_concerns_only_whoever_forged_it(bot, scene):
    await ended(scene, await played(scene))
    for custom_id in ("p:privacy:delete", f"p:privacy:{scene.ann.id}"):
        given = await filled(scene.bob, scene, custom_id, word="delete", user=str(scene.ann.id))
        assert "Done" in await said(given)
    assert WORDS in str(kept(scene)["texts"])
