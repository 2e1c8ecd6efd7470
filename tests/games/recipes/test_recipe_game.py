"""How a recipe is played: phases in order, loops, who is asked and told what, and the end."""

import json

import pytest

from games.core import BadSetup, BrokenLog, Match, Refused
from games.core.codec import game_from_json, game_to_json
from games.recipes import recipe_game
from tests.games.recipes.documents import HEAD, match_of, read_by, said

TALK = """
[[phases]]
name = "talk"
ask = "Say something."
order = "in turn"
shown = "everyone"
"""
PICK = """
[[phases]]
name = "pick"
ask = "Which?"
answer = { kind = "choice", choices = ["a", "b"] }
"""
UNIQUE = '\n[[phases.points]]\nrule = "unique"\n'


def loop(first, last, times=3, more=""):
    return f'\n[[loops]]\nfrom = "{first}"\nto = "{last}"\ntimes = {times}\n{more}\n'


def test_seats_speak_in_turn_and_another_one_begins_each_round():
    match = match_of(TALK + loop("talk", "talk", 2))
    order = []
    while not match.over:
        (seat,) = match.asked
        order.append(seat)
        match.say(seat, f"I am {seat}.")
    assert order == ["Ann", "Bob", "Cy", "Bob", "Cy", "Ann"]
    told = read_by(match, "Cy")
    assert told[:3] == ["Round 1.", "Ann: I am Ann.", "Bob: I am Bob."]
    assert told[-1] == "The game is over."


def test_answers_given_together_are_shown_when_all_have_answered():
    match = match_of(PICK)
    assert said(match, ("Cy", "a"), ("Ann", "b")) == []
    assert read_by(match, "Cy")[-1] == "You answer: a."
    assert said(match, ("Bob", "a"))[:3] == ["Ann: b", "Bob: a", "Cy: a"]


@pytest.mark.parametrize(
    ("shown", "public", "by_bob"),
    [("everyone", ["Ann: a"], ["Ann: a"]), ("nobody", [], []), ("afterwards", [], [])],
)
def test_who_reads_an_answer_is_for_the_recipe_to_say(shown, public, by_bob):
    match = match_of(PICK + f'shown = "{shown}"')
    assert said(match, ("Ann", "a")) == public
    assert read_by(match, "Bob") == by_bob
    said(match, ("Bob", "a"), ("Cy", "b"))
    assert ("Cy: b" in read_by(match, "Bob")) is (shown != "nobody")


def test_a_refused_answer_changes_nothing():
    match = match_of(PICK)
    with pytest.raises(Refused) as refusal:
        match.say("Ann", "c")
    assert str(refusal.value) == "Say exactly one of a and b."
    assert match.asked == {"Ann", "Bob", "Cy"}


def test_whoever_passes_a_whole_form_has_answered_nothing():
    parts = 'parts = { a = { kind = "choice", choices = ["a", "b"], prompt = "Which?" } }'
    form = PICK.replace(
        'kind = "choice", choices = ["a", "b"]', f'kind = "form", optional = true, {parts}'
    )
    match = match_of(form + UNIQUE + 'part = "a"\n')
    assert said(match, ("Ann", "a: a"), ("Bob", "pass"), ("Cy", ""))[:4] == [
        "Ann: a: a",
        "Bob says nothing.",
        "Cy says nothing.",
        "Points: Ann 1.",
    ]


def test_a_loop_ends_when_all_agree():
    match = match_of(PICK + loop("pick", "pick", 9, 'until = { agreed = "pick" }'))
    said(match, ("Ann", "a"), ("Bob", "a"), ("Cy", "b"))
    assert not match.over
    told = said(match, ("Ann", "a"), ("Bob", "a"), ("Cy", "a"))
    assert told[-1] == "The game is over."


def test_the_game_ends_early_when_somebody_has_enough_points():
    end = '\n[end]\nwhen = { points = "enough" }\n'
    options = '\n[options.enough]\nhelp = "Points to win."\ndefault = 2\nleast = 1\nmost = 5\n'
    body = options + PICK + UNIQUE + loop("pick", "pick", 9) + end
    match = match_of(body, enough=1)
    told = said(match, ("Ann", "a"), ("Bob", "b"), ("Cy", "b"))
    assert told[3:] == ["Points: Ann 1.", "The game is over. Points: Ann 1, Bob 0, Cy 0."]
    with pytest.raises(BadSetup) as refusal:
        match_of(body, enough=6)
    assert str(refusal.value) == "The option enough needs a number from 1 to 5."


def test_the_moderator_judges_each_answer_and_can_end_the_game():
    body = (
        TALK
        + """
[[phases]]
name = "judge"
of = "moderator"
about = "talk"
ask = "{about} says: {answer} Good?"
answer = { kind = "choice", choices = ["yes", "no"] }

[[phases.points]]
rule = "equals"
answer = "yes"

[[phases]]
name = "enough"
of = "moderator"
ask = "Is it enough?"
answer = { kind = "choice", choices = ["yes", "no"] }
default = "no"
"""
        + loop("talk", "enough", 9, 'until = { answered = "enough", with = "yes" }')
    )
    match = match_of(body)
    said(match, ("Ann", "Hello."), ("Bob", "Well."), ("Cy", "Yes."))
    assert match.asked == {"moderator"}
    assert str(match.asks["moderator"].prompt) == "Ann says: Hello. Good?"
    told = said(match, ("moderator", "yes"), ("moderator", "no"), ("moderator", "no"))
    assert told == [
        "moderator about Ann: yes",
        "moderator about Bob: no",
        "moderator about Cy: no",
        "Points: Ann 1.",
    ]
    assert match.asks["moderator"].default == "no"
    assert said(match, ("moderator", "yes"))[-1].startswith("The game is over.")
    assert match.outcome.winners == ["Ann"]


SPIES = """
[roles.spy]
count = 2
knows = ["spy"]
text = "{seat}, you are a {role}."

[roles.guest]
text = "You are a guest."

[[phases]]
name = "night"
of = "spy"
ask = "What do you whisper?"
meanwhile = "What do you dream of?"
shown = "spy"
seconds = 60
"""


def test_those_with_a_hidden_role_talk_while_the_others_dream():
    head = HEAD.replace("least = 2", "least = 4")
    match = match_of(SPIES, seats=("Ann", "Bob", "Cy", "Dee"), seed=3, head=head)
    one, other = match.state.holders("spy")
    guest, last = match.state.holders("guest")
    assert match.asked == set(match.seats)
    assert read_by(match, one) == [f"{one}, you are a spy.", f"You know who is spy: {other}."]
    assert {seat: str(ask.prompt) for seat, ask in match.asks.items()} == {
        one: "What do you whisper?",
        other: "What do you whisper?",
        guest: "What do you dream of?",
        last: "What do you dream of?",
    }
    assert {ask.seconds for ask in match.asks.values()} == {60}
    assert not any(ask.public for ask in match.asks.values())
    assert said(match, (one, "psst"), (guest, "sheep")) == []
    assert read_by(match, other)[-1] == f"{one}: psst"
    assert read_by(match, last) == ["You are a guest."]
    assert said(match, (other, "ok"), (last, "goats")) == ["The game is over."]


DRAWS = """
[lists]
words = ["x", "y", "z"]

[draws.word]
from = "words"

[[phases]]
name = "draw"
draws = ["word"]
tell = "The word is {word}."
"""


def test_nothing_is_drawn_twice_before_the_list_is_used_up():
    match = match_of(DRAWS + TALK + loop("draw", "talk", 6))
    while not match.over:
        match.say(min(match.asked), "Hm.")
    drawn = [line[-2] for line in read_by(match, "") if "The word" in line]
    assert sorted(drawn[:3]) == sorted(drawn[3:]) == ["x", "y", "z"]


def test_the_hidden_option_deal_fixes_every_draw():
    fixed = {tuple(read_by(match_of(DRAWS + TALK, seed=seed, deal=7), "Ann")) for seed in range(20)}
    free = {tuple(read_by(match_of(DRAWS + TALK, seed=seed), "Ann")) for seed in range(20)}
    assert (len(fixed), len(free)) == (1, 3)
    match = match_of(DRAWS + TALK, deal=7)
    assert match.view_of(match.seats[0]).game.deal is None


def test_all_win_or_lose_together_where_the_recipe_says_so():
    body = PICK + UNIQUE + '\n[end]\nranks = "together"\ngoal = 1\n'
    won, lost = match_of(body), match_of(body)
    said(won, ("Ann", "a"), ("Bob", "b"), ("Cy", "b"))
    said(lost, ("Ann", "b"), ("Bob", "b"), ("Cy", "b"))
    assert str(won.outcome.reason) == "Together you have 1 points, and needed 1: all win."
    assert str(lost.outcome.reason) == (
        "Together you have 0 of the 1 points that are needed: all lose."
    )
    assert [*won.outcome.scores.values(), *lost.outcome.scores.values()] == [1, 1, 1, 0, 0, 0]


def test_the_fewest_points_can_win():
    match = match_of(PICK + UNIQUE + '\n[end]\nranks = "fewest points"\n')
    said(match, ("Ann", "a"), ("Bob", "b"), ("Cy", "b"))
    assert match.outcome.winners == ["Bob", "Cy"]


def test_a_match_keeps_the_rules_it_began_with():
    match = match_of(TALK)
    match.say("Ann", "Hello.")
    stored = json.loads(match.to_json())
    assert stored["game"] == {"name": "a-test", "options": {}, "document": HEAD + TALK}
    recipe_game((HEAD + TALK).replace("Say something.", "Say nothing."))
    again = Match.from_json(json.dumps(stored))
    assert str(again.asks["Bob"].prompt) == "Say something."
    assert again.game == match.game


def test_a_stored_game_is_not_taken_for_another_of_its_name():
    stored = game_to_json(recipe_game(HEAD + TALK)())
    for wrong in ({"name": "chameleon"}, {"document": ""}, {"document": "title = 3"}):
        with pytest.raises(BrokenLog):
            game_from_json({**stored, **wrong})
    with pytest.raises(BrokenLog):
        game_from_json({"name": "chameleon", "options": {}, "document": HEAD + TALK})


ON_AND_ON = """
[[phases]]
name = "on"
ask = "Again?"
answer = { kind = "choice", choices = ["yes", "no"] }
"""
SOMETIMES = 'when = { answered = "on", with = "yes" }\n'
BOTH_A = [("Ann", "a"), ("Bob", "a")]


def test_answers_of_an_earlier_round_count_no_more_when_their_phase_is_left_out():
    pay = '\n[[phases]]\nname = "pay"\n' + UNIQUE + 'phase = "pick"\n'
    body = ON_AND_ON + PICK + SOMETIMES + pay + loop("on", "pay")
    match = match_of(body, seats=["Ann", "Bob"])
    told = said(match, ("Ann", "yes"), ("Bob", "no"), ("Ann", "a"), ("Bob", "b"))
    assert "Points: Ann 1, Bob 1." in told
    said(match, *[("Ann", "no"), ("Bob", "no")] * 2)
    assert match.outcome.scores == {"Ann": 1, "Bob": 1}


def test_no_condition_holds_because_of_a_phase_that_is_left_out():
    agreed = 'tell = "You agree."\nwhen = { agreed = "pick" }\n'
    told = f'\n[[phases]]\nname = "told"\n{agreed}'
    match = match_of(ON_AND_ON + PICK + SOMETIMES + told + loop("on", "told"), seats=["Ann", "Bob"])
    assert "You agree." in said(match, ("Ann", "yes"), ("Bob", "no"), *BOTH_A)
    assert "You agree." not in said(match, ("Ann", "no"), ("Bob", "no"))
    assert "You agree." in said(match, ("Ann", "no"), ("Bob", "yes"), *BOTH_A)
