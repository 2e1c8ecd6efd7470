"""A table survives whatever is done to it: a state machine of people, clocks, kills and clicks.

After each step the journal has no gap, replaying it gives what is in memory, the room has read
exactly what is in the journal, and nobody has read what another seat keeps secret.
"""

import asyncio
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.arena.events import HandedOver, Seated, is_person
from bot.arena.snapshots import restore
from bot.arena.table import Table
from bot.errors import AlreadyDone, OperatorError
from games import GAMES
from games.chameleon import Hunt
from games.conversation import Floor
from games.core import SPECTATOR, NotYourTurn, Refused, Seat, Text
from games.moderated_conversation import MODERATOR, Audience, Bout
from games.prisoners_dilemma import Prison
from games.rock_paper_scissors import Duel
from tests.bot.arena.killable import OUT_OF_TIME, PATIENCE, POINTS, TIMED, Machine, seating
from tests.games.contract import JUNK, facts, random_answer, refusal_of

NAMES = ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay")
ROLE, BRIEFING = "the smuggler of pearls", "favour whoever speaks in rhyme"
OPTIONS = {
    "chameleon": {"discussion": 1, "revote": True},
    "prisoners-dilemma": {"rounds": 3, "stops_after": 2},
    "conversation": {"floor": Floor.OPEN, "rounds": 2},
    "moderated-conversation": {
        "roles": f"Ann: {ROLE}",
        "briefing": BRIEFING,
        "simultaneous": True,
        "verdicts": Audience.MODERATOR,
        "max_rounds": 3,
    },
}
KINDS = (*GAMES.values(), *TIMED.values())
MOST_TABLES = 3
PLAYERS = ("person:x", "person:x", "person:y", "house:easy", "house:hard")
LIST = "The topic is "
"""What begins the sentence that names every possible secret."""
SHOWN = ("The throws: ", "The choices: ")
"""What begins a sentence that shows what was secret until then."""
MARK = re.compile(r"mark\d+")
"""What people of this file say, so that it can be found again."""

CHANCES = st.integers(0, 2**16)
"""All that a rule does is drawn from these, so that no draw depends on the clock or the disk."""
PLAYING = ("say", "hang_up", "say_again", "remark", "leave", "come_back")
KEEPING = ("open", "pause", "resume", "abort", "time_out", "unload")
OPERATIONS = st.tuples(st.sampled_from(PLAYING + KEEPING), CHANCES)
SEVERAL = st.lists(OPERATIONS, min_size=2, max_size=4)
FUSES = st.tuples(st.sampled_from(POINTS), st.integers(1, 2))


@dataclass(frozen=True)
class Click:
    """An answer as a button or a message brings it; the same one may come again."""

    cause: str
    match_id: str
    seat: Seat
    text: str
    ask_id: str | None


class TableMachine(RuleBasedStateMachine):
    """People, house bots and a clock at several tables, in a program that is killed at times."""

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.machine = Machine(self.folder.name)
        self.clicks = []
        self.accepted = defaultdict(dict)
        """By match and number, the entries that somebody was told are safe."""
        self.counted = set()
        """The causes of clicks that somebody was told have counted."""
        self.ended = {}
        self.checked = {}
        """How each match stood when it was checked last."""
        self.serial = count()
        self.work(self.machine.start())

    def work(self, work):
        return self.loop.run_until_complete(asyncio.wait_for(work, PATIENCE))

    def teardown(self):
        self.work(self.machine.life.bury())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        self.folder.cleanup()

    @property
    def arena(self):
        return self.machine.life.arena

    @property
    def store(self):
        return self.machine.life.store

    # What can happen. Others may overtake any of it, and a kill may cut it short.

    async def do(self, name, chance):
        rng = Random(chance)
        tables = list(self.arena.tables.values())
        going = [table for table in tables if not table.over]
        if not going or (name == "open" and len(going) < MOST_TABLES):
            await self.open(rng)
        elif name != "open":
            table = rng.choice(tables if rng.random() < 0.2 else going)
            await getattr(self, name)(table, rng.choice(list(table.players)), rng)

    async def open(self, rng):
        kind = rng.choice(KINDS)
        game = kind(**OPTIONS.get(kind.name.removeprefix(OUT_OF_TIME), {}))
        fewest = max(2, game.min_seats)
        seats = NAMES[: rng.randint(fewest, max(fewest, min(4, game.max_seats)))]
        players = {Seat(seat): rng.choice(PLAYERS) for seat in (*seats, *game.environment)}
        cause = f"open-{next(self.serial)}"
        room = rng.choice(("here", "there"))
        await self.arena.open(game, players, room=room, seed=rng.randrange(1000), cause=cause)

    async def say(self, table, seat, rng):
        if waiting := [one for one in table.match.asks if is_person(table.players[one])]:
            seat = rng.choice(waiting)
            number = next(self.serial)
            text = random_answer(table.match.asks[seat], rng, f"mark{number}")
            ask_id = rng.choice((table.match.ask_id(seat), None))
            click = Click(f"click-{number}", table.setup.match_id, seat, text, ask_id)
            self.clicks.append(click)
            await self.send(click)

    async def hang_up(self, table, seat, rng):
        """Say something, and be gone before it is known whether it counts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(rng.random() * 0.003):
                await self.say(table, seat, rng)

    async def say_again(self, table, seat, rng):
        if self.clicks:
            await self.send(rng.choice(self.clicks[-8:]))

    async def leave(self, table, seat, rng):
        await table.leave(seat)

    async def come_back(self, table, seat, rng):
        await table.come_back(seat)

    async def remark(self, table, seat, rng):
        await table.remark(seat, f"mark{next(self.serial)}")

    async def pause(self, table, seat, rng):
        if rng.random() < 0.5:
            await table.pause(Text("the host needs a break."))
            await self.arena.tick()  # the clock goes on

    async def resume(self, table, seat, rng):
        for paused in [table for table in self.arena.tables.values() if table.paused]:
            await paused.resume()

    async def abort(self, table, seat, rng):
        if table.over or rng.random() < 0.3:
            await table.abort(Text("the host has stopped it."))

    async def time_out(self, table, seat, rng):
        await self.arena.tick()

    async def unload(self, table, seat, rng):
        await self.arena.rest(table.setup.match_id)
        await self.arena.wake(table.setup.match_id)

    async def send(self, click):
        table = await self.arena.wake(click.match_id)
        entry = await table.submit(click.seat, click.text, ask_id=click.ask_id, cause=click.cause)
        assert (entry.seat, entry.cause) == (click.seat, click.cause)
        assert click.cause not in self.counted, f"{click} has counted twice."
        self.counted.add(click.cause)
        self.accepted[click.match_id][entry.number] = entry

    async def all_of(self, operations):
        work = [self.do(*operation) for operation in operations]
        for done in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(done, Exception) and not isinstance(done, Refused | AlreadyDone):
                raise done
        await self.machine.life.quiet()

    # The rules of the machine.

    @initialize(chance=CHANCES)
    def a_table_is_opened(self, chance):
        self.work(self.all_of([("open", chance)]))

    @rule(chances=st.lists(CHANCES, min_size=1, max_size=6))
    def people_answer_one_after_the_other(self, chances):
        for chance in chances:
            self.work(self.all_of([("say", chance)]))

    @rule(operation=OPERATIONS)
    def something_happens(self, operation):
        self.work(self.all_of([operation]))

    @rule(operations=SEVERAL)
    def several_things_happen_at_once(self, operations):
        self.work(self.all_of(operations))

    @rule(operations=SEVERAL, fuse=FUSES, next_fuse=st.none() | FUSES)
    def the_program_is_killed(self, operations, fuse, next_fuse):
        self.work(self.killed(operations, fuse, next_fuse))

    async def killed(self, operations, fuse, next_fuse):
        life = self.machine.life
        life.fuse.light(*fuse)
        await life.until_killed(self.all_of(operations))
        await self.machine.kill(next_fuse)

    @rule(chance=CHANCES)
    def a_write_fails(self, chance):
        self.work(self.failed(chance))

    async def failed(self, chance):
        before = {
            table: (facts(table.match), table.entries) for table in self.arena.tables.values()
        }
        self.store.full = True
        with suppress(OperatorError, Refused):
            await self.do("say", chance)
        self.store.full = False
        for table, stood in before.items():
            assert (facts(table.match), table.entries) == stood

    @rule(chance=CHANCES)
    def a_click_comes_again(self, chance):
        if self.clicks:
            self.work(self.clicked_again(Random(chance).choice(self.clicks)))

    async def clicked_again(self, click):
        before = (await self.store.load(click.match_id)).entries
        known = click.cause in [entry.cause for entry in before]
        try:
            await self.send(click)
        except AlreadyDone:
            assert known
        except Refused:
            assert not known
        else:
            assert not known, f"{click} has counted twice."
        await self.machine.life.quiet()

    @rule(chance=CHANCES, junk=st.sampled_from(JUNK))
    def somebody_talks_nonsense_or_out_of_turn(self, chance, junk):
        self.work(self.refused(Random(chance), junk))

    async def refused(self, rng, junk):
        for table in self.arena.tables.values():
            seat = rng.choice((*table.players, Seat("a stranger")))
            before, entries = facts(table.match), table.entries
            why = "The match is paused." if table.paused else refusal_of(table.match, seat, junk)
            if why:
                with pytest.raises(Refused, match=re.escape(why)):
                    await table.submit(seat, junk)
                assert (facts(table.match), table.entries) == (before, entries)

    @rule(chance=CHANCES)
    def an_old_question_is_answered(self, chance):
        self.work(self.stale(Random(chance)))

    async def stale(self, rng):
        old = [click for click in self.clicks if click.ask_id]
        if not old:
            return
        click = rng.choice(old)
        table = await self.arena.wake(click.match_id)
        asks = table.match.asks
        if table.paused or (click.seat in asks and table.match.ask_id(click.seat) == click.ask_id):
            return
        before = table.entries
        with pytest.raises(NotYourTurn, match="no longer open"):
            await table.submit(click.seat, click.text, ask_id=click.ask_id)
        assert table.entries == before

    # What holds after each of them.

    @invariant()
    def memory_journal_and_room_agree(self):
        self.work(self.check())

    async def check(self):
        assert self.machine.channel.changed == []
        assert await self.store.undelivered() == []
        dues = await self.store.due(datetime.now(UTC) + timedelta(days=1))
        summaries = await self.store.matches(limit=1000)
        assert self.accepted.keys() <= {summary.match_id for summary in summaries}
        for match_id, entries in [(summary.match_id, summary.entries) for summary in summaries]:
            table = self.arena.tables.get(match_id)
            own = [due for due in dues if due.match_id == match_id]
            now = (entries, own, table, table and table.match.version)
            if self.checked.get(match_id) != now:  # else nothing has happened to it
                await self.check_match(match_id, table, own)
                self.checked[match_id] = now

    async def check_match(self, match_id, table, dues):
        stored = await self.store.load(match_id)
        self.check_journal(stored)
        replayed = Table(stored, self.store, seating, lambda *_: None)
        if table:
            check_same(table, replayed)
        assert stored.outcome == replayed.match.outcome
        check_time_limits(replayed, dues)
        check_seats_lost(stored)
        check_secrets(replayed.match)
        self.check_room(stored, replayed.match)

    def check_journal(self, stored):
        """Check that no entry is missing, and that none has changed that was said to be safe."""
        match_id = stored.setup.match_id
        entries = {entry.number: entry for entry in stored.entries}
        assert list(entries) == list(range(1, len(entries) + 1))
        assert self.accepted[match_id].items() <= entries.items()
        ended = self.ended.setdefault(match_id, stored.outcome) or stored.outcome
        assert stored.outcome == ended
        self.ended[match_id] = ended

    def check_room(self, stored, match):
        """Check that everybody was told all that is theirs to know, in order and nothing else."""
        room = list(promised(stored.entries, SPECTATOR))
        for viewer in viewers(match):
            own = [] if viewer == SPECTATOR else list(promised(stored.entries, viewer))
            read = self.machine.channel.read(stored.setup.match_id, viewer)
            owed = room if viewer == SPECTATOR else own
            assert read == [said for _, said in owed]
            check_kept(match, viewer, [*room, *own])


def check_same(table, other):
    """Check that a table in memory and the replay of its journal cannot be told apart."""
    assert table.match.to_json() == other.match.to_json()
    assert facts(table.match) == facts(other.match)
    for name in ("entries", "players", "first_players", "paused"):
        assert getattr(table, name) == getattr(other, name)


def check_time_limits(table, dues):
    """Check that every question with a time limit which stands to a person has its clock."""
    standing = {
        (seat, table.match.ask_id(seat))
        for seat, ask in table.match.asks.items()
        if ask.seconds is not None and is_person(table.players[seat]) and not table.paused
    }
    assert standing <= {(due.seat, due.ask_id) for due in dues}
    assert not (table.over and dues)


def check_seats_lost(stored):
    """Check that nobody has lost a seat over a question that was answered just in time."""
    for entry in stored.entries:
        for event in entry.events:
            if isinstance(event, HandedOver) and "run out of time" in event.reason.template:
                before = replace(stored, entries=stored.entries[: entry.number - 1])
                assert event.seat in restore(before).asks


def check_secrets(match):
    """Check that no view holds an event that is not its seat's, or a word from one."""
    for viewer in viewers(match):
        view = match.view_of(viewer)
        assert view.game == view.game.without_hidden()
        assert all(event.seen_by(viewer) for event in view.events)
        check_kept(match, viewer, enumerate(str(event.told()) for event in view.events))


def check_kept(match, viewer, sentences):
    """Check that a viewer has read no word that is still a secret of others."""
    sentences = list(sentences)
    last = max((at for at, said in sentences if said.startswith(SHOWN)), default=-1)
    fresh = [said for at, said in sentences if at > last and not said.startswith(LIST)]
    for word, owners in secrets(match):
        told = re.search(rf"\b{re.escape(word)}\b", "\n".join(fresh), re.IGNORECASE)
        assert viewer in owners or not told, f"{viewer or 'the room'} has read {word!r}"


def secrets(match):
    """Yield what is not known to all yet, and which seats may know it."""
    match match.state:
        case Hunt(deal=deal, over=False):
            yield deal.word, set(match.seats) - {deal.chameleon}
            yield "You are the chameleon", {deal.chameleon}
        case Duel(hidden=hidden) | Prison(hidden=hidden):
            yield from ((str(hand), {seat}) for seat, hand in hidden.items())
        case Bout(hidden=hidden):
            yield from ((said, {seat}) for seat, said in hidden.items() if MARK.match(said or ""))
            yield ROLE, {Seat("Ann"), MODERATOR}
            yield BRIEFING, {MODERATOR}


def promised(entries, viewer):
    """Yield what a journal owes to the room, or to the person in a seat: number and sentence."""
    players = {}
    for entry in entries:
        changes = [event for event in entry.events if isinstance(event, Seated | HandedOver)]
        players.update({event.seat: event.player for event in changes})
        if viewer == SPECTATOR or is_person(players[viewer]):
            for event in entry.events:
                own = viewer == SPECTATOR or not event.seen_by(SPECTATOR)
                if own and event.seen_by(viewer) and str(event.told()):
                    yield entry.number, str(event.told())


def viewers(match):
    return (*match.seats, *match.game.environment, SPECTATOR)


TestTableMachine = TableMachine.TestCase
TestTableMachine.settings = settings(
    max_examples=50,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
