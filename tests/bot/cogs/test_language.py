"""The language of a server: set in its panel, spoken at once, and nobody else's."""

from bot.languages import language
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import Played, disabled, opened, told
from tests.bot.cogs.panels import answer, filled, kept
from tests.faulty_model import FaultyModel

RPS = "rock-paper-scissors"


async def speak(scene, code: str) -> None:
    """Choose a language in the panel, as an admin does."""
    panel = await answer(await scene.owner.slash(scene.channel, "admin setup"))
    form = await scene.owner.click(panel, "Language")
    await scene.owner.submit_modal(form, {"value": [code]})
    name = language(code).own_name
    await scene.discord.until(lambda: f"Language: {name}" in panel.content, what=name)


async def begun(scene) -> Played:
    """Begin a match of ann and bob in German."""
    created = await told(await scene.ann.slash(scene.channel, "arena create", game=RPS))
    assert "ist eröffnet; du sitzt auf dem ersten Platz." in created
    match_id = created.split("`")[1]
    lobby = await scene.shown(scene.channel, lambda m: match_id in str(m.components))
    assert "mit 2 Plätzen · eröffnet von" in lobby.content
    assert "Du setzt dich als **Bob**" in await told(await scene.bob.click(lobby, "Mitspielen"))
    await scene.discord.until(lambda: not disabled(lobby, "Start"))
    assert "Die Partie hat begonnen" in await told(await scene.ann.click(lobby, "Start"))
    thread = await scene.thread(lobby)
    table = Played(scene, match_id, lobby, thread)
    await scene.shown(thread, lambda m: f"Partie `{match_id}`" in m.content)
    return table


def live(table):
    """Return the live message of a match in German."""
    shown = table.scene.discord.messages(table.thread)
    return [m for m in shown if f"Partie `{table.match_id}`" in m.content and not m.deleted][-1]


async def test_a_match_is_played_in_the_language_of_its_server(bot, scene):
    await speak(scene, "de")
    table = await begun(scene)
    await table.until_said("Am Zug: <@")
    assert "Stein, Papier oder Schere?" in live(table).content
    controls = live(table).controls
    assert list(controls) == ["Stein", "Papier", "Schere", "Mein Blick", "Regeln"]
    assert "Beide wählen gleichzeitig" in await told(await scene.bob.click(live(table), "Regeln"))
    assert await told(await scene.ann.click(live(table), "Stein")) == "Du zeigst Stein."
    view = await told(await scene.ann.click(live(table), "Mein Blick"))
    assert view == "Du bist **Ann**.\n- Du zeigst Stein."
    stale = await told(await scene.ann.click(live(table), "Papier"))
    assert stale == "Diese Frage ist nicht mehr offen."
    refused = await table.command(scene.bob, "move", answer="alles")
    assert refused == "Nenne genau eines von Stein, Papier und Schere."
    assert await table.command(scene.bob, "move", answer="schere") == "Du zeigst Schere."
    await table.until_said("**Ann** gewinnt die Runde.")
    await table.command(scene.ann, "move", answer="Stein")
    await table.command(scene.bob, "move", answer="scissors")
    await scene.discord.until(lambda: "Ergebnis: Ann gewinnt 2 Runden." in live(table).content)
    assert list(live(table).controls) == ["Revanche", "Nachspielen", "Statistik"]
    assert "{" not in table.text()


async def test_another_language_is_spoken_at_once(bot, scene):
    lobby, _ = await opened(scene, scene.ann, RPS)
    assert "Waiting for players." in lobby.content
    await speak(scene, "de")
    await scene.discord.until(lambda: "Es wird auf Mitspielende gewartet." in lobby.content)
    assert "Mitspielen" in lobby.controls
    await speak(scene, "en")
    await scene.discord.until(lambda: "Waiting for players." in lobby.content)


async def test_the_language_of_one_server_is_not_that_of_another(bot, scene):
    eve = scene.discord.user("eve")
    elsewhere = scene.discord.guild("Elsewhere", eve)
    home = scene.discord.channel(elsewhere, "games")
    scene.discord.install(scene.app, elsewhere)
    await speak(scene, "de")
    said = await told(await eve.slash(home, "arena create", game=RPS))
    assert said.startswith("The lobby is open as")
    lobby = await scene.shown(home, lambda m: f"**{RPS}**" in m.content)
    assert "for 2 seats" in lobby.content


async def test_the_choice_is_kept_and_audited(scene):
    async with running(scene):
        await speak(scene, "de")
        await speak(scene, "en")
        await speak(scene, "de")
        page = await answer(await scene.owner.slash(scene.channel, "admin audit"))
        assert f"<@{scene.owner.id}>: **settings** language: en → de" in page.content
    async with running(scene):
        again = await told(await scene.ann.slash(scene.channel, "arena status"))
        assert again.startswith("Sag, welche Partie gemeint ist")


async def test_a_language_that_nobody_has_changes_nothing(bot, scene):
    before = kept(scene)
    said = await told(await filled(scene.owner, scene, "p:setup:language:given", value="tlh"))
    assert said == "That control is not known any more; use /admin setup."
    assert kept(scene) == before


async def test_models_are_told_what_the_server_speaks(scene):
    async with FaultyModel().running() as model:
        scene.settings.models.write_text(f'[bard]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        async with running(scene):
            await speak(scene, "de")
            created = await told(await scene.ann.slash(scene.channel, "arena create", game=RPS))
            match_id = created.split("`")[1]
            lobby = await scene.shown(scene.channel, lambda m: match_id in str(m.components))
            offer = await scene.ann.click(lobby, "Modell dazu")
            await told(await scene.ann.select(await offer.reply(), f"p:lm:{match_id}", ["bard"]))
            await scene.discord.until(lambda: not disabled(lobby, "Start"))
            await scene.ann.click(lobby, "Start")
            await scene.discord.until(lambda: model.requests)
            assert "At this table people speak German" in model.requests[0].prompt
