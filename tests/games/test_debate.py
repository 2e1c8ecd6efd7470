"""The rules of a debate, one test each."""

import json

import pytest

from games import debate_house as house
from games.core import BadSetup, IllegalMove, Level, Match, Seat, UnclearMove, Words
from games.debate import JUDGE, Debate
from games.debate_events import HalfBegan, Judged, MotionSet, Rated, Spoken
from games.debate_judging import evidence
from games.puzzle_words import Language
from tests.games.contract import codec_for, forgetting, house_answer

ANN, BOB = Seat("ann"), Seat("bob")
MOTION = "Tea is better than coffee."


@pytest.fixture
def match():
    return Match(Debate(motion=MOTION, speeches=1), seats=(ANN, BOB), seed=7)


@pytest.fixture
def heard(match):
    """A half of which both speeches are over."""
    match.say(ANN, "Tea calms the mind,\nand it is “older” than coffee.")
    match.say(BOB, "Coffee wakes you up in the morning.")
    return match


def form(points=(7, 4), quotes=("calms the mind", "wakes you up"), reason="Ann was clearer."):
    names = ("for", "against", "for_quote", "against_quote", "reason")
    return json.dumps(dict(zip(names, (*points, *quotes, reason), strict=True)))


def test_the_motion_is_set_and_the_first_seat_speaks_for_it(match):
    assert match.log == [MotionSet(MOTION), HalfBegan(1, ANN, BOB)]
    assert match.asked == {ANN}
    assert str(match.asks[ANN].prompt) == (
        "Speech 1 of 1: argue for the motion “Tea is better than coffee.”"
    )
    match.say(ANN, "It is.")
    assert str(match.asks[BOB].prompt) == (
        "Speech 1 of 1: argue against the motion “Tea is better than coffee.”"
    )


def test_the_judge_gives_points_with_quotes_as_evidence(heard):
    assert heard.asked == {JUDGE}
    heard.say(JUDGE, form())
    assert heard.log[-4:-1] == [
        Rated(ANN, 7, "calms the mind"),
        Rated(BOB, 4, "wakes you up"),
        Judged("Ann was clearer.", {ANN: 7, BOB: 4}, over=False),
    ]


def test_in_the_second_half_sides_and_order_are_swapped_and_points_added(heard):
    heard.say(JUDGE, form())
    assert heard.log[-1] == HalfBegan(2, BOB, ANN)
    assert heard.asked == {BOB}
    heard.say(BOB, "I love tea so much.")
    heard.say(ANN, "Coffee is for me.")
    heard.say(JUDGE, form((9, 5), ("tea so much", "coffee is for me"), ""))
    assert heard.over
    assert heard.outcome.scores == {ANN: 12, BOB: 13}
    assert str(heard.outcome.reason) == "bob wins the debate with 13 to 12 points."


def test_a_judge_who_always_favours_a_side_or_the_first_speaker_decides_nothing(heard):
    heard.say(JUDGE, form((9, 2)))
    heard.say(BOB, "I love tea so much.")
    heard.say(ANN, "Coffee is for me.")
    heard.say(JUDGE, form((9, 2), ("tea so much", "coffee is for me")))
    assert str(heard.outcome.reason) == "The debate is a draw, with 11 points each."
    assert heard.outcome.winners == [ANN, BOB]


@pytest.mark.parametrize(
    "quote",
    [
        "CALMS the Mind",
        "“Tea calms the mind”",
        "…calms the mind, and it",
        'it is "older" than coffee.',
        "Tea  calms\nthe mind, and it is „older“ than",
    ],
)
def test_case_space_and_quotation_marks_of_a_quote_do_not_matter(heard, quote):
    heard.say(JUDGE, form(quotes=(quote, "wakes you up")))
    assert heard.state.half == 2


@pytest.mark.parametrize(
    "quote",
    [
        "calms the soul",
        "Coffee wakes you up",  # the other side said it
        "the mind",  # too short to be evidence
        "…",
        "the mind calms",
        MOTION,
    ],
)
def test_a_quote_that_was_not_said_is_refused_and_changes_nothing(heard, quote):
    before = list(heard.log)
    with pytest.raises(IllegalMove) as why:
        heard.say(JUDGE, form(quotes=(quote, "wakes you up")))
    assert str(why.value) == (
        f"{quote!r} does not stand in what ann said. Quote 3 words or more in a row, exactly as "
        "they were said."
    )
    assert heard.log == before
    assert heard.asked == {JUDGE}


@pytest.mark.parametrize("points", [(11, 4), (-1, 4), ("good", 4), (7.5, 4), (None, 4)])
def test_points_must_be_whole_numbers_from_0_to_10(heard, points):
    before = list(heard.log)
    with pytest.raises(UnclearMove, match=r"^for: Say one whole number from 0 to 10\.$"):
        heard.say(JUDGE, form(points))
    assert heard.log == before


def test_a_form_without_evidence_is_refused(heard):
    with pytest.raises(UnclearMove, match=r"^for_quote: An empty answer does not count"):
        heard.say(JUDGE, "for: 7\nagainst: 4\nagainst_quote: wakes you up")


def test_who_has_said_nothing_needs_no_quote(match):
    match.say(ANN, "pass")
    match.say(BOB, "Coffee wakes you up.")
    match.say(JUDGE, "for: 0\nagainst: 6\nagainst_quote: Coffee wakes you up")
    assert match.state.points == {ANN: 0, BOB: 6}
    assert Rated(ANN, 0, "") in match.log


def test_a_short_speech_can_be_quoted_whole():
    assert evidence("tea!", (Words("Tea!"),), ANN) == "tea!"
    with pytest.raises(IllegalMove, match="Quote 2 words or more"):
        evidence("tea", (Words("Tea. Yes."),), ANN)


def test_the_judge_who_is_silent_gives_both_the_same(heard):
    heard.say(JUDGE, heard.asks[JUDGE].default)
    assert heard.state.points == {ANN: 5, BOB: 5}


def test_forgotten_speeches_cannot_be_quoted_and_hold_nothing_up(heard):
    turns = [forgetting(codec_for(heard), turn) for turn in heard.turns]
    again = Match(heard.game, heard.seats, heard.seed, turns)
    again.say(JUDGE, "for: 7\nagainst: 4")
    assert again.state.points == {ANN: 7, BOB: 4}


def test_without_swapping_there_is_one_half():
    match = Match(Debate(motion=MOTION, speeches=1, swap=False), (ANN, BOB))
    match.say(ANN, "Yes.")
    match.say(BOB, "No.")
    match.say(JUDGE, form(quotes=("Yes", "No")))
    assert match.over


def test_a_motion_is_drawn_in_the_language_of_the_game():
    for language in Language:
        motion = Match(Debate(language=language), (ANN, BOB), 3).log[0].motion
        assert motion in house.motions(language).reasons


def test_the_board_shows_the_points_of_each_half(heard):
    assert heard.board() is None
    heard.say(JUDGE, form())
    assert str(heard.board()).splitlines() == [
        "     Half 1  Points",
        "ann  7       7",
        "bob  4       4",
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"motion": "x" * 301}, "The option motion takes at most 300 characters."),
        ({"speeches": 0}, "The option speeches needs a number from 1 to 10."),
    ],
)
def test_options_that_do_not_fit_are_refused(options, sentence):
    with pytest.raises(BadSetup) as why:
        Debate(**options)
    assert str(why.value) == sentence


@pytest.mark.parametrize("name", ["judge", "Judge"])
def test_no_player_can_be_named_like_the_judge(name):
    with pytest.raises(BadSetup, match="is the arena's own"):
        Match(Debate(), (name, BOB))


@pytest.mark.parametrize("language", Language)
def test_each_motion_has_reasons_for_both_sides(language):
    known = house.motions(language)
    assert known.source
    assert len(known.reasons) >= 8
    for motion, sides in known.reasons.items():
        assert len(motion) <= 300
        assert all(len(set(reasons)) == 3 for reasons in sides)
    assert all("{echo}" in rebuttal for rebuttal in known.rebuttals)


def wins(ours, theirs, judge, games=100):
    """Return the share of points in debates of house bots; the seats change after each."""
    won = 0.0
    for seed in range(games):
        match = Match(Debate(), (ANN, BOB), seed)
        us = match.seats[seed % 2]
        while not match.over:
            (seat,) = match.asked
            level = judge if seat == JUDGE else ours if seat == us else theirs
            match.say(seat, house_answer(match, seat, level))
        won += match.outcome.winners.count(us) / len(match.outcome.winners)
    return won / games


def test_house_bots_argue_the_better_the_higher_their_level():
    assert wins(Level.HARD, Level.EASY, Level.HARD) > 0.9
    assert wins(Level.MEDIUM, Level.EASY, Level.HARD) > 0.8
    assert wins(Level.HARD, Level.MEDIUM, Level.HARD) > 0.7


def test_a_better_judge_sees_the_better_speeches_more_often():
    seen = [wins(Level.HARD, Level.MEDIUM, judge) for judge in Level]
    assert seen[0] < seen[2]


def test_equal_bots_win_equally_often():
    assert 0.35 < wins(Level.MEDIUM, Level.MEDIUM, Level.HARD) < 0.65


def test_a_house_bot_takes_up_little_of_a_speech_without_spaces():
    match = Match(Debate(), (ANN, BOB), 1)
    match.say(ANN, "x" * 1500)
    match.say(BOB, house_answer(match, BOB, Level.HARD))
    assert isinstance(match.log[-1], Spoken)
