"""Games whose rules run elsewhere, with a referee that follows a script instead of a library."""

import json
from dataclasses import dataclass
from random import Random
from typing import ClassVar

import pytest

from games.core import SPECTATOR, BadSetup, IllegalMove, Level, Match, Seat, Text
from games.foreign import ForeignGame
from games.foreign_events import REFEREE, Asked, Begun, BrokenOff, Heard, Moved, TurnedDown
from games.foreign_report import LONGEST_REPORT, Observation, Question, Report
from tests.games.contract import RULES

ANN, BOB = Seat("Ann"), Seat("Bob")
TALK, BETS = "talk", "bets"


@dataclass(frozen=True)
class Bluff(ForeignGame):
    """Each seat has a secret number; all speak twice in turn, and the highest number wins."""

    name: ClassVar[str] = "bluff"
    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 5
    env: str = TALK
    """Whether they talk or bet."""

    def house_answer(self, view, ask, level, rng):
        if view.seat == REFEREE:
            return follow(view).to_json()
        return super().house_answer(view, ask, level, rng)


def follow(view) -> Report:
    """Return what the script says to all that has happened."""
    [begun] = [event for event in view.events if isinstance(event, Begun)]
    asked = [event.question.seat for event in view.events if isinstance(event, Asked)]
    numbers = Random(begun.seed).sample(range(1000, 10_000), len(view.seats))
    if not asked:
        told = [
            Observation(f"Your number is {n}.", (seat,))
            for seat, n in zip(view.seats, numbers, strict=True)
        ]
        return Report((Observation("Welcome!"), *told), question(view, 0))
    last = view.events[-1]
    assert isinstance(last, Moved)
    if "x1" in last.move:
        return Report(refused=f"Nobody says {last.move} here.")
    said = Observation(last.move, by=last.seat), Observation("You have spoken.", (last.seat,))
    if len(asked) < 2 * len(view.seats):
        return Report(said, question(view, len(asked)))
    scores = {seat: float(n) for seat, n in zip(view.seats, numbers, strict=True)}
    return Report(said, scores=scores, reason="All numbers are shown.")


def question(view, turn: int) -> Question:
    options = ("high", "low") if view.game.env == BETS else ()
    return Question(view.seats[turn % len(view.seats)], "Speak.", options, ("hm", "ah"))


def opened(game: ForeignGame | None = None, seats=(ANN, BOB)) -> Match:
    match = Match(game or Bluff(), seats, 7)
    answer(match)
    return match


def answer(match: Match) -> None:
    """Let the script answer for the environment."""
    view = match.view_of(REFEREE)
    match.say(REFEREE, match.game.house_answer(view, match.asks[REFEREE], Level.HARD, Random()))


def say(match: Match, seat: Seat, text: str) -> None:
    match.say(seat, text)
    answer(match)


def report(match: Match, **parts) -> None:
    match.say(REFEREE, Report(**parts).to_json())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("env", [TALK, BETS])
def test_the_contract_of_all_games_holds_with_a_scripted_referee(env, rule):
    for seed in range(6):
        seats = ("Ann", "Bob", "Cy", "Dee", "Player 1")[: 1 + seed % 5]
        rule(Bluff(env), tuple(map(Seat, seats)), seed)


def test_the_environment_is_asked_first_and_after_each_move():
    match = Match(Bluff(), (ANN, BOB), 7)
    assert match.asked == {REFEREE}
    answer(match)
    assert match.asked == {ANN}
    match.say(ANN, "Mine is high.")
    assert match.asked == {REFEREE}
    answer(match)
    assert match.asked == {BOB}


def test_who_sees_what_is_as_the_environment_has_said():
    match = opened()
    say(match, ANN, "Mine is high.")
    read = {who: "\n".join(str(event.told()) for event in match.view(who)) for who in (ANN, BOB)}
    numbers = [text for text in read[ANN].splitlines() if text.startswith("Your number")]
    assert len(numbers) == 1
    assert numbers[0] not in read[BOB]
    assert "You have spoken." in read[ANN]
    assert "You have spoken." not in read[BOB]
    assert "Ann: Mine is high." in read[BOB]
    assert [str(event.told()) for event in match.view(SPECTATOR)] == [
        "Welcome!",
        "Ann: Mine is high.",
    ]


def test_nobody_but_the_environment_knows_the_seed():
    match = opened(Bluff(seed=5))
    assert not any(isinstance(event, Begun) for event in match.view(ANN))
    assert match.view_of(ANN).game.seed is None
    assert match.view(REFEREE)[0] == Begun(REFEREE, 5)


def test_a_move_that_does_not_count_is_told_to_its_seat_alone_and_asked_again():
    match = opened()
    say(match, ANN, "x1")
    assert match.asked == {ANN}
    assert "Nobody says x1 here." in str(match.asks[ANN].prompt)
    assert isinstance(match.view(ANN)[-1], TurnedDown)
    assert not any(isinstance(event, TurnedDown | Moved) for event in match.view(BOB))
    say(match, ANN, "fine")
    assert match.asked == {BOB}


def test_whoever_makes_too_many_moves_that_do_not_count_comes_last():
    match = opened(Bluff(patience=3), (ANN, BOB, "Cy"))
    for _ in range(3):
        say(match, ANN, "x1")
    assert match.outcome.ranks == {"Ann": 3, "Bob": 1, "Cy": 1}
    told = "Ann has made 3 moves in a row that do not count, and loses."
    assert str(match.outcome.reason) == told


def test_a_game_without_end_is_broken_off_without_a_result():
    match = opened(Bluff(longest=3))
    for seat in (ANN, BOB, ANN):
        say(match, seat, "hm")
    assert match.over
    assert match.outcome.aborted
    assert str(match.outcome.reason) == "3 moves have been made."


def test_the_environment_may_give_up_and_nobody_wins():
    match = opened()
    match.say(ANN, "hm")
    report(match, aborted="The environment stands still.")
    assert match.outcome.aborted
    assert match.log[-1] == BrokenOff(Text("{reason}", reason="The environment stands still."))


def test_where_the_environment_knows_every_move_nothing_else_is_one():
    match = opened(Bluff(BETS))
    assert match.asks[ANN].choices == ("high", "low")
    match.say(ANN, "high")
    assert match.log[-1] == Moved(ANN, "high", "")


def test_what_somebody_said_can_be_forgotten_and_an_option_cannot():
    match = opened()
    say(match, ANN, "Mine is high.")
    match.forget(2)
    match.forget(3)
    assert "high" not in repr(match.log)
    assert [str(event.told()) for event in match.log if isinstance(event, Moved | Heard)] == [
        "You have moved.",
        "Ann has said something.",
    ]


GOOD = Question(ANN)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is no JSON object with the fields of a report"),
        ("[" * 9_999, "it is no JSON object with the fields of a report"),
        ('{"aborted": 3}', "it is no JSON object with the fields of a report"),
        ('{"secret": "x"}', "it is no JSON object with the fields of a report"),
        (Report().to_json(), "it needs exactly one of asked, refused, scores and aborted"),
        (
            Report(asked=GOOD, aborted="no").to_json(),
            "it needs exactly one of asked, refused, scores and aborted",
        ),
        (
            Report((Observation("x"),), refused="no").to_json(),
            "a move that does not count shows nobody anything",
        ),
        (
            Report((Observation("x", ("Cy",)),), GOOD).to_json(),
            "an observation names a seat that is not at the table",
        ),
        (
            Report((Observation("x" * 20_001),), GOOD).to_json(),
            "an observation has more than 20000 characters",
        ),
        (
            Report((Observation("x"),) * 501, GOOD).to_json(),
            "it has more than 500 observations",
        ),
        (Report(asked=Question(REFEREE)).to_json(), "it asks a seat that is not at the table"),
        (Report(asked=Question(ANN, "", ("a", "a"))).to_json(), "an option stands in it twice"),
        (
            Report(asked=Question(ANN, "", ("a" * 101,))).to_json(),
            "an option has 1 to 100 visible characters",
        ),
        (
            Report(scores={ANN: 1.0}).to_json(),
            "the scores must be one number for every seat",
        ),
        (
            json.dumps({"scores": [["Ann", 1], ["Bob", 1e999]]}),
            "the scores must be one number for every seat",
        ),
    ],
)
def test_a_report_with_a_fault_changes_nothing(text, fault):
    match = opened()
    match.say(ANN, "hm")
    before = match.version
    with pytest.raises(IllegalMove) as refused:
        match.say(REFEREE, text)
    assert str(refused.value) == f"The report cannot be taken: {fault}."
    assert match.version == before
    assert match.asked == {REFEREE}


def test_a_report_that_is_too_long_changes_nothing():
    match = opened()
    match.say(ANN, "hm")
    with pytest.raises(IllegalMove, match="A report has at most 500000 characters"):
        match.say(REFEREE, "x" * (LONGEST_REPORT + 1))
    assert match.asked == {REFEREE}


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"longest": 0}, "The option longest needs a number from 1 to 5000."),
        ({"patience": 101}, "The option patience needs a number from 1 to 100."),
        ({"seed": -1}, "The option seed needs a number from 0 to 2147483647."),
    ],
)
def test_options_that_make_no_game_are_refused(options, refusal):
    with pytest.raises(BadSetup) as refused:
        Bluff(**options)
    assert str(refused.value) == refusal
