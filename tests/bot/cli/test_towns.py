"""`python bot.py town` as a person uses it: real commands, a real database, a town that lives."""

import asyncio
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from bot.cli import town_views as views
from bot.cli.town_evaluation import evaluate_town
from bot.cli.towns import Manner, Pace, TownOrder, found_town, resume_town
from bot.errors import ShownToUser, UnknownMatch
from bot.players.away import Away
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Ask, View
from tests.lived_town import lived
from tests.parrot import Parrot
from towns.errors import BadTown
from towns.events import CLOCK
from towns.state import final_hash
from towns.subjects import Subject

ROOT = Path(__file__).parents[3]
MAX = Manner("max", watch=False, map_file=None, day_file=None)
PEOPLE = 2
FINGERPRINT = re.compile(r"Fingerprint: (\w+)")


def order(residents=PEOPLE, *, house=False, model="", file=None):
    return TownOrder(1, residents, house, model, 7, True, file)


def undisturbed():
    return final_hash(lived(PEOPLE).state)[:16]


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """Return the folder and the id of a town that has lived for a day."""
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLOUR_DATA", str(folder / "data"))
        patch.chdir(folder)
        manner = Manner("max", False, folder / "map.png", folder / "day.gif")
        found_town(order(), manner)
    with closing(sqlite3.connect(folder / "data" / "parlour.db")) as database:
        ((town,),) = database.execute("SELECT match_id FROM matches").fetchall()
    return folder, town


@pytest.fixture
def town(founded, monkeypatch):
    folder, match_id = founded
    monkeypatch.setenv("PARLOUR_DATA", str(folder / "data"))
    monkeypatch.chdir(folder)
    return match_id


def told(capsys):
    return capsys.readouterr().out


def test_a_town_lives_and_leaves_a_map_and_a_film(founded):
    folder, _ = founded
    with Image.open(folder / "map.png") as picture:
        assert picture.width > 1_000
    with Image.open(folder / "day.gif") as film:
        assert film.n_frames == 24 * 3 + 1


def test_replay_asks_nobody_and_comes_to_the_same_town(town, capsys):
    views.replay_town(town)
    said = told(capsys)
    assert "nobody was asked" in said
    assert FINGERPRINT.search(said).group(1) == undisturbed()


def test_a_town_that_is_killed_goes_on_to_the_same_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PARLOUR_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    command = [sys.executable, str(ROOT / "bot.py"), "town", "run", "--residents", str(PEOPLE)]
    slow = subprocess.Popen([*command, "--speed", "2000"], cwd=tmp_path)
    try:
        match_id = _wait_for_entries(tmp_path / "data" / "parlour.db", 8)
    finally:
        slow.send_signal(signal.SIGKILL)
        slow.wait(10)
    resume_town(match_id, MAX)
    said = told(capsys)
    assert "Ferrywick has lived from day 1, 06:00 to day 2, 06:00." in said
    assert FINGERPRINT.search(said).group(1) == undisturbed()


def _wait_for_entries(file, least):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.05)
        if not file.exists():
            continue
        with closing(sqlite3.connect(file)) as database:
            try:
                rows = database.execute("SELECT match_id, number FROM entries").fetchall()
            except sqlite3.OperationalError:  # its tables are still made
                continue
        if len(rows) >= least:
            return rows[0][0]
    raise AssertionError("the town has not begun")


def test_a_model_lives_for_a_resident(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PARLOUR_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    with Parrot() as model:
        Path("models.toml").write_text(f'[parrot]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        found_town(order(1, model="parrot"), MAX)
        prompts = [request.prompt for request in model.requests]
    assert len(prompts) > 3  # it sleeps, as that is the first thing one can do
    match_id = re.search(r"town news (\w+)", lived := told(capsys)).group(1)
    assert "Ferrywick has lived from day 1, 06:00 to day 2, 06:00." in lived
    views.show_chart(match_id, Subject.CALLS, None, tmp_path / "calls.csv")
    rows = (tmp_path / "calls.csv").read_text().splitlines()
    assert rows[0] == "time,calls,thousands of tokens"
    counted = [row.rsplit(",", 2) for row in rows[1:]]
    assert len(counted) == 25
    assert sum(float(calls) for _, calls, _ in counted) == len(prompts)
    assert any(float(tokens) for *_, tokens in counted)
    assert all("Ngozi learned to mend watches" in prompt for prompt in prompts)
    assert max(map(len, prompts)) < 9_000  # no record of the day stands in them


def test_the_newspaper_is_printed_by_day(town, capsys):
    views.show_news(town, None)
    both = told(capsys)
    assert "The Ferrywick Gazette, day 1" in both
    assert "The Ferrywick Gazette, day 2" in both
    views.show_news(town, 1)
    assert told(capsys).strip() in both
    with pytest.raises(ShownToUser, match="There is no day 3 yet; the last one is day 2"):
        views.show_news(town, 3)


def test_the_map_is_told_for_any_moment_of_the_past(town, capsys, tmp_path):
    views.show_map(town, tmp_path / "noon.png", None, 1, "12:00")
    said = told(capsys)
    assert said.startswith("Map of Ferrywick, day 1, 12:00. ")
    assert (tmp_path / "noon.png").exists()
    views.show_map(town, None, None, None, "")
    assert told(capsys).startswith("Map of Ferrywick, day 2, 06:00. Heron Cottage: ")
    for day, hour in ((9, ""), (1, "05:00"), (2, "07:00")):
        with pytest.raises(ShownToUser, match="from day 1, 06:00 to day 2, 06:00"):
            views.show_map(town, None, None, day, hour)
    with pytest.raises(ShownToUser, match="write it as 09:30"):
        views.show_map(town, None, None, 1, "noon")


def test_charts_are_told_drawn_and_written(town, capsys, tmp_path):
    views.show_chart(town, Subject.MONEY, tmp_path / "m.png", tmp_path / "m.csv")
    assert "Ngozi from 1,800 to" in told(capsys)
    rows = (tmp_path / "m.csv").read_text().splitlines()
    assert rows[:2] == ["time,Ngozi,Joaquim", '"day 1, 06:00",1800,2400']
    assert len(rows) == 1 + 13
    views.show_chart(town, Subject.MOOD, None, None)
    assert "Chart: Mood, from 0 to 100, day 1, 06:00 to day 2, 06:00." in told(capsys)
    views.show_chart(town, Subject.ANSWERS, None, None)
    assert "Chart: Answers a day, day 1 to day 2." in told(capsys)
    views.show_chart(town, Subject.CALLS, None, None)
    assert "calls from 0 to 0; thousands of tokens from 0 to 0." in told(capsys)


def test_the_ledger_balances_and_can_be_read_by_resident(town, capsys):
    views.show_ledger(town, "")
    everything = told(capsys)
    assert everything.splitlines()[-1].endswith(" accounts is 0.")
    views.show_ledger(town, "ngozi")
    hers = told(capsys)
    assert "own cash" in hers
    assert "Joaquim" not in hers
    with pytest.raises(ShownToUser, match="Nobody called 'Zed' lives there; choose from Ngozi"):
        views.show_ledger(town, "Zed")


def test_history_is_told_in_order_of_time(town, capsys):
    views.show_history(town, "", 1)
    lines = told(capsys).splitlines()
    times = [line[:12] for line in lines]
    assert len(lines) > 20
    assert times == sorted(times)
    assert all(line.startswith("day 1, ") for line in lines)
    views.show_history(town, "Joaquim", None)
    assert "Joaquim" in told(capsys)


def test_the_town_is_listed_and_described(town, capsys):
    views.list_towns()
    assert f"{town}  " in (listed := told(capsys))
    assert "over  2 residents: Ngozi, Joaquim" in listed
    views.show_status(town)
    assert "It is day 2, 06:00. Its days are over." in told(capsys)
    views.show_residents(town)
    said = told(capsys)
    assert "resident  coins  earned" in said
    assert "Ngozi, restorer at the museum, lives at Heron Cottage" in said


def test_all_of_it_can_be_exported_once(town, capsys, tmp_path):
    views.export_town(town, tmp_path / "town.json")
    events = json.loads((tmp_path / "town.json").read_text())
    assert "planned" in json.dumps(events)
    with pytest.raises(ShownToUser, match="exists already"):
        views.export_town(town, tmp_path / "town.json")
    with pytest.raises(ShownToUser, match=r"ends in \.json, \.md or \.html"):
        views.export_town(town, tmp_path / "town.pdf")
    with pytest.raises(ShownToUser, match="cannot be written"):
        views.export_town(town, tmp_path / "nowhere" / "town.md")


QUESTIONS = """
[work]
resident = "Ngozi"
query = "Where do you work?"
measurement = 'contains(response, "museum")'
hours = 12

[friends]
query = "How many friends have you?"
measurement = "number(response)"
"""


def test_residents_are_asked_about_their_lives_by_a_model(town, capsys, tmp_path):
    (tmp_path / "q.toml").write_text(QUESTIONS)
    with Parrot() as model:
        Path("models.toml").write_text(f'[parrot]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        model.says.extend([json.dumps({"answer": "At the Museum, 3 days a week."})] * 5)
        evaluate_town(town, tmp_path / "q.toml", "parrot", tmp_path / "a.csv")
        prompts = [request.prompt for request in model.requests]
    said = told(capsys)
    assert "work: 3 of 3 yes" in said
    assert "friends: mean 3.00 of 2" in said
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 1 + 5
    assert "Ngozi learned to mend watches" in prompts[0]
    assert "day 1, 06:00" in prompts[0]


def test_house_residents_answer_too_and_what_has_no_value_says_so(town, capsys, tmp_path):
    (tmp_path / "q.toml").write_text(QUESTIONS)
    evaluate_town(town, tmp_path / "q.toml", "", None)
    assert "friends: nothing could be measured" in told(capsys)
    (tmp_path / "q.toml").write_text("[x]\nquery = 'a'\nmeasurement = 'exit()'\n")
    with pytest.raises(BadTown, match="use nothing else"):
        evaluate_town(town, tmp_path / "q.toml", "", None)
    with pytest.raises(ShownToUser, match="cannot be read"):
        evaluate_town(town, tmp_path / "none.toml", "", None)


@pytest.mark.parametrize(
    ("wish", "manner", "why"),
    [
        (order(99), MAX, "Ferrywick has 12 residents: say --residents 12 or less"),
        (order(house=True, model="x"), MAX, "Say --house or --model, not both"),
        (order(), Manner("fast", False, None, None), "A speed is a number from 0.1"),
        (order(), Manner("0", False, None, None), "A speed is a number from 0.1"),
        (order(), Manner("nan", False, None, None), "A speed is a number from 0.1"),
        (order(), Manner("max", False, Path("no/map.png"), None), "cannot be written"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_town_is_founded(wish, manner, why, town, capsys):
    with pytest.raises(ShownToUser, match=why):
        found_town(wish, manner)
    views.list_towns()
    assert len(told(capsys).splitlines()) == 1


def test_a_town_of_ones_own_is_checked_with_all_faults(town, tmp_path, capsys):
    (tmp_path / "mine.toml").write_text("name = 7\n")
    with pytest.raises(BadTown) as refused:
        found_town(order(file=tmp_path / "mine.toml"), MAX)
    assert "mine.toml, [residents]: there are no residents" in str(refused.value)
    views.list_towns()
    assert len(told(capsys).splitlines()) == 1


def test_only_a_town_that_is_still_open_can_be_resumed(town):
    with pytest.raises(ShownToUser, match="The days of this town are over"):
        resume_town(town, MAX)
    with pytest.raises(UnknownMatch):
        resume_town("nothing", MAX)


async def test_a_town_of_a_channel_is_left_to_the_bot(tmp_path, monkeypatch):
    monkeypatch.setenv("PARLOUR_DATA", str(tmp_path / "data"))
    async with Wiring(Settings(), person=lambda _: Away()).arena() as arena:
        wish = order(1)
        players = wish.players(wish.town())
        table = await arena.open(wish.town(), players, room="a channel", match_id="channel1")
        entries = table.entries
    with pytest.raises(ShownToUser, match="This town lives in a channel"):
        await asyncio.to_thread(resume_town, "channel1", MAX)
    async with Wiring(Settings()).store() as store:
        assert len((await store.load("channel1")).entries) == entries


async def test_the_clock_gives_no_more_time_than_there_is():
    game = lived(PEOPLE).game
    view, ask = View(game, CLOCK, (), ()), Ask("How far?", low=101, high=150)
    assert await Pace(None).answer(view, ask, ()) == "150"
    assert await Pace(1e6).answer(view, ask, ()) == "150"
    assert await Pace(1_000).answer(view, ask, ()) == "150"
    began = time.monotonic()
    assert await Pace(100).answer(view, ask, ()) == "110"  # ten ticks of ten seconds
    assert 0.9 < time.monotonic() - began < 15


def test_a_deleted_town_leaves_nothing(town, founded, capsys, monkeypatch):
    with pytest.raises(ShownToUser, match="say --yes"):
        views.delete_town(town, yes=False)
    views.delete_town(town, yes=True)
    assert "Ferrywick is deleted." in told(capsys)
    views.list_towns()
    assert "No town has been founded yet" in told(capsys)
    with closing(sqlite3.connect(founded[0] / "data" / "parlour.db")) as database:
        tables = ("matches", "entries", "texts", "outbox", "seats", "due")
        counts = [database.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in tables]
    assert counts == [0] * len(tables)


def test_a_fault_of_a_town_is_no_mistake_of_parlour(parlour):
    done = parlour("town", "run", "--file", "mine.toml")
    assert done.returncode == 2
    assert done.stderr.startswith("mine.toml: it cannot be read")
