"""The file of an interview: one JSON object a line, each on the disk before the next is asked.

A line that was cut off in the middle is forgotten when the file is opened again, so that whatever
ends the program costs no more than what was under way.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bot.errors import OperatorError
from characters.interview import Exchange
from characters.judging import Aspect, Judgement
from games.core import quoted

FILE: Final = "interview.jsonl"


@dataclass(frozen=True)
class Asked:
    """An item of a character's interview."""

    character: str
    item: str


@dataclass(frozen=True)
class Judged:
    """What a judge was asked about an item."""

    character: str
    item: str
    judge: str
    aspect: Aspect


@dataclass(frozen=True)
class Run:
    """What must stay the same when an interview goes on."""

    answers: str
    """The name of the model that answers, or of the file that the answers are from."""
    seed: int
    interviewer: str = ""
    """The model that leads the talks; "" for the same questions to all."""


class Results:
    """What is known so far."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.answers: dict[Asked, Sequence[Exchange]] = {}
        self.judgements: dict[Judged, Judgement | None] = {}
        """None where the judge's answer is no verdict."""
        self.failures: dict[Asked | Judged, str] = {}
        """Why a model gave nothing at all."""

    def take(self, line: Mapping[str, Any]) -> None:
        """Take in a line.  Raises KeyError, TypeError, ValueError for one that is none."""
        key = _key(line)
        if "failed" in line:
            self.failures[key] = str(line["failed"])
            return
        self.failures.pop(key, None)
        if isinstance(key, Asked):
            self.answers[key] = exchanges_in(line)
        elif "unreadable" in line:
            self.judgements[key] = None
        else:
            value = Judgement(int(line["value"]), str(line["reason"]), str(line["quote"]))
            self.judgements[key] = value


class ResultsFile:
    """Results that are written down as they come."""

    def __init__(self, path: Path, results: Results) -> None:
        self.results = results
        self._path = path
        self._file = path.open("ab")

    def answered(self, key: Asked, exchanges: Sequence[Exchange]) -> None:
        """Keep the answers to an item."""
        self._add(key, exchanges=[asdict(one) for one in exchanges])

    def judged(self, key: Judged, judgement: Judgement) -> None:
        """Keep a verdict."""
        self._add(key, **asdict(judgement))

    def unreadable(self, key: Judged, why: str, said: str) -> None:
        """Keep a judge's answer that is no verdict."""
        self._add(key, unreadable=why, said=said)

    def failed(self, key: Asked | Judged, why: str) -> None:
        """Keep that a model gave nothing; it is asked again when the interview goes on."""
        self._add(key, failed=why)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _add(self, key: Asked | Judged, **values: object) -> None:
        line = {**asdict(key), **values}
        append(self._file.fileno(), line)
        self.results.take(line)


def append(file: int, line: Mapping[str, object]) -> None:
    """Write a line to the end of an open file and wait until it is on the disk."""
    data = f"{json.dumps(line, ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")
    while data:
        data = data[os.write(file, data) :]
    os.fsync(file)


def opened(folder: Path, run: Run, *, resume: bool) -> ResultsFile:
    """Return the results in a folder, new or to go on with.  Raises OperatorError."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    exists = path.exists() and path.stat().st_size > 0
    if exists and not resume:
        raise OperatorError(
            f"{path} exists already: go on with it by --resume, or name another folder with --out."
        )
    if not exists or not (lines := _whole_lines(path)):
        with path.open("wb") as file:
            append(file.fileno(), {"run": asdict(run)})
        return ResultsFile(path, Results(run))
    results = Results(run)
    _refuse_other(lines[0], run, path)
    for number, line in enumerate(lines[1:], start=2):
        try:
            results.take(line)
        except (KeyError, TypeError, ValueError):
            raise OperatorError(f"{path}, line {number}: this is no result; delete it.") from None
    return ResultsFile(path, results)


def answers_in(path: Path) -> Mapping[Asked, Sequence[Exchange]]:
    """Return the answers in a file: lines with character, item, and answer or exchanges.

    Raises OperatorError.
    """
    found: dict[Asked, Sequence[Exchange]] = {}
    for number, line in enumerate(_lines(path.read_bytes(), path), start=1):
        if "run" in line or "judge" in line or "failed" in line:  # a results file
            continue
        try:
            found[Asked(str(line["character"]), str(line["item"]))] = exchanges_in(line)
        except (KeyError, TypeError):
            raise OperatorError(
                f"{path}, line {number}: an answer has “character”, “item” such as probe:car, "
                "and “answer” or “exchanges”."
            ) from None
    return found


def exchanges_in(line: Mapping[str, Any]) -> Sequence[Exchange]:
    """Return what was asked and answered.  Raises KeyError, TypeError."""
    if "answer" in line:
        return [Exchange("", _text(line["answer"]))]
    return [Exchange(_text(one["question"]), _text(one["answer"])) for one in line["exchanges"]]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _key(line: Mapping[str, Any]) -> Asked | Judged:
    character, item = str(line["character"]), str(line["item"])
    if "judge" in line:
        return Judged(character, item, str(line["judge"]), Aspect(line["aspect"]))
    return Asked(character, item)


def _whole_lines(path: Path) -> Sequence[Mapping[str, Any]]:
    """Return the lines of a file, and cut off the last where it is not whole."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        os.truncate(path, len(whole))
    return _lines(whole, path)


def _lines(data: bytes, path: Path) -> Sequence[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise OperatorError(f"{path}, line {number}: this is no JSON object; delete it.")
        found.append(value)
    return found


def _refuse_other(line: Mapping[str, Any], run: Run, path: Path) -> None:
    if (known := line.get("run")) == asdict(run):
        return
    values = known if isinstance(known, dict) else {}
    led = f" led by {quoted(str(values['interviewer']))}" if values.get("interviewer") else ""
    raise OperatorError(
        f"{path} is about {quoted(str(values.get('answers')))} with the seed "
        f"{values.get('seed')}{led}: go on with the same, or name another folder with --out."
    )
