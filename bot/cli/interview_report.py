"""What an interview comes to: rates and means with their intervals, for each who scores."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Final, TypeAlias

from bot.cli.interview_results import Asked, Judged, Results, Run
from characters.card import Card
from characters.intervals import mean_interval, wilson
from characters.interview import Exchange, Item, Probe
from characters.judging import Aspect, aspects
from characters.signs import Finding, scored

BY_WORDS: Final = "by words"
"""The scorer that is no model; no model can be called so."""
EVERYBODY: Final = "all"
_VALUES: Final = {Finding.PASS: 1, Finding.FAIL: 0, Finding.UNSURE: None}


class State(StrEnum):
    """What became of a question to a scorer."""

    DECIDED = "decided"
    UNDECIDED = "undecided"
    FAILED = "failed"


@dataclass(frozen=True)
class Planned:
    """An item that a character is asked."""

    character: str
    card: Card
    item: Item

    @property
    def asked(self) -> Asked:
        """How it is called in the results."""
        return Asked(self.character, self.item.id)


@dataclass(frozen=True)
class Opinion:
    """What one scorer says about one aspect of an item."""

    planned: Planned
    scorer: str
    aspect: Aspect
    value: int | None
    state: State = State.DECIDED


@dataclass(frozen=True)
class Row:
    """One figure."""

    character: str
    turns: str
    scorer: str
    figure: str
    value: float | None
    """A rate from 0 to 1, or a mean from 1 to 7; None where there is nothing to count."""
    low: float | None
    high: float | None
    """Ends of the 95 % interval."""
    count: int
    passed: int | None
    """None for a mean."""
    undecided: int
    """By words: unsure, and counted as not passed. Of a judge: without a verdict, left out."""
    undecided_rate: float
    """Share of all that was answered."""
    failed: int
    """Where the model that answers or the one that judges gave nothing; left out."""


def rows(plan: Sequence[Planned], results: Results, judges: Sequence[str]) -> Sequence[Row]:
    """Return the figures of each character and, of several, those of all together."""
    opinions = list(_opinions(plan, results, judges))
    characters = list(dict.fromkeys(one.character for one in plan))
    found: list[Row] = []
    for character in [*characters, *([EVERYBODY] if characters[1:] else [])]:
        own = [one for one in opinions if character in (one.planned.character, EVERYBODY)]
        found += _rows(character, own, results.run.seed)
    return found


def _opinions(
    plan: Sequence[Planned], results: Results, judges: Sequence[str]
) -> Iterable[Opinion]:
    for one in plan:
        exchanges = results.answers.get(one.asked)
        if isinstance(one.item.subject, Probe):
            yield from _by_words(one, one.item.subject, exchanges, results)
        for judge in judges:
            for aspect in aspects(one.item):
                yield from _judged(one, judge, aspect, results)


def _by_words(
    one: Planned, probe: Probe, exchanges: Sequence[Exchange] | None, results: Results
) -> Iterable[Opinion]:
    if exchanges:
        value = _VALUES[scored(probe, "\n".join(e.answer for e in exchanges)).finding]
        state = State.UNDECIDED if value is None else State.DECIDED
        yield Opinion(one, BY_WORDS, Aspect.ERA, value, state)
    elif one.asked in results.failures:
        yield Opinion(one, BY_WORDS, Aspect.ERA, None, State.FAILED)


def _judged(one: Planned, judge: str, aspect: Aspect, results: Results) -> Iterable[Opinion]:
    key = Judged(one.character, one.item.id, judge, aspect)
    if key in results.judgements:
        judgement = results.judgements[key]
        value = judgement.value if judgement else None
        yield Opinion(one, judge, aspect, value, State.DECIDED if judgement else State.UNDECIDED)
    elif key in results.failures or one.asked in results.failures:
        yield Opinion(one, judge, aspect, None, State.FAILED)


def _rows(character: str, opinions: Sequence[Opinion], seed: int) -> Iterable[Row]:
    groups: dict[tuple[str, str, str], list[Opinion]] = {}
    for one in opinions:
        turns = "multi" if one.planned.item.turns > 1 else "single"
        for figure in _figures(one):
            groups.setdefault((turns, one.scorer, figure), []).append(one)
    scorers = [*dict.fromkeys(scorer for _, scorer, _ in groups)]
    ordered = sorted(groups, key=lambda k: (scorers.index(k[1]), k[0] == "multi", _ORDER[k[2]]))
    for turns, scorer, figure in ordered:
        group = groups[turns, scorer, figure]
        counted = _rate(group) if group[0].aspect is Aspect.ERA else _mean(group, seed)
        yield Row(character, turns, scorer, figure, *counted, *_undecided(group))
    yield from _agreements(character, opinions)


def _figures(one: Opinion) -> Sequence[str]:
    subject = one.planned.item.subject
    if isinstance(subject, Probe):
        return [_KNOWN if subject.knows else _UNKNOWN, _ALL]
    return [one.aspect]


_UNKNOWN, _KNOWN, _ALL = "probes of the unknown", "probes of the known", "all probes"
_ORDER: Final = {name: at for at, name in enumerate([_UNKNOWN, _KNOWN, _ALL, *Aspect])}
Counted: TypeAlias = tuple[float | None, float | None, float | None, int, int | None]
"""Of a row: value, low, high, count and passed."""


def _rate(group: Sequence[Opinion]) -> Counted:
    """Return which share of the probes is passed."""
    counted = [
        one.value or 0
        for one in group
        if one.value is not None or (one.scorer == BY_WORDS and one.state is State.UNDECIDED)
    ]
    return _share(sum(counted), len(counted))


def _share(passed: int, count: int) -> Counted:
    if not count:
        return None, None, None, 0, 0
    return passed / count, *wilson(passed, count), count, passed


def _mean(group: Sequence[Opinion], seed: int) -> Counted:
    values = [one.value for one in group if one.value is not None]
    low, high = mean_interval(values, seed) or (None, None)
    return fmean(values) if values else None, low, high, len(values), None


def _undecided(group: Sequence[Opinion]) -> tuple[int, float, int]:
    """Return how many are undecided, their share of all that there was an answer to, and failed."""
    undecided = sum(one.state is State.UNDECIDED for one in group)
    failed = sum(one.state is State.FAILED for one in group)
    answered = len(group) - failed
    return undecided, undecided / answered if answered else 0.0, failed


def _agreements(character: str, opinions: Sequence[Opinion]) -> Iterable[Row]:
    """Yield how often two scorers agree: on a probe, or within one point of seven."""
    values: dict[str, dict[tuple[Asked, Aspect], int]] = {}
    for one in opinions:
        if one.value is not None:
            values.setdefault(one.scorer, {})[one.planned.asked, one.aspect] = one.value
    for pair in combinations(values, 2):
        first, second = (values[scorer] for scorer in pair)
        apart: dict[str, list[bool]] = {}
        for key in first.keys() & second.keys():
            figure, most = _AGREEMENT[key[1] is Aspect.ERA]
            apart.setdefault(figure, []).append(abs(first[key] - second[key]) <= most)
        for figure, agree in sorted(apart.items()):
            counted = _share(sum(agree), len(agree))
            yield Row(character, "", " / ".join(pair), figure, *counted, 0, 0.0, 0)


_AGREEMENT: Final = {True: ("agreement on probes", 0), False: ("agreement within 1", 1)}
"""By whether it is about probes: the figure, and how far apart two values may be."""


def table(found: Sequence[Row]) -> Iterable[str]:
    """Yield the lines of a table for people; none without rows."""
    if not found:
        return
    widths = {
        name: max([len(name), *(len(getattr(row, name)) for row in found)])
        for name in ("character", "turns", "figure", "scorer")
    }
    heads = [f"{name:<{width}}" for name, width in widths.items()]
    yield "  ".join([*heads, f"{'result (95 %)':<21}{'n':>5}{'undecided':>11}{'failed':>8}"])
    for row in found:
        cells = [f"{getattr(row, name):<{width}}" for name, width in widths.items()]
        counts = f"{_shown(row):<21}{row.count:>5}{row.undecided:>11}{row.failed:>8}"
        yield "  ".join([*cells, counts])


def _shown(row: Row) -> str:
    if row.value is None:
        return "nothing to count"
    if row.passed is not None:
        return f"{row.value:.0%} ({row.low or 0:.0%} to {row.high or 0:.0%})"
    if row.low is None or row.high is None:
        return f"{row.value:.2f}"
    return f"{row.value:.2f} ({row.low:.2f} to {row.high:.2f})"


def legend(found: Sequence[Row]) -> Iterable[str]:
    """Yield what the columns mean."""
    yield f"Probes {BY_WORDS}: leniently, by the words of each probe; undecided is not passed."
    if any(row.scorer != BY_WORDS for row in found):
        yield "Judges: means from 1 to 7; undecided is a form without a verdict, left out."
    else:
        yield "Facts, topics and talks are kept; --resume with --judge MODEL scores them."


def write_report(folder: Path, run: Run, found: Sequence[Row]) -> Sequence[Path]:
    """Write the figures as JSON and CSV and return where."""
    as_json, as_csv = folder / "report.json", folder / "report.csv"
    document: Mapping[str, object] = {**asdict(run), "rows": [asdict(row) for row in found]}
    as_json.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    with as_csv.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in found)
    return as_json, as_csv
