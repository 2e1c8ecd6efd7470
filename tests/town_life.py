"""A town reduced to its residents: no map and no events, only questions, answers and time."""

from collections import Counter
from dataclasses import dataclass, field

from games.core import Words
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
from towns.files import default_town
from towns.grid import town_map
from towns.house_resident import house_answer
from towns.memory import Act, Memory, RecordKind
from towns.needs import Needs
from towns.questions import (
    Approach,
    Leave,
    PlanSystem,
    Replay,
    Verdict,
    act_ask,
    amount_ask,
    choice_in,
    consider_ask,
    critic_ask,
    field_of,
    line_in,
    plan_ask,
    plan_in,
    talk_ask,
    topic_in,
    verdict_in,
    wonder_ask,
)
from towns.reflection import due, gathered
from towns.situation import Guide, Situation, Talk, first_memory, place_of

WAIT = 60
"""Ticks that pass where nothing is done."""


def guide():
    """Return what everybody knows of the default town."""
    town = default_town()
    ground = town_map(town.land, town.sites, town.catalogue)
    places = {name: place_of(one, town.catalogue) for name, one in ground.buildings.items()}
    return Guide(town.name, places)


@dataclass
class Body:
    """What changes of a resident."""

    profile: object
    tick: int = 0
    cash: int = 0
    goods: tuple = ()
    needs: Needs = field(default_factory=Needs)
    memory: Memory = field(default_factory=Memory)
    here: str = ""
    plan: object = None
    acts: tuple = ()
    met: tuple = ()
    talked: bool = False


class Life:
    """The days of residents that follow rules of thumb."""

    def __init__(self, seed=7, residents=8, system=PlanSystem.MERGED):
        self.town, self.guide, self.seed, self.system = default_town(), guide(), seed, system
        self.calls = {}
        self.diary = []
        """Who did what where, with the tick of its end."""
        self.prompts = []
        self.keep_prompts = False
        self.bodies = {
            profile.name: Body(
                profile, cash=profile.cash, here=profile.home, memory=first_memory(profile)
            )
            for profile in list(self.town.residents.values())[:residents]
        }

    def live(self, days):
        """Let everybody live, the one who is furthest behind first."""
        end = self.town.clock.ticks(24 * 60 * days)
        while True:
            body = min(self.bodies.values(), key=lambda one: (one.tick, one.profile.name))
            if body.tick >= end:
                return self
            self._step(body)

    def now(self, body):
        """Return the situation of a resident."""
        beside = [
            one.profile.name
            for one in self.bodies.values()
            if one is not body and one.here == body.here and one.tick <= body.tick + WAIT
        ]
        return Situation(
            guide=self.guide,
            profile=body.profile,
            clock=self.town.clock,
            tick=body.tick,
            cash=body.cash,
            goods=body.goods,
            needs=body.needs,
            memory=body.memory,
            here=body.here,
            minutes_to={name: 0 if name == body.here else 10 for name in self.guide.places},
            in_sight=() if body.talked else tuple(beside),
            plan=body.plan,
            acts=body.acts,
        )

    def ask(self, body, ask):
        """Return what a resident answers; a refusal is an error."""
        count = self.calls.setdefault(body.profile.name, Counter())
        briefing = ask.prompt.values["briefing"]
        count[briefing.what] += 1
        if self.keep_prompts:
            self.prompts.append(str(ask.prompt))
        return ask.parse(house_answer(ask, self.seed))

    def _step(self, body):
        if body.plan is None:
            self._reflect(body)
            self._plan(body)
        else:
            self._act(body)

    def _plan(self, body):
        now, wondered, considered = self.now(body), Words(""), Words("")
        if self.system is PlanSystem.QUESTIONS:
            wondered = Words(field_of(self.ask(body, wonder_ask(now)), "questions"))
            considered = Words(field_of(self.ask(body, consider_ask(now, wondered)), "answers"))
        body.plan = plan_in(self.ask(body, plan_ask(now, wondered, considered)))
        body.acts, body.met, body.talked = (), (), False
        self._pass(body, now.minutes_to[body.plan.place])
        body.here = body.plan.place

    def _act(self, body):
        now = self.now(body)
        answer = self.ask(body, act_ask(now))
        match choice_in(now, answer):
            case Leave(verdict):
                self._pass(body, 0 if body.acts else 10)
                self._end(body, verdict)
            case Approach(person):
                self._talk(body, self.bodies[person], topic_in(answer))
            case Replay(number):
                self._replay(body, body.memory.experiences[number])
            case use:
                self._use(body, use.offer)
                if self.system is PlanSystem.QUESTIONS:
                    self._end(body, verdict_in(self.ask(body, critic_ask(self.now(body)))))

    def _use(self, body, offer, amount=None):
        operation = offer.operation
        if offer.good and amount is None:
            amount = 1
            if operation.buys > 1:
                amount = self.ask(body, amount_ask(self.now(body), offer))["pieces"]
        body.cash += operation.pays - offer.costs * (amount or 1)
        assert body.cash >= 0
        used = next((one for one in body.goods if one.kind in operation.takes), None)
        goods = list(body.goods)
        if used:
            goods.remove(used)
        goods += [offer.good] * (amount or 0) + [operation.gives] * bool(operation.gives)
        body.goods = tuple(goods)
        self._pass(body, operation.minutes, offer.good_for)
        good = offer.good.name if offer.good else ""
        act = Act(offer.equipment, operation.name, good, amount or 0, operation.minutes, "")
        body.acts = (*body.acts, act)
        body.memory = body.memory.perceived(body.tick, RecordKind.DID, operation.name)
        self.diary.append((body.tick, body.profile.name, body.here, offer))

    def _replay(self, body, experience):
        for act in experience.acts:
            offers = {offer.doing: offer for offer in self.now(body).offers_here()}
            offer = offers.get((act.equipment, act.operation, act.good))
            if offer is None:
                break
            self._use(body, offer, act.amount or None)
        body.plan = None

    def _talk(self, body, other, topic):
        lines, over = (), False
        other.tick = max(other.tick, body.tick)
        while not over:
            for one, to in ((body, other), (other, body)):
                talk = Talk((to.profile.name,), topic, lines)
                line, over = line_in(self.now(one), self.ask(one, talk_ask(self.now(one), talk)))
                lines = (*lines, line)
                if over:
                    break
        for one, to in ((body, other), (other, body)):
            one.tick += 18
            one.needs = one.needs.talked()
            one.talked, one.met = True, (*one.met, to.profile.name)
            text = f"talked with {to.profile.name} about {topic}"
            one.memory = one.memory.perceived(one.tick, RecordKind.TALKED, text)

    def _end(self, body, verdict):
        if verdict is Verdict.NOT_YET:
            return
        now, succeeded = self.now(body), verdict is Verdict.SUCCESS
        if worth_asking(now, body.met, succeeded=succeeded):
            answer = self.ask(body, notes_ask(now, body.met))
            people, place = notes_in(now, answer, body.met)
            body.memory = body.memory.noted(body.tick, people, [place])
            kind = RecordKind.DID if succeeded else RecordKind.FAILED
            said = f"went to {body.here}: {body.plan.purpose}"
            body.memory = body.memory.perceived(body.tick, kind, said, importance_in(answer))
        if succeeded:
            body.memory = body.memory.experienced(body.plan, body.acts)
        body.plan = None

    def _reflect(self, body):
        if due(body.memory):
            now = self.now(body)
            questions = pondered_in(self.ask(body, ponder_ask(now)))
            records = gathered(body.memory, questions, body.tick, now.clock)
            answer = self.ask(body, insights_ask(now, questions, records))
            body.memory = body.memory.reflected(body.tick, insights_in(answer))

    def _pass(self, body, minutes, doing=None):
        body.tick += self.town.clock.ticks(minutes)
        body.needs = body.needs.after(minutes, *([doing] if doing else []))
