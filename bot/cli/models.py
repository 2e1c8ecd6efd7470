"""`models list` and `models test`: what models.toml names, and whether it answers."""

import asyncio
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.errors import OperatorError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.models.check import Report


def list_models() -> None:
    """Print a line for each named model; keys are never shown."""
    from bot.models.config import load_models

    path = Settings().models
    if not path.exists():
        sys.stdout.write(f"There is no {path} yet. Copy models.example.toml to begin.\n")
        return
    models = load_models(path)
    if not models:
        sys.stdout.write(f"{path} names no model yet. models.example.toml shows how.\n")
    for name, model in models.items():
        sys.stdout.write(f"{name:<20} {model.model:<32} {model.server}\n")


def test_model(name: str) -> None:
    """Ask a model a few questions and print what came of it.  Raises OperatorError."""
    from bot.models.check import try_model

    report = asyncio.run(try_model(name, Settings()))
    for line in _lines(report):
        sys.stdout.write(f"{line}\n")
    if report.error:
        raise OperatorError(report.error)


def _lines(report: "Report") -> Iterator[str]:
    yield f"{report.name}: {report.model} at {report.server}"
    if report.seconds is not None:
        first = "" if report.first is None else f", first text after {report.first:.2f} s"
        yield f"  answered in {report.seconds:.2f} s{first}: {report.said!r}"
    if report.completion_tokens is not None:
        speed = f", {report.tokens_per_second:.1f} a second" if report.tokens_per_second else ""
        yield f"  tokens: {report.prompt_tokens} in, {report.completion_tokens} out{speed}"
    if report.json:
        yield f"  JSON: {report.json}"
    if report.not_taken:
        yield f"  the server does not take: {', '.join(report.not_taken)}"
