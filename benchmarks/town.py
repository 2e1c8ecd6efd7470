"""How busy the residents of a town keep a model server, and whether the order changes anything.

A server with so many slots answers in virtual time. The makespan is compared with going tick by
tick and with what no scheduler can beat: all calls through all slots, or the longest chain of calls
that must wait for each other. `eta` is that bound divided by the makespan.
"""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from statistics import mean
from typing import Final

from benchmarks.report import Row, parser, report
from benchmarks.town_arena import hour_in_arena
from benchmarks.town_living import calls_a_day, hour_of_many
from benchmarks.town_server import OutOfOrder, lock_step
from benchmarks.town_trace import HEIGHT, REACH, WIDTH, Replayed, Trace, lower_bound
from benchmarks.town_world import LiveWorld, Way
from towns.causality import Reach
from towns.questions import PlanSystem

NO_RULE: Final = Reach(-1_000_000)
"""Nobody ever waits for anybody."""
DENSITY: Final = 25 / (WIDTH * HEIGHT)
"""Residents for each tile, whatever their number."""
HOUR: Final = 360
"""Ticks."""
AGENTSIMS: Final = "60 to 112"
"""Calls of a resident in a day of 16 waking hours."""
GENERATIVE_AGENTS: Final = 2_268
"""The same, as measured by AI Metropolis: 56,700 calls of 25 agents in a day."""
_ASKED: Final = {
    (2, "plain rule"): "at least 0.97",
    (2, "look-ahead"): "at least 0.97",
    (8, "plain rule"): "at least 0.65",
    (8, "look-ahead"): "at least 0.72",
}
"""For 25 residents."""


def makespans(traces: Sequence[Trace], slots: int) -> Iterator[Row]:
    """Give what each way of going takes on each trace, and its mean eta."""
    count = len(traces[0].courses)
    etas: dict[str, list[float]] = {"lock-step": [], "plain rule": [], "look-ahead": []}
    for trace in traces:
        bound = lower_bound(trace, slots)
        barrier = lock_step(Replayed(trace, look_ahead=False), slots).makespan
        etas["lock-step"].append(bound / barrier)
        case = f"{count} residents, {slots} slots, seed {trace.seed}"
        yield Row(f"{case}: lower bound", bound, "s", barrier, barrier / bound)
        for way in ("plain rule", "look-ahead"):
            world = Replayed(trace, look_ahead=way == "look-ahead")
            took = OutOfOrder(world, REACH, slots).run().makespan
            etas[way].append(bound / took)
            asked = "at least 2.4 x" if (count, slots) == (25, 8) else ""
            yield Row(f"{case}: {way}", took, "s", barrier, barrier / took, asked)
    for way, found in etas.items():
        asked = _ASKED.get((slots, way), "") if count == 25 else ""
        yield Row(
            f"{count} residents, {slots} slots: mean eta, {way}", mean(found), "", asked=asked
        )


def final_states(seeds: Sequence[int], residents: int, every_slots: Sequence[int]) -> Iterator[Row]:
    """Give how many runs end as lock-step does, with the rule and without one."""
    ends = {seed: ended(LiveWorld(seed, residents, HOUR, Way.PLAIN), None) for seed in seeds}
    asked = f"all {len(seeds) * len(every_slots)}"
    for way in Way:
        same = sum(
            ended(LiveWorld(seed, residents, HOUR, way), way.reach, slots) == ends[seed]
            for seed in seeds
            for slots in every_slots
        )
        yield Row(
            f"{residents} residents: runs that end as in lock-step, {way}", same, "", asked=asked
        )
    free = sum(
        ended(LiveWorld(seed, residents, HOUR, Way.AT_DECISIONS), NO_RULE, slots) == ends[seed]
        for seed in seeds
        for slots in every_slots
    )
    yield Row(f"{residents} residents: the same without a rule", free, "", asked="0")


def ended(world: LiveWorld, reach: Reach | None, slots: int = 8) -> str:
    """Let a world run, in lock-step where there is no reach; return the hash of its final state."""
    if reach is None:
        lock_step(world, slots)
    else:
        OutOfOrder(world, reach, slots).run()
    return world.hash


def growth(counts: Sequence[int]) -> Iterator[Row]:
    """Give the CPU time in which it is found out who may step, for one hour of many residents."""
    for count in counts:
        world = LiveWorld(1, count, HOUR, Way.AT_DECISIONS, area=count / DENSITY)
        run = OutOfOrder(world, world.way.reach, slots=count // 4).run()
        case = f"{count:,} residents for an hour: CPU time to find who may step"
        yield Row(case, run.deciding, "s")
        each = run.deciding / count / HOUR * 1e6
        yield Row(f"{case}, for 1,000 residents x ticks", each, "ms", asked="near linear")


def calls(seeds: Sequence[int]) -> Iterator[Row]:
    """Give what a resident that follows rules of thumb is asked in a day."""
    for plans in PlanSystem:
        asked = calls_a_day(plans, seeds)
        case = f"calls for a resident and day, plan by {plans}"
        yield Row(f"{case}; peer: AgentSims", asked, "", AGENTSIMS)
        yield Row(
            f"{case}; peer: generative agents",
            asked,
            "",
            GENERATIVE_AGENTS,
            GENERATIVE_AGENTS / asked,
        )


def living(counts: Sequence[int]) -> Iterator[Row]:
    """Give the CPU time of an hour of a whole town, answers by rules of thumb included."""
    for count in counts:
        each = hour_of_many(count) / count * 1_000
        yield Row(
            f"{count:,} residents: CPU time for each resident and hour",
            each,
            "ms",
            asked="near linear",
        )


def in_arena(counts: Sequence[int]) -> Iterator[Row]:
    """Give the same in the real arena, with a journal on disk and what every seat sees."""
    for count in counts:
        each = hour_in_arena(count) / count * 1_000
        case = f"{count:,} residents in the arena: CPU time for each resident and hour"
        yield Row(case, each, "ms", asked="near linear")


def rows(given: Namespace) -> Iterator[Row]:
    for count in given.residents:
        traces = [Trace(seed, count) for seed in given.seeds]
        for slots in given.slots:
            yield from makespans(traces, slots)
    yield from final_states(given.seeds, 50, given.slots)
    yield from growth((100, 300, 1000))
    yield from calls(given.seeds)
    yield from living((100, 300, 1000))
    yield from in_arena((100, 300, 1000))


def main() -> None:
    arguments = parser(__doc__ or "")
    for name, numbers, of in (
        ("--residents", [25], "of the traces"),
        ("--slots", [2, 8, 32], "of the server"),
        ("--seeds", [1, 2, 3], "of the traces and worlds"),
    ):
        arguments.add_argument(name, type=int, nargs="+", default=numbers, metavar="N", help=of)
    given = arguments.parse_args()
    report("Scheduling of a town, peer: lock-step", [*rows(given)], given.json)


if __name__ == "__main__":
    main()
