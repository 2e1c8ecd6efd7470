"""A founder's own town: a file that members bring, with all its faults told at once."""

from tests.bot.cogs.matches import told
from tests.bot.cogs.towns import founded
from tests.discord_double.message_rules import Upload
from towns.catalogue import CATALOGUE
from towns.files import DATA

OWN = """
name = "Millbeck"
about = "Three houses and a mill."
[time]
seconds_per_tick = 10
starts = "05:00"
[money]
town = 500
invitation = 10
[map]
width = 80
height = 40
columns = [5, 40]
rows = [3]
[buildings]
"Beck House" = { type = "cottage", plot = { column = 1, row = 1 } }
"The Mill" = { type = "office", plot = { column = 2, row = 1 } }
[residents.Oda]
age = 40
home = "Beck House"
work = "The Mill"
cash = 20
bio = "Oda mills."
goal = "To mill more."
[residents.Pim]
age = 41
home = "Beck House"
cash = 30
bio = "Pim looks on."
goal = "To see more."
"""


def upload(text=OWN, name="millbeck.toml"):
    return Upload(name, text.encode())


async def refused(scene, who=None, **options):
    made = await (who or scene.ann).slash(scene.channel, "town create", **options)
    reply = await made.reply()
    assert "No town lives here" in await told(await scene.bob.slash(scene.channel, "town status"))
    return reply


async def test_a_founder_brings_a_town_of_their_own(bot, scene):
    town = await founded(scene, scene.ann, file=upload())
    assert "Millbeck" in town.live.content
    assert "day 1, 05:00" in town.live.content
    assert "**Oda** and **Pim**" in town.live.content
    await town.command(scene.ann, "step", minutes=60)
    await town.until_said("05:00 to 06:00")
    assert "Oda mills." in await town.command(scene.bob, "resident info", name="oda")
    assert "write its name: Millbeck" in await town.command(scene.ann, "delete", name="x")


async def test_a_founders_town_can_have_types_and_goods_of_its_own(bot, scene):
    own = {name: (DATA / name).read_text("utf-8") for name in CATALOGUE}
    assert "[cottage]" in own["buildings.toml"]
    mine = own["buildings.toml"].replace("[cottage", '["mill house"')
    text = OWN.replace('type = "cottage"', 'type = "mill house"')
    await founded(scene, scene.ann, file=upload(text), buildings=upload(mine, "my.toml"))


async def test_every_fault_of_a_town_is_told_in_one_message(bot, scene):
    bad = OWN.replace('"office"', '"offfice"').replace('home = "Beck House"', 'home = "Beck Hall"')
    reply = await refused(scene, file=upload(bad.replace("age = 41", "age = 410")))
    assert reply.content.startswith("4 things are wrong with it, and nothing has changed:")
    for fault in ("millbeck.toml", "did you mean “office”", "did you mean “Beck House”", "to 150"):
        assert fault in reply.content
    assert not reply.attachments


async def test_more_faults_than_a_message_holds_come_as_a_file_too(bot, scene):
    many = "".join(f'[residents.R{"abcdefghijklmnopqrst"[n]}x]\nage = "?"\n' for n in range(20))
    reply = await refused(scene, file=upload(OWN + many))
    assert "… and all of them as a file." in reply.content
    faults = scene.discord.files[reply.attachments[0].id].decode().splitlines()
    assert f"{len(faults)} things are wrong" in reply.content
    assert len(faults) >= 100


async def test_what_is_no_file_of_a_town_is_refused_in_one_sentence(bot, scene):
    for options, why in (
        ({"file": upload(name="town.json")}, "town.json is no .toml file"),
        ({"file": Upload("t.toml", b"#" * 200_000)}, "131,072 are the most; make it smaller."),
        ({"file": Upload("t.toml", b"\xff\xfe\x00")}, "t.toml is no UTF-8 text"),
        ({"file": upload("[")}, "this is no valid TOML"),
        ({"goods": upload()}, "These files belong to a town of your own; give its file, too."),
    ):
        assert why in (await refused(scene, **options)).content
