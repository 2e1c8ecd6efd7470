"""What each rule pays for the answers of a phase."""

import pytest

from tests.games.recipes.documents import match_of, said

CHOICE = '{ kind = "choice", choices = ["a", "b", "c"] }'
NUMBER = '{ kind = "number", least = 0, most = 100 }'
SEVERAL = '{ kind = "several", choices = ["a", "b", "c"], most = 2 }'
VOTE = '{ kind = "vote" }'
PAYOFF = 'payoff = { "a/a" = 3, "b/a" = 5, "b/b" = 1 }'


def paid(answer, rule, *answers, more="", seats=("Ann", "Bob", "Cy")):
    """Return the points that three seats get for their answers."""
    body = f"""
[[phases]]
name = "pick"
ask = "Which?"
answer = {answer}

[[phases.points]]
rule = "{rule}"
points = 2
{more}
"""
    match = match_of(body, seats=seats)
    for seat, text in zip(seats, answers, strict=True):
        match.say(seat, text)
    return [match.outcome.scores[seat] for seat in seats]


@pytest.mark.parametrize(
    ("rule", "answers", "points"),
    [
        ("matching", "aab", [2, 2, 0]),
        ("matching", "abc", [0, 0, 0]),
        ("unique", "aab", [0, 0, 2]),
        ("unique", "abc", [2, 2, 2]),
        ("most given", "aab", [2, 2, 0]),
        ("most given", "abc", [2, 2, 2]),
    ],
)
def test_choices_pay_by_how_many_made_them(rule, answers, points):
    assert paid(CHOICE, rule, *answers) == points


@pytest.mark.parametrize(
    ("rule", "more", "answers", "points"),
    [
        ("highest", "", ("7", "9", "9"), [0, 2, 2]),
        ("lowest", "", ("7", "9", "9"), [2, 0, 0]),
        ("nearest", "answer = 8", ("7", "9", "2"), [2, 2, 0]),
        ("number", "", ("7", "9", "0"), [14, 18, 0]),
        ("equals", "answer = 9", ("7", "9", "0"), [0, 2, 0]),
        ("equals", "answer = 9.0", ("7", "9", "0"), [0, 2, 0]),
        ("equals", "answer = '09'", ("7", "9", "0"), [0, 2, 0]),
    ],
)
def test_numbers_pay_by_how_high_or_near_they_are(rule, more, answers, points):
    assert paid(NUMBER, rule, *answers, more=more) == points


@pytest.mark.parametrize(
    ("rule", "votes", "points"),
    [
        ("chosen", ("Bob", "Cy", "Bob"), [0, 4, 2]),
        ("most chosen", ("Bob", "Cy", "Bob"), [0, 2, 0]),
        ("most chosen", ("Bob", "Cy", "Ann"), [2, 2, 2]),
    ],
)
def test_votes_pay_those_who_are_named(rule, votes, points):
    assert paid(VOTE, rule, *votes) == points


def test_several_options_count_in_any_order():
    assert paid(SEVERAL, "matching", "a, b", "b, a", "a") == [2, 2, 0]


def test_a_payoff_is_paid_for_each_other_seat():
    assert paid(CHOICE, "payoff", "a", "a", "b", more=PAYOFF) == [6, 6, 20]
    assert paid(CHOICE, "payoff", "b", "b", "c", more=PAYOFF) == [2, 2, 0]


def test_whoever_passes_gets_nothing():
    optional = CHOICE.replace(" }", ", optional = true }")
    assert paid(optional, "unique", "a", "pass", "pass") == [2, 0, 0]


ROLES = """
[roles.thief]
count = 1
text = "You are the thief."

[roles.guard]
text = "You are a guard."

[[phases]]
name = "accuse"
ask = "Who is it?"
answer = { kind = "vote" }

[[phases]]
name = "end"
tell = "It was {thief}."
reveals = ["thief", "guard"]
"""


@pytest.mark.parametrize(
    ("rule", "to", "caught", "escaped"),
    [
        ("caught", "guard", [0, 1, 1], [0, 0, 0]),
        ("escaped", "thief", [0, 0, 0], [1, 0, 0]),
        ("names role", "everyone", [0, 1, 1], [0, 1, 0]),
    ],
)
def test_points_for_finding_a_role_or_hiding(rule, to, caught, escaped):
    points = f"""
[[phases.points]]
rule = "{rule}"
phase = "accuse"
role = "thief"
to = "{to}"
"""
    for wrong, wanted in ((False, caught), (True, escaped)):
        match = match_of(ROLES + points)
        (thief,) = match.state.holders("thief")
        guards = [seat for seat in match.seats if seat != thief]
        match.say(thief, guards[0])
        match.say(guards[0], thief)
        match.say(guards[1], guards[0] if wrong else thief)
        assert [match.outcome.scores[seat] for seat in (thief, *guards)] == wanted


def test_a_tie_finds_nobody_out():
    match = match_of(ROLES + '[[phases.points]]\nrule = "caught"\nphase = "accuse"\nrole = "thief"')
    (thief,) = match.state.holders("thief")
    first, second = [seat for seat in match.seats if seat != thief]
    told = said(match, (thief, first), (first, thief), (second, first))
    assert f"It was {thief}." in told
    assert not any(match.outcome.scores.values())


def test_the_others_are_paid_for_knowing_their_leader():
    body = """
[[phases]]
name = "leads"
of = "leader"
ask = "Tea or milk?"
answer = { kind = "choice", choices = ["tea", "milk"] }
shown = "nobody"

[[phases]]
name = "guess"
of = "others"
ask = "What has {leader} chosen?"
answer = { kind = "choice", choices = ["tea", "milk"] }

[[phases.points]]
rule = "equals"
answer_in = "leads"
because = "Who knows {leader}:"
"""
    match = match_of(body)
    assert match.asked == {"Ann"}
    match.say("Ann", "tea")
    assert match.asked == {"Bob", "Cy"}
    assert str(match.asks["Bob"].prompt) == "What has Ann chosen?"
    told = said(match, ("Bob", "tea"), ("Cy", "milk"))
    assert told[:3] == ["Bob: tea", "Cy: milk", "Who knows Ann: Bob 1."]
    assert match.outcome.winners == ["Bob"]


def test_a_form_pays_for_one_of_its_parts():
    form = (
        '{ kind = "form", parts = { why = { kind = "text", prompt = "Why?" }, '
        'much = { kind = "number", least = 0, most = 5, prompt = "How much?" } } }'
    )
    answers = [f"why: because\nmuch: {much}" for much in (1, 2, 3)]
    assert paid(form, "number", *answers, more='part = "much"') == [2, 4, 6]
