"""Whatever is sent to a real table over a real store: it is kept whole or not at all."""

import json
import re
import sqlite3
from html.parser import HTMLParser
from io import StringIO
from random import Random

import pytest
from rich.console import Console

from bot.arena.arena import Arena, read_players
from bot.arena.snapshots import restore
from bot.arena.transcript import FORMATS, export
from bot.cli import main
from bot.cli.play import Invitation, party_of
from bot.errors import OperatorError, ParlourError, ShownToUser
from bot.players.scripted import read_script
from bot.settings import Settings
from bot.store.backup import backup
from bot.store.sql_store import SqlStore
from bot.terminal.room import TerminalRoom
from bot.wiring import Wiring
from games import GAMES
from games.core import GameError, Match, Refused, Seat, Text, Words
from tests.bad_texts import bad_text, check_clear, is_safe
from tests.games.contract import facts, random_answer

MOVES = 150
"""Of each game."""
SETUPS = 300
INVITATIONS = 1_200
OUR_TAGS = {"html", "meta", "title", "style", "h1", "ol", "li", "em", "p"}
NAMES = ("Ann", "<b>Bob</b>", "_Cy_ @here", "Dee", "Eve", "Fay")


class Tags(HTMLParser):
    """The tags and comments of a page, with the texts of its list."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.comments, self.items = set(), [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "li":
            self.items.append("")

    def handle_data(self, data):
        if self.items:
            self.items[-1] += data

    def handle_comment(self, data):
        self.comments.append(data)


@pytest.fixture
def database(tmp_path):
    return tmp_path / "parlour.db"


@pytest.fixture
async def arena(database):
    store = await SqlStore.open(database)
    wiring = Wiring(Settings(), person=lambda seat: None)
    arena = Arena(store, wiring.seating, lambda _: wiring.room)
    yield arena
    await arena.close()
    await store.close()


async def opened(arena, kind, names=NAMES, seed=3):
    seats = names[: max(2, kind.min_seats)]
    players = dict.fromkeys(map(Seat, (*seats, *kind.environment)), "me")
    return await arena.open(kind(), players, room="terminal", seed=seed)


@pytest.mark.parametrize("name", GAMES)
async def test_what_a_table_takes_is_kept_whole_and_the_rest_not_at_all(arena, database, name):
    rng = Random(f"table/{name}")
    tables = [await opened(arena, GAMES[name])]
    for number in range(MOVES):
        if tables[-1].over:
            tables.append(await opened(arena, GAMES[name], seed=number))
        await one_move(tables[-1], rng, legal=number % 5 == 4)
    await arena.outbox.settle()
    again = await SqlStore.open(database)
    for table in tables:
        stored = await again.load(table.setup.match_id)
        assert facts(restore(stored)) == facts(table.match)
        assert stored.outcome == table.match.outcome
        assert [entry.number for entry in stored.entries] == [*range(1, table.entries + 1)]
        check_documents(stored)
        await arena.rest(table.setup.match_id)
        woken = await arena.wake(table.setup.match_id)
        assert facts(woken.match) == facts(table.match)
    assert len(await again.matches(limit=1_000)) == len(tables)
    assert await again.undelivered() == []
    await again.close()
    check_nothing_is_half(database)


async def one_move(table, rng, *, legal):
    """Send one text, mostly a bad one, and now and then a remark."""
    seat = rng.choice(list(table.match.asks))
    ask = table.match.asks[seat]
    answers = (*ask.choices, random_answer(ask, rng, "a clue"), ask.default or "pass")
    text = rng.choice(answers) if legal else bad_text(rng, answers)
    before, entries = facts(table.match), table.entries
    try:
        if rng.random() < 0.1:
            await table.remark(seat, text)
        else:
            await table.submit(seat, text)
    except (Refused, ShownToUser) as why:
        check_clear(str(why))
        assert facts(table.match) == before
        assert table.entries == entries
    else:
        assert table.entries == entries + 1


def check_documents(stored):
    """Check that every document of a match is safe to show and holds no markup but our own."""
    for viewer in ("public", "full", *stored.setup.seats):
        document, markdown, page = (export(stored, viewer, kind) for kind in FORMATS)
        assert all(map(is_safe, (document, markdown, page)))
        told = [event["text"] for event in json.loads(document)["events"] if event["text"]]
        assert all(map(is_safe, told))
        found = Tags(page)
        assert found.tags <= OUR_TAGS
        assert found.comments == []
        assert len(found.items) == len(told)
        assert all(text in item for text, item in zip(told, found.items, strict=True))
        head, *lines = markdown.splitlines()
        assert head == f"# {stored.setup.game.name}, match {stored.setup.match_id}"
        items = [line for line in lines if line.startswith("- ")]
        assert len(items) == len(told)
        assert [line for line in lines if line and line not in items] == lines[-1:]
        for line in (*items, lines[-1]):
            said = re.sub(r"^- \*\(only (?:\\.|[^\\*_<>])+\)\* ", "", line)
            assert not re.search(r"[`*_\[\]<>|~@&]", re.sub(r"\\.", "", said)), line


def check_nothing_is_half(database):
    """Check by SQL alone that rows which belong together are all there."""
    with sqlite3.connect(database) as read:
        assert read.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert read.execute("PRAGMA foreign_key_check").fetchall() == []
        gaps = (
            "SELECT match_id FROM entries GROUP BY match_id "
            "HAVING count(*) != max(number) OR min(number) != 1"
        )
        assert read.execute(gaps).fetchall() == []
        stray = (
            "SELECT 1 FROM texts LEFT JOIN entries USING (match_id, number) "
            "WHERE entries.seat IS NULL"
        )
        assert read.execute(stray).fetchall() == []
        texts = read.execute("SELECT text FROM texts").fetchall()
        assert all(is_safe(text) for (text,) in texts)
    read.close()


async def test_every_word_that_was_taken_is_kept_as_it_was_taken(arena, database):
    rng = Random("words")
    table = await opened(arena, GAMES["conversation"])
    said = []
    for _ in range(100):
        if table.over:
            table = await opened(arena, GAMES["conversation"])
        seat = next(iter(table.match.asks))
        try:
            entry = await table.submit(seat, bad_text(rng))
        except Refused:
            continue
        said += [e.words for e in entry.events if isinstance(getattr(e, "words", None), Words)]
    with sqlite3.connect(database) as read:
        kept = [text for (text,) in read.execute("SELECT text FROM texts")]
    read.close()
    assert len(said) > 40
    assert sorted(kept) == sorted(said)


async def test_a_match_with_bad_names_is_opened_whole_or_not_at_all(arena, database):
    rng = Random("setups")
    whole = set()
    for number in range(SETUPS):
        kind = list(GAMES.values())[number % len(GAMES)]
        name, who = bad_text(rng, ("Ann", "moderator")), rng.choice(("me", bad_text(rng, ("me",))))
        given = {name: who, "Bob": "house:easy", "Cy": "house:easy"}
        players = dict([*given.items()][: max(2, kind.min_seats)])
        try:
            table = await arena.open(kind(), read_players(kind, players), room="terminal", seed=1)
        except (GameError, ParlourError) as why:
            check_clear(str(why))
        else:
            whole.add(table.setup.match_id)
            check_documents(await arena.store.load(table.setup.match_id))
    summaries = await arena.store.matches(limit=1_000)
    assert {one.match_id for one in summaries} == whole
    assert all(is_safe(player) for one in summaries for player in one.seats.values())
    assert SETUPS / 20 < len(whole) < SETUPS
    check_nothing_is_half(database)


async def test_seats_and_options_of_the_command_line_are_read_or_refused_in_a_sentence():
    rng = Random("invitations")
    accepted = 0
    for number in range(INVITATIONS):
        option = bad_text(rng, ("target=3", "topic=Fruits", "rounds=2"))
        seat = f"{bad_text(rng, ('Ann',))}={rng.choice(('me', bad_text(rng, ('me',))))}"
        game = (bad_text(rng, [*GAMES]) or "?") if number % 10 == 0 else rng.choice([*GAMES])
        seats, options = ([seat] * (2 - number % 7 % 2), []) if number % 2 else ([], [option])
        try:
            wish = Invitation(game, seats, options, 1, None, None, json=True)
            party = await party_of(wish, None, {})
            match = Match(party.game, [s for s in party.players if s not in party.game.environment])
        except (GameError, ParlourError) as why:
            check_clear(str(why))
        else:
            accepted += 1
            assert all(map(is_safe, (*match.seats, str(party.game.rules()))))
    assert INVITATIONS / 20 < accepted < INVITATIONS


@pytest.mark.parametrize(
    "bad", ["\udcff", "a\x1b[31m\u202eb\n", "x" * 4_000, "{seat}", "@everyone"]
)
@pytest.mark.parametrize(
    "arguments",
    [
        ("{}",),
        ("games", "{}"),
        ("resume", "{}"),
        ("export", "{}"),
        ("play", "tic-tac-toe", "--script", "{}"),
        ("play", "tic-tac-toe", "--seat", "{}"),
        ("play", "tic-tac-toe", "--option", "{}=1"),
    ],
    ids=" ".join,
)
def test_a_command_refuses_a_bad_argument_in_a_sentence(
    monkeypatch, capsys, tmp_path, arguments, bad
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["bot.py", *(one.replace("{}", bad) for one in arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (1, 2, 3)
    said = capsys.readouterr().err
    check_clear(said.removesuffix("\n"))
    assert not (tmp_path / "parlour-error.log").exists()


def test_a_backup_under_a_name_that_sqlite_cannot_take_is_refused(tmp_path):
    sqlite3.connect(tmp_path / "parlour.db").close()
    with pytest.raises(OperatorError, match="could not be written"):
        backup(tmp_path / "parlour.db", tmp_path / "\udcff.db")
    assert [file.name for file in tmp_path.iterdir()] == ["parlour.db"]


def test_a_terminal_without_emoji_shows_them_all_the_same(parlour, tmp_path):
    script = tmp_path / "script.txt"
    script.write_text("Ann: hello 👍\nBob: hi\n", "utf-8")
    done = parlour(
        "play",
        "conversation",
        "--option",
        "rounds=1",
        "--script",
        script,
        PYTHONIOENCODING="latin-1:strict",
    )
    assert done.returncode == 0, done.stderr
    assert "Ann: hello \\U0001f44d" in done.stdout


def test_nobody_can_say_a_line_that_looks_like_the_tables_own():
    screen = StringIO()
    words = Words("I pass.\n  Bob wins the round.")
    TerminalRoom(Console(file=screen)).show(
        [Text("{seat}: {words}", seat=Seat("Ann"), words=words)]
    )
    assert screen.getvalue() == "  Ann: I pass.\n        Bob wins the round.\n"


def test_a_script_is_read_or_refused_in_a_sentence():
    rng = Random("scripts")
    for _ in range(300):
        try:
            read_script("\n".join(bad_text(rng, ("Ann: rock",)) for _ in range(rng.randint(1, 3))))
        except ShownToUser as why:
            check_clear(str(why))
