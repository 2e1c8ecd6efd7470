from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.core import Words
from tests.town_life import Life, guide
from towns.afterthoughts import insights_ask, insights_in, notes_ask, ponder_ask
from towns.catalogue import Need
from towns.clock import GameTime
from towns.files import default_town
from towns.house_resident import house_answer
from towns.house_wishes import bedtime, habits_of, on_shift
from towns.memory import Act, Memory, Plan, RecordKind
from towns.needs import FADES, Needs
from towns.questions import (
    PlanSystem,
    Verdict,
    act_ask,
    amount_ask,
    choices,
    consider_ask,
    critic_ask,
    interview_ask,
    job_ask,
    line_in,
    plan_ask,
    plan_in,
    talk_ask,
    verdict_in,
    wonder_ask,
)
from towns.situation import Line, Situation, Talk

TOWN, GUIDE = default_town(), guide()
WORDS = st.text(max_size=60).map(Words)


@pytest.fixture(scope="module")
def life():
    """Three days of ten residents."""
    return Life(residents=10).live(3)


def at(day, hour, here="Heron Cottage", name="Joaquim", **given):
    return Situation(
        guide=GUIDE,
        profile=TOWN.residents[name],
        clock=TOWN.clock,
        tick=TOWN.clock.tick(GameTime(day, hour, 0)),
        here=here,
        **{"cash": 1000, "minutes_to": dict.fromkeys(GUIDE.places, 5), **given},
    )


def planned(now):
    ask = plan_ask(now)
    return plan_in(ask.parse(house_answer(ask, 7)))


def doings(life, name, day):
    return [
        (life.town.clock.at(tick), here, offer)
        for tick, who, here, offer in life.diary
        if who == name and life.town.clock.at(tick).day == day
    ]


@st.composite
def situations(draw):
    """Return any situation in the default town, sensible or not."""
    memory = Memory()
    for text in draw(st.lists(WORDS, max_size=6)):
        memory = memory.perceived(draw(st.integers(0, 999)), RecordKind.TALKED, text)
    levels = {need: draw(st.floats(0, 100)) for need in FADES}
    goods = tuple(TOWN.catalogue.goods.values())
    here = draw(st.sampled_from(["", *GUIDE.places]))
    return Situation(
        guide=GUIDE,
        profile=draw(st.sampled_from(list(TOWN.residents.values()))),
        clock=TOWN.clock,
        tick=draw(st.integers(0, 8640 * 8)),
        cash=draw(st.integers(0, 2000)),
        goods=tuple(draw(st.lists(st.sampled_from(goods), max_size=4))),
        needs=Needs(levels),
        memory=memory,
        here=here,
        minutes_to=draw(st.dictionaries(st.sampled_from(list(GUIDE.places)), st.integers(0, 60))),
        in_sight=tuple(draw(st.lists(st.sampled_from(["Bea", "Cy"]), unique=True))),
        plan=draw(st.none() | st.builds(Plan, st.sampled_from(list(GUIDE.places)), WORDS)),
    )


@settings(max_examples=60, deadline=None)
@given(situations(), st.integers(0, 9), WORDS)
def test_every_answer_is_one_that_the_question_accepts(now, seed, said):
    talk = Talk(("Bea",), said, (Line("Bea", said), Line(now.profile.name, said)))
    asks = [
        wonder_ask(now),
        consider_ask(now, said),
        plan_ask(now, said, said),
        act_ask(now),
        critic_ask(now),
        talk_ask(now, talk),
        talk_ask(now, Talk(("Bea",))),
        notes_ask(now, ["Bea"]),
        notes_ask(now, []),
        ponder_ask(now),
        job_ask(now, ["Corner Shop"]),
        interview_ask(now, said),
    ]
    asks.append(insights_ask(now, [said], now.memory.stream))
    uses = [one.offer for one in choices(now).values() if hasattr(one, "offer")]
    asks += [amount_ask(now, offer) for offer in uses if offer.operation.buys]
    for ask in asks:
        answer = house_answer(ask, seed)
        ask.parse(answer)
        assert house_answer(ask, seed) == answer


def test_the_same_seed_lives_the_same_days_and_another_seed_others():
    diaries = [Life(seed, residents=3).live(1).diary for seed in (1, 1, 2)]
    told = [[(tick, who, here, offer.label) for tick, who, here, offer in one] for one in diaries]
    assert told[0] == told[1] != told[2]


def test_at_night_one_goes_home_to_sleep():
    for name, profile in TOWN.residents.items():
        plan = planned(at(2, 0, here="Landing Park", name=name))
        assert plan == Plan(profile.home, Words("sleep through the night"))


def test_on_working_days_one_works_and_on_the_others_one_does_not():
    full = Needs(dict.fromkeys(FADES, 90.0))
    assert planned(at(2, 10, needs=full)).place == "Bridge Office"
    assert planned(at(6, 10, needs=full)).place != "Bridge Office"
    assert not on_shift(at(2, 18))


def test_the_hungry_go_where_there_is_food_also_from_work():
    starving = Needs({**dict.fromkeys(FADES, 90.0), Need.FOOD: 5.0})
    plan = planned(at(2, 12, here="Bridge Office", needs=starving))
    sold = [one for one in GUIDE.places[plan.place].offers if one.operation.need is Need.FOOD]
    assert sold


def test_who_has_nothing_plans_something_that_costs_nothing():
    for hour in range(24):
        now = at(2, hour, cash=0)
        assert planned(now).place in plan_ask(now).fields["place"].choices


def test_work_goes_on_within_the_shift_and_ends_with_it():
    full = Needs(dict.fromkeys(FADES, 90.0))
    work = Act("desk", "work at the desk", "", 0, 120, "")
    for hour, verdict in ((10, Verdict.NOT_YET), (18, Verdict.SUCCESS)):
        ask = critic_ask(at(2, hour, here="Bridge Office", needs=full, acts=(work,)))
        assert verdict_in(ask.parse(house_answer(ask, 7))) is verdict


def test_a_talk_ends_by_itself_after_a_few_lines():
    one, other, lines, over = at(2, 19), at(2, 19, name="Ngozi"), (), False
    while not over:
        for now, to in ((one, "Ngozi"), (other, "Joaquim")):
            ask = talk_ask(now, Talk((to,), Words("tea"), lines))
            line, over = line_in(now, ask.parse(house_answer(ask, 7)))
            lines = (*lines, line)
            if over:
                break
    assert len(lines) == 3
    assert len({line.words for line in lines}) == 3


def test_insights_rest_on_records_that_are_there():
    memory = Memory()
    for tick in range(6):
        memory = memory.perceived(tick, RecordKind.TALKED, f"talked {tick}")
    ask = insights_ask(at(2, 19, memory=memory), [Words("?")] * 3, memory.stream)
    (insight,) = insights_in(ask.parse(house_answer(ask, 7)))
    assert set(insight.evidence) <= {one.number for one in memory.stream}


def test_everybody_sleeps_every_night_at_home(life):
    for name, body in life.bodies.items():
        for day in (2, 3):
            nights = [
                here for _, here, offer in doings(life, name, day) if offer.operation.minutes >= 420
            ]
            assert nights == [body.profile.home], (name, day)


def test_everybody_eats_between_two_and_six_times_a_day(life):
    for name in life.bodies:
        meals = [one for _, _, one in doings(life, name, 2) if one.good_for is Need.FOOD]
        assert 2 <= len(meals) <= 6, name


def test_those_with_work_work_and_in_opening_hours(life):
    for name, body in life.bodies.items():
        worked = [(time, here) for time, here, one in doings(life, name, 2) if one.operation.pays]
        assert bool(worked) == bool(body.profile.work), name
        for time, here in worked:
            assert here == body.profile.work
            assert 9 <= time.hour <= 22


def test_nobody_spends_what_is_not_there_and_workers_earn(life):
    for body in life.bodies.values():
        assert body.cash >= 0
        if body.profile.work:
            assert body.cash > body.profile.cash


def test_people_meet_and_remember_each_other(life):
    assert sum(count["talk"] for count in life.calls.values()) > 10
    for name, body in life.bodies.items():
        new = set(body.memory.people) - set(body.profile.knows)
        assert name not in new
    assert any(set(body.memory.people) - set(body.profile.knows) for body in life.bodies.values())


def test_habits_differ_and_nobody_goes_to_bed_before_ten():
    found = [habits_of(7, name) for name in TOWN.residents]
    assert len(set(found)) > 3
    assert not any(bedtime(at(2, 21), habits) for habits in found)


@pytest.mark.parametrize(("system", "most"), [(PlanSystem.MERGED, 40), (PlanSystem.QUESTIONS, 60)])
def test_a_day_takes_fewer_calls_than_in_agentsims(system, most):
    """AgentSims: 54 to 80 with its one-call plan, 61 to 112 with three, without talks."""
    life = Life(residents=10, system=system).live(3)
    assert mean(sum(count.values()) / 3 for count in life.calls.values()) < most
