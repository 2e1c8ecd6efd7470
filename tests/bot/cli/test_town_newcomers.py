"""Who has come to a town later is known to its commands, with a real database."""

import asyncio
import json
from functools import partial
from pathlib import Path

import pytest

from bot.arena.house_rules import HouseRules
from bot.arena.towns import comers
from bot.cli import town_views as views
from bot.cli.town_evaluation import evaluate_town
from bot.cli.town_tables import residents_table
from bot.cli.towns import Manner, TownOrder, resume_town
from bot.errors import ShownToUser
from bot.players.away import Away
from bot.settings import Settings
from bot.wiring import Wiring
from tests.parrot import Parrot
from tests.towns.living import born, live, residents_first
from towns.errors import BadTown
from towns.events import HOST
from towns.history import History
from towns.town import Town

TOWN = "withilse"
ILSE = {
    "do": "recruit", "name": "Ilse", "home": "Toll House", "work": "Bridge Office",
    "bio": "A tailor.", "goal": "Rest.",
}  # fmt: skip
QUESTION = """
[work]
resident = "{name}"
query = "Where do you work?"
measurement = 'contains(response, "office")'
hours = 12
"""


async def found():
    """Keep a town of one to which somebody else has come before anything has happened."""
    async with Wiring(Settings(), person=lambda _: Away()).arena() as arena:
        wish = TownOrder(1, 1, False, "", 7, True, None)
        town = wish.town()
        table = await arena.open(town, wish.players(town), room="terminal", match_id=TOWN)
        table.house_rules = HouseRules(comers=partial(comers, "house:medium"))
        await table.submit(HOST, json.dumps(ILSE))


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Return the folder of a town in which a newcomer has lived for a day."""
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLOUR_DATA", str(folder / "data"))
        patch.chdir(folder)
        asyncio.run(found())
        resume_town(TOWN, Manner("max", watch=False, map_file=None, day_file=None))
    return folder


@pytest.fixture(autouse=True)
def folder(lived, monkeypatch):
    monkeypatch.setenv("PARLOUR_DATA", str(lived / "data"))
    monkeypatch.chdir(lived)
    return lived


def told(capsys):
    return capsys.readouterr().out


def test_a_newcomer_is_known_by_name(capsys):
    views.show_ledger(TOWN, "ilse")
    assert "a newcomer's cash" in told(capsys)
    views.show_history(TOWN, "Ilse", 1)
    assert "Ilse" in told(capsys)
    views.show_residents(TOWN)
    assert "\nIlse, Bridge Office, lives at Toll House" in told(capsys)
    with pytest.raises(ShownToUser, match="choose from Ngozi, Ilse"):
        views.show_ledger(TOWN, "Zed")


@pytest.mark.parametrize(("name", "answers"), [("Ilse", 3), ("everybody", 6)])
def test_a_newcomer_is_asked_like_all_others(folder, capsys, name, answers):
    (folder / "q.toml").write_text(QUESTION.format(name=name))
    with Parrot() as model:
        Path("models.toml").write_text(f'[parrot]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        model.says.extend([json.dumps({"answer": "At the office."})] * answers)
        evaluate_town(TOWN, folder / "q.toml", "parrot", None)
    assert f"work: {answers} of {answers} yes" in told(capsys)
    evaluate_town(TOWN, folder / "q.toml", "", None)
    assert "Ilse" in told(capsys)


def test_who_never_lived_there_is_not_asked(folder):
    (folder / "q.toml").write_text(QUESTION.format(name="Zed"))
    with pytest.raises(BadTown, match="Ilse"):
        evaluate_town(TOWN, folder / "q.toml", "", None)


def test_who_has_come_back_stands_in_the_table_of_residents():
    match = born(Town(days=1, governed=True), 2)
    for hour, do in ((1, "go"), (2, "come")):
        live(match, residents_first, until=hour * 360)
        match.say(HOST, json.dumps({"do": do, "name": "Ngozi"}))
    lines = [*residents_table(History(match.game, match.seats, match.turns))]
    assert lines[-1].startswith("Ngozi ")
    assert lines[-1].endswith("  Heron Cottage")
