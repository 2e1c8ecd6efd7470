import json
from dataclasses import replace

import pytest

from games.core import UnclearMove, Words
from tests.town_life import guide
from towns.afterthoughts import (
    importance_in,
    insights_ask,
    insights_in,
    notes_ask,
    notes_in,
    ponder_ask,
    pondered_in,
    worth_asking,
)
from towns.clock import GameTime
from towns.files import default_town
from towns.memory import Act, Experience, Insight, Memory, Note, Plan, RecordKind
from towns.questions import (
    LEAVE,
    MOST_CHOICES,
    STOP,
    Approach,
    Leave,
    Replay,
    Use,
    Verdict,
    act_ask,
    amount_ask,
    choice_in,
    choices,
    consider_ask,
    critic_ask,
    interview_ask,
    job_ask,
    line_in,
    most,
    plan_ask,
    plan_in,
    talk_ask,
    topic_in,
    verdict_in,
    wonder_ask,
)
from towns.situation import Line, Situation, Talk, first_memory

TOWN, GUIDE = default_town(), guide()
CAFE, SHOP, OFFICE, TABLE = "Café Estuary", "Corner Shop", "Bridge Office", "The Anchor Table"
SLEEP = Act("double bed", "sleep through the night", "", 0, 420, "")


def at(hour, here="", name="Joaquim", **given):
    """Return a situation at an hour of day 1."""
    profile = TOWN.residents[name]
    return Situation(
        guide=GUIDE,
        profile=profile,
        clock=TOWN.clock,
        tick=TOWN.clock.tick(GameTime(1, hour, 0)),
        here=here,
        **{"cash": 100, "minutes_to": dict.fromkeys(GUIDE.places, 10), **given},
    )


def labels(now):
    return list(choices(now))


def named(now, words):
    """Return the one choice with these words in it."""
    (label,) = [one for one in choices(now) if words in one]
    return label


def test_only_places_that_are_open_on_arrival_can_be_planned():
    early, later = at(6), at(12)
    assert not {CAFE, SHOP, OFFICE, TABLE} & set(plan_ask(early).fields["place"].choices)
    assert {CAFE, SHOP, OFFICE, TABLE} <= set(plan_ask(later).fields["place"].choices)
    late_walk = replace(later, minutes_to={**later.minutes_to, CAFE: 8 * 60})
    assert CAFE not in plan_ask(late_walk).fields["place"].choices


def test_a_place_where_nothing_can_be_paid_or_done_is_not_offered():
    assert "Corner Shop" in plan_ask(at(12)).fields["place"].choices
    assert "Corner Shop" not in plan_ask(at(12, cash=2)).fields["place"].choices


def test_home_can_be_planned_where_nothing_else_can_be_reached():
    assert plan_ask(at(3, minutes_to={})).fields["place"].choices == ("Heron Cottage",)


def test_a_plan_is_read_from_json_and_from_typed_lines():
    ask = plan_ask(at(12))
    for said in (
        '{"place": "Corner Shop", "purpose": "rice"}',
        "place: corner shop\npurpose: rice",
    ):
        assert plan_in(ask.parse(said)) == Plan("Corner Shop", Words("rice"))


def test_a_place_that_is_not_offered_is_refused():
    with pytest.raises(UnclearMove, match="place: Say exactly one of"):
        plan_ask(at(6)).parse('{"place": "Corner Shop", "purpose": "rice"}')


def test_the_plan_with_questions_is_told_what_was_wondered_and_answered():
    now = at(12)
    assert wonder_ask(now).parse("questions: Who? What?") == {"questions": "Who? What?"}
    assert "You wonder: «Who?»" in str(consider_ask(now, Words("Who?")).prompt)
    text = str(plan_ask(now, Words("Who?"), Words("Ngozi.")).prompt)
    assert "You wonder: «Who?»\nYou think: «Ngozi.»" in text
    assert "You wonder" not in str(plan_ask(now).prompt)


def test_what_costs_too_much_is_not_offered():
    assert any("steak" in one for one in labels(at(12, TABLE)))
    assert not any("steak" in one for one in labels(at(12, TABLE, cash=59)))


def test_what_needs_goods_that_are_not_there_is_not_offered():
    meal = TOWN.catalogue.goods["soup"]
    assert not any("eat" in one for one in labels(at(12, TABLE)))
    assert any("eat" in one for one in labels(at(12, TABLE, goods=(meal,))))


def test_only_those_who_work_or_live_there_may_use_desks_and_beds():
    assert any("work at the desk" in one for one in labels(at(12, OFFICE)))
    assert not any("work at the desk" in one for one in labels(at(12, OFFICE, name="Birgit")))
    assert any("sleep" in one for one in labels(at(12, "Heron Cottage")))
    assert not any("sleep" in one for one in labels(at(12, "Heron Cottage", name="Birgit")))


def test_equipment_that_is_in_use_and_a_place_that_has_closed_offer_nothing():
    assert not any("desk:" in one for one in labels(at(12, OFFICE, full=frozenset({"desk"}))))
    assert labels(at(21, OFFICE)) == [LEAVE]
    assert labels(at(12)) == [LEAVE]


def test_what_is_chosen_comes_back_as_it_is_in_the_catalogue():
    now = at(12, OFFICE)
    label = named(now, "work at the desk")
    assert label == "desk: work at the desk (2 h, pays 200)"
    use = choice_in(now, act_ask(now).parse(f"act: {label}"))
    assert isinstance(use, Use)
    assert (use.offer.operation.pays, use.offer.operation.minutes) == (200, 120)


@pytest.mark.parametrize(
    "said",
    [
        '{"act": "desk: work at the desk (2 h, pays 999999)"}',
        '{"act": "print money", "topic": null, "earn": 1000000}',
        '{"act": -3}',
        '{"act": "desk: work at the d',
        "",
    ],
)
def test_what_is_not_on_offer_is_refused(said):
    now = at(12, OFFICE)
    with pytest.raises(UnclearMove, match="act: Say exactly one of"):
        act_ask(now).parse(said)


def test_what_an_answer_says_beside_its_choice_counts_for_nothing():
    now = at(12, OFFICE)
    desk = named(now, "work at the desk")
    answer = act_ask(now).parse(json.dumps({"act": desk, "pays": 10**9, "minutes": 0}))
    assert choice_in(now, answer) == Use(choices(now)[desk].offer)
    assert set(answer) == {"act", "topic"}


def test_people_in_sight_can_be_talked_to_about_something():
    now = at(12, OFFICE, in_sight=("Aigul", "Itzel"))
    answer = act_ask(now).parse('{"act": "talk to Itzel", "topic": "the ferry"}')
    assert choice_in(now, answer) == Approach("Itzel")
    assert topic_in(answer) == "the ferry"


def test_an_experience_can_be_done_again_where_it_was_made_and_only_from_the_start():
    night = Experience(4, Plan("Heron Cottage", Words("sleep")), (SLEEP,))
    memory = Memory(experiences={4: night})
    now = at(23, "Heron Cottage", memory=memory)
    label = named(now, "do again as in experience 4: sleep through the night")
    assert choice_in(now, {"act": label, "topic": None}) == Replay(4)
    for other in (replace(now, acts=(SLEEP,)), replace(now, here="Toll House")):
        assert not any("experience 4" in one for one in labels(other))
    taken = replace(now, full=frozenset({"double bed"}))
    assert not any("experience 4" in one for one in labels(taken))


def test_a_plan_can_be_given_up_at_once_and_succeeds_only_with_acts():
    now = at(12, OFFICE)
    assert LEAVE in labels(now) and STOP not in labels(now)
    done = replace(now, acts=(SLEEP,))
    assert choice_in(done, {"act": STOP}) == Leave(Verdict.SUCCESS)
    assert choice_in(done, {"act": LEAVE}) == Leave(Verdict.FAIL)


def test_after_five_acts_a_plan_has_succeeded_or_failed():
    four, five = (at(12, OFFICE, acts=(SLEEP,) * n) for n in (4, 5))
    assert Verdict.NOT_YET in critic_ask(four).fields["verdict"].choices
    assert critic_ask(five).fields["verdict"].choices == (Verdict.SUCCESS, Verdict.FAIL)
    assert set(labels(five)) == {LEAVE, STOP}
    assert verdict_in(critic_ask(four).parse("verdict: not yet")) is Verdict.NOT_YET


def test_there_are_never_more_choices_than_a_menu_shows():
    crowd = tuple(f"P{n}" for n in range(40))
    goods = tuple(TOWN.catalogue.goods.values())
    for place in GUIDE.places:
        now = at(12, place, cash=10**6, goods=goods, in_sight=crowd)
        assert 2 <= len(labels(now)) <= MOST_CHOICES


def test_no_more_is_bought_than_can_be_paid_and_than_is_sold_at_once():
    now = at(12, SHOP)
    rice = choices(now)[named(now, "rice")].offer
    assert most(now, rice) == rice.operation.buys == 10
    assert most(replace(now, cash=12), rice) == 2
    assert amount_ask(now, rice).parse("pieces: 10") == {"pieces": 10}
    for said in ("pieces: 11", "pieces: -3", "pieces: 0", "pieces: 2.5", "pieces: lots"):
        with pytest.raises(UnclearMove, match="whole number from 1 to 10"):
            amount_ask(now, rice).parse(said)


def test_a_line_of_a_talk_has_words_and_says_whether_it_is_over():
    now = at(12, OFFICE)
    ask = talk_ask(now, Talk(("Itzel",), Words("tea"), (Line("Itzel", Words("Hello!")),)))
    assert "You talk with Itzel. The topic: «tea»\nItzel: «Hello!»" in str(ask.prompt)
    said = line_in(now, ask.parse('{"words": "Bye.", "done": "yes"}'))
    assert said == (Line("Joaquim", Words("Bye.")), True)
    with pytest.raises(UnclearMove, match="words: That has 301 characters"):
        ask.parse(f'{{"words": "{"x" * 301}", "done": "no"}}')


def test_a_job_can_be_taken_or_left():
    ask = job_ask(at(12), [OFFICE, SHOP])
    assert ask.parse("work: Corner Shop") == {"work": SHOP}
    assert ask.parse("work: pass") == {"work": None}


def test_an_interview_brings_to_mind_what_it_asks_for():
    memory = Memory()
    for tick, text in enumerate(["saw a heron", *["worked"] * 30]):
        memory = memory.perceived(tick, RecordKind.DID, text)
    prompt = str(interview_ask(at(12, memory=memory), "Which {heron} did you see?").prompt)
    assert "«saw a heron»" in prompt
    assert prompt.endswith("Which {heron} did you see?")


def test_notes_are_asked_for_where_there_is_something_new():
    now = at(12, OFFICE, memory=Memory().noted(0, places=[Note(OFFICE)]))
    assert not worth_asking(now, [], succeeded=True)
    assert worth_asking(now, ["Itzel"], succeeded=True)
    assert worth_asking(now, [], succeeded=False)
    assert worth_asking(replace(now, here=CAFE), [], succeeded=True)


def test_notes_on_people_and_the_place_are_read_and_may_be_passed():
    now = at(12, CAFE)
    answer = notes_ask(now, ["Itzel"]).parse(
        '{"impression of Itzel": "brave", "episode with Itzel": null, "importance": 4,'
        ' "episode with this place": "we shared a pie"}'
    )
    people, place = notes_in(now, answer, ["Itzel"])
    assert people == [Note("Itzel", impression=Words("brave"))]
    assert place == Note(CAFE, episode=Words("we shared a pie"))
    assert importance_in(answer) == 4


@pytest.mark.parametrize("importance", ["0", "11", '"huge"', "null"])
def test_an_importance_out_of_bounds_is_refused(importance):
    with pytest.raises(UnclearMove, match="importance: Say one whole number from 1 to 10"):
        notes_ask(at(12, CAFE), []).parse(f'{{"importance": {importance}}}')


def test_on_the_street_there_is_no_place_to_note():
    assert set(notes_ask(at(12), []).fields) == {"importance"}


def test_a_reflection_asks_three_questions_and_takes_insights_with_evidence():
    memory = Memory()
    for tick in range(5):
        memory = memory.perceived(tick, RecordKind.DID, f"worked {tick}")
    now = at(12, memory=memory)
    assert "3. day 1, 06:00: «worked 2»" in str(ponder_ask(now).prompt)
    said = '{"question 1": "a?", "question 2": "b?", "question 3": "c?"}'
    questions = pondered_in(ponder_ask(now).parse(said))
    assert questions == ["a?", "b?", "c?"]
    ask = insights_ask(now, questions, memory.stream[1:4])
    found = insights_in(
        ask.parse('{"insight 1": "I work.", "evidence 1": ["2", "4"], "insight 2": "So?"}')
    )
    assert found == [Insight(Words("I work."), (2, 4))]
    with pytest.raises(UnclearMove, match="evidence 1: Name 1 to 3 of 2, 3 and 4"):
        ask.parse('{"insight 1": "I work.", "evidence 1": ["99"]}')


def test_an_insight_without_evidence_is_left_out_and_so_are_all_where_nothing_comes_to_mind():
    now, said = at(12), '{"insight 1": "I work.", "evidence 1": %s}'
    records = Memory().perceived(0, RecordKind.DID, "worked").stream
    assert insights_in(insights_ask(now, [], records).parse(said % "null")) == []
    assert insights_in(insights_ask(now, [], []).parse(said % '["1"]')) == []


def test_what_a_town_file_says_of_others_is_known_on_the_first_day():
    known = first_memory(TOWN.residents["Joaquim"]).people
    assert set(known) == set(TOWN.residents["Joaquim"].knows)
    assert known["Aigul"].impression == TOWN.residents["Joaquim"].knows["Aigul"]


def test_two_questions_are_told_apart_by_what_is_asked_of_whom_and_when():
    asks = [plan_ask(at(12)), act_ask(at(12)), plan_ask(at(13)), plan_ask(at(12, name="Ngozi"))]
    assert len({ask.digest() for ask in asks}) == 4
    assert plan_ask(at(12)).digest() == plan_ask(at(12)).digest()
