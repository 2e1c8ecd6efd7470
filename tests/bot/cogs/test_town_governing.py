"""Who governs a town: the mayor builds and invites, and residents come and go."""

from tests.bot.cogs.towns import founded

NEWCOMER = {"name": "Wanda", "home": "Toll House", "bio": "A carpenter.", "goal": "A boat."}


async def test_whoever_decides_about_a_town_builds_and_invites_for_its_money(bot, scene):
    town = await founded(scene, scene.ann, residents=3)
    await town.command(scene.ann, "step")
    await town.until_said("06:00 to 07:00")  # everybody has come there
    plot = {"type": "cafe", "name": "Second Cup", "column": 1, "row": 1}
    only = "Only the mayor, whoever founded this town, or a moderator can do that."
    assert await town.command(scene.bob, "build", **plot) == only
    said = await town.command(scene.ann, "build", **plot)
    assert said.startswith("That plot is not free; free are, by column and row: ")
    column, row = said.partition("row: ")[2].rstrip(".").split(", ")[-1].split("/")
    free = {**plot, "column": int(column), "row": int(row)}
    said = await town.command(scene.ann, "build", **free)
    assert said == "Second Cup stands. The town has 986,000 coins left."
    said = await town.command(scene.ann, "recruit", **{**NEWCOMER, "home": "Second Cup"})
    assert said.startswith("There is no free bed there; there are some in:")
    said = await town.command(scene.ann, "recruit", **NEWCOMER)
    assert said == "Wanda moves in. The town has 974,000 coins left."
    await town.command(scene.ann, "step", minutes=180)
    await town.until_said("Wanda lives in town.")
    await town.until_said("The town has built Second Cup for 14,000 coins.")
    await scene.discord.until(lambda: "**Wanda**" in town.live.content)


async def test_people_of_the_towns_files_move_in_and_residents_move_away(bot, scene):
    town = await founded(scene, scene.ann, residents=1)
    await town.command(scene.ann, "step")
    await town.until_said("06:00 to 07:00")  # everybody has come there
    offered = await scene.ann.autocomplete(scene.channel, "town resident add", "name", "")
    newcomer = offered.choices[0]["name"]
    said = await town.command(scene.ann, "resident add", name=newcomer.lower())
    assert said == f"{newcomer} moves in."
    await town.command(scene.bob, "resident become", name="Ngozi")
    said = await town.command(scene.ann, "resident remove", name="Ngozi")
    assert said == "Ngozi has moved away."
    said = await town.command(scene.bob, "resident become", name=newcomer)
    assert said.startswith(f"You are {newcomer} now.")
    assert "Nobody called Ngozi lives here" in await town.command(
        scene.ann, "resident remove", name="Ngozi"
    )
    await town.command(scene.bob, "resident leave")
    await town.command(scene.ann, "step", minutes=120)
    await town.until_said("Ngozi has left town.")


async def test_what_the_mayor_wants_waits_for_a_member_who_still_thinks(bot, scene):
    town = await founded(scene, scene.ann, residents=1)
    await town.command(scene.bob, "resident become", name="Ngozi")
    await town.command(scene.ann, "step")
    said = await town.command(scene.ann, "recruit", **{**NEWCOMER, "home": "Ropewalk Terrace"})
    assert said == "So it will be as soon as everybody has come to day 1, 07:00."
    await town.command(scene.bob, "resident leave")
    await town.command(scene.ann, "step")
    await town.until_said("Wanda lives in town.")
