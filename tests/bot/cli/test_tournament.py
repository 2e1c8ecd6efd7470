"""`tournament`: played by real processes, killed and gone on with, and reported."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from html.parser import HTMLParser

import pytest

from bot.cli.tournament_plan import Order, planned_by
from bot.cli.tournament_report import Report
from bot.errors import ParlourError
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import BadSetup
from tests.bot.cli.cups import HOUSE, ROOT, journal, lines, played, players, reported
from tournaments import Format

FOUR = ("tournament", "--game", "connect-four", "--out", "results", "--seed", "7")


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.labels = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.labels += [value for name, value in attrs if name == "aria-label"]


def known_shape(tmp_path):
    planned = json.loads((tmp_path / "results" / "tournament.json").read_text("utf-8"))
    assert planned["players"] == list(HOUSE)
    assert set(json.loads((tmp_path / "results" / "report.json").read_text("utf-8"))) == set(
        Report.model_fields
    )


def test_a_round_robin_of_house_bots_is_played_rated_and_reported(parlour, tmp_path):
    done = parlour(*FOUR, *players(), "--games", "2", "--jobs", "3")
    assert done.returncode == 0, done.stderr
    assert "6/6" in done.stderr
    assert re.search(r"(?m)^  1  house:hard +4 +4 +4 +0 +0  \d\d\.\d ± \d", done.stdout)
    made = reported(tmp_path)
    assert (made.over, made.winner, made.games, made.open, made.aborted) == (
        *(True, "house:hard", 6, 0, 0),
    )
    assert [one.player for one in made.standings] == ["house:hard", "house:medium", "house:easy"]
    assert made.standings[0].rating > 25 > made.standings[2].rating
    assert {(one.player, one.rival): one.won for one in made.pairs}["house:hard", "house:easy"] == 2
    assert [(one.seat, one.games) for one in made.seats] == [(1, 6), (2, 6)]
    # Both games of a meeting have the same deal, with the seats changed.
    one, two = made.matches[:2]
    assert one.seed == two.seed
    assert [seat.player for seat in one.seats] == [seat.player for seat in two.seats][::-1]
    assert sorted(lines(tmp_path)) == sorted(one.model_dump_json() for one in made.matches)
    known_shape(tmp_path)


def test_the_page_has_heads_for_its_tables_words_for_its_picture_and_nothing_from_elsewhere(
    parlour, tmp_path
):
    assert parlour(*FOUR, *players()).returncode == 0
    text = (tmp_path / "results" / "report.html").read_text("utf-8")
    page = Page(text)
    names = [tag for tag, _ in page.tags]
    assert "script" not in names
    assert "http" not in text
    assert names.count("table") == names.count("caption") == 4
    assert {attrs["scope"] for tag, attrs in page.tags if tag == "th"} == {"row", "col"}
    (said,) = page.labels
    assert said.startswith("Ratings with 95 % intervals: house:hard ")
    assert len(page.links) == 6
    for link in page.links:
        transcript = (tmp_path / "results" / link).read_text("utf-8")
        assert "is a house bot (" in transcript
        assert "Result: " in transcript


def test_every_match_can_be_read_and_replayed_and_once_over_nothing_is_played(parlour, tmp_path):
    assert parlour(*FOUR, *players(*HOUSE[:2])).returncode == 0
    here = {"PARLOUR_DATA": str(tmp_path / "results")}
    shown = parlour("replay", "r1-t1-g01", "--speed", "0", **here)
    assert "Ada drops a disc into column" in shown.stdout
    before, entries = lines(tmp_path), journal(tmp_path)
    again = parlour(*FOUR, *players(*HOUSE[:2]))
    assert again.returncode == 0, again.stderr
    assert (lines(tmp_path), journal(tmp_path)) == (before, entries)


def test_killed_at_any_moment_it_goes_on_and_nothing_is_played_twice(parlour, tmp_path):
    command = (*FOUR, *players(), "--games", "4", "--jobs", "4")
    whole = tmp_path / "whole"
    whole.mkdir()
    reference = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), *command], cwd=whole, capture_output=True
    )
    assert reference.returncode == 0
    seen = {}
    for kill in range(3):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "bot.py"), *command],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
        )
        wait_for_entries(tmp_path, process, 30 + 40 * kill)
        process.send_signal(signal.SIGKILL)
        process.wait()
        now, _ = journal(tmp_path)
        assert {key: now[key] for key in seen} == seen  # nothing that was played is lost or changed
        seen = now
    half_played = {match for match, _ in seen} - journal(tmp_path)[1]
    assert half_played
    done = parlour(*command)
    assert done.returncode == 0, done.stderr
    entries, ended = journal(tmp_path)
    assert {key: entries[key] for key in seen} == seen
    assert len(ended) == len(lines(tmp_path)) == 12
    assert played(reported(tmp_path)) == played(reported(whole))


def wait_for_entries(tmp_path, process, count):
    until = time.monotonic() + 100
    while time.monotonic() < until and process.poll() is None:
        try:
            if len(journal(tmp_path)[0]) >= count:
                return
        except sqlite3.Error:
            pass
        time.sleep(0.02)
    raise AssertionError("it was not to be killed so late")


def test_a_line_that_was_cut_off_is_written_anew_from_the_store(parlour, tmp_path):
    assert parlour(*FOUR, *players(), "--format", "swiss").returncode == 0
    whole = lines(tmp_path)
    file = tmp_path / "results" / "matches.jsonl"
    file.write_text("\n".join(whole[:2]) + "\n" + whole[2][:50], "utf-8")
    entries = journal(tmp_path)
    assert parlour(*FOUR, *players(), "--format", "swiss").returncode == 0
    assert sorted(lines(tmp_path)) == sorted(whole)
    assert journal(tmp_path) == entries


@pytest.mark.parametrize(
    ("format_", "more", "games"),
    [("knockout", (), 4), ("batch", ("--games", "5"), 5)],
)
def test_other_formats_come_to_their_end_too(parlour, tmp_path, format_, more, games):
    done = parlour(*FOUR, *players(), "--format", format_, *more)
    assert done.returncode == 0, done.stderr
    made = reported(tmp_path)
    assert made.over
    assert made.winner == "house:hard"
    assert made.games == games


def test_larger_tables_are_filled_up_with_house_bots_that_do_not_count(parlour, tmp_path):
    command = ("--game", "chameleon", "--out", "results", "--seed", "3")
    done = parlour("tournament", *command, *players("house:hard", "house:easy"))
    assert done.returncode == 0, done.stderr
    made = reported(tmp_path)
    assert made.games == 3
    assert [sorted(one.counts for one in game.seats) for game in made.matches] == [
        [False, True, True]
    ] * 3
    assert {one.player: one.games for one in made.standings} == {"house:hard": 3, "house:easy": 3}


def order(tmp_path, **changed):
    usual = {
        **dict.fromkeys(("games", "seats", "budget")),
        **dict.fromkeys(("options", "environment"), ()),
        "game": "connect-four",
        "players": ",".join(HOUSE),
        "format": Format.ROUND_ROBIN,
        "rounds": 0,
        "fill": "house:medium",
        "seed": 7,
        "jobs": 4,
        "out": tmp_path / "results",
    }
    return Order(**{**usual, **changed})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"players": "house:easy"}, "A tournament has 2 to 64 players, not 1."),
        ({"players": "house:easy,house:easy"}, "Each player can enter once only."),
        (
            {"players": "house:easy,me"},
            "'me' cannot enter a tournament here; house:LEVEL, model:NAME and character:NAME can.",
        ),
        (
            {"players": "house:easy,house:wild"},
            "There is no house bot 'wild'; say house:easy, house:medium or house:hard.",
        ),
        (
            {"players": "house:easy,bard"},
            "No models are set up: copy models.example.toml to {models} and change it to suit.",
        ),
        ({"seats": 3}, "This game has 2 seats at most, so no more can meet."),
        ({"format": Format.BATCH}, "Say how many games the batch has, for example --games 100."),
        ({"rounds": 2}, "Only a Swiss tournament has a number of rounds to choose."),
        (
            {"environment": ["judge=house:hard"]},
            (
                "--seat is for the game's own seats, of which connect-four has none, not for "
                "'judge'; --players says who plays."
            ),
        ),
        (
            {"budget": 2.0},
            (
                "No player has a price_in or price_out in the file of models, so --budget would "
                "never end."
            ),
        ),
        ({"game": "ludo"}, "There is no game 'ludo'; see them all: python bot.py games."),
        ({"options": ["depth"]}, "--option needs NAME=VALUE, not 'depth'."),
    ],
)
async def test_each_mistake_gets_one_sentence_and_nothing_is_written(tmp_path, wrong, sentence):
    models = tmp_path / "models.toml"
    wiring = Wiring(Settings(_env_file=None, data=tmp_path / "data", models=models))
    with pytest.raises((ParlourError, BadSetup)) as refused:
        await planned_by(order(tmp_path, **wrong), wiring, None)
    assert str(refused.value) == sentence.format(models=models)
    assert list(tmp_path.iterdir()) == []


PRICED = """
[bard]
base_url = "http://127.0.0.1:9/v1"
model = "tiny"
price_in = 1.0
"""


@pytest.mark.parametrize(
    "playing",
    [
        {"players": "house:easy,bard"},
        {"fill": "bard"},
        {"game": "debate", "environment": ["judge=bard"]},
        {"players": "house:easy,character:socrates"},
        {"fill": "character:socrates"},
        {"game": "debate", "environment": ["judge=character:socrates:bard"]},
    ],
)
async def test_a_budget_holds_whoever_plays_with_a_model_that_has_a_price(tmp_path, playing):
    models = tmp_path / "models.toml"
    models.write_text(PRICED, "utf-8")
    wiring = Wiring(Settings(_env_file=None, data=tmp_path / "data", models=models))
    wanted = order(tmp_path, budget=2.0, **{"players": ",".join(HOUSE[:2]), **playing})
    _, planned = await planned_by(wanted, wiring, None)
    assert planned.players
    models.write_text(PRICED.replace("price_in = 1.0", ""), "utf-8")
    with pytest.raises(ParlourError, match="price_in or price_out"):
        await planned_by(wanted, wiring, None)


def test_the_folder_of_another_tournament_is_left_alone(parlour, tmp_path):
    assert parlour(*FOUR, *players()).returncode == 0
    before = {one: one.read_bytes() for one in (tmp_path / "results").glob("*.json*")}
    done = parlour(*FOUR, *players(*HOUSE[:2]))
    assert done.returncode == 2
    assert "results holds a tournament with other players: give the command that" in done.stderr
    done = parlour(*FOUR[:-1], "8", *players())
    assert "results holds a tournament with other seed:" in done.stderr
    assert {one: one.read_bytes() for one in before} == before
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "parlour.db").touch()
    done = parlour("tournament", "--game", "connect-four", "--out", "data", *players())
    assert done.stderr == "data holds another database; name another folder with --out.\n"
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["parlour.db"]
