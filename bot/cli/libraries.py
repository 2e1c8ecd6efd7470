"""`games --textarena`: what was measured of each game, and why others cannot be played."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec

from bot.cli.catalogue import INSTALL
from bot.terminal.folding import folded
from games.textarena import Facts, census


def show_textarena() -> None:
    """Print a line for each game of TextArena; it need not be installed."""
    known = census()
    for line in _lines(known.playable.values(), known.excluded):
        sys.stdout.write(f"{folded(line, sys.stdout, 4)}\n")
    if find_spec("textarena") is None:
        sys.stdout.write(f"TextArena is not installed; to have it: {INSTALL}\n")


def _lines(playable: Iterable[Facts], excluded: Mapping[str, str]) -> Iterator[str]:
    yield "Games of TextArena that can be played here:"
    for facts in playable:
        length = f"about {facts.moves} moves" if facts.moves else "long"
        needs = f", needs {facts.needs[0]}" if facts.needs else ""
        bots = "" if facts.bots else ", house bots often find no move"
        yield (
            f"{facts.env:<32}{_seats(facts.seats):>8} seats   {length}, rules of {facts.prompt} "
            f"characters{needs}{bots}"
        )
    yield "\nThese cannot be played:"
    for env, why in excluded.items():
        yield f"{env:<32}{why}"
    yield "\nPlay one: python bot.py play textarena --option env=NAME."


def _seats(numbers: tuple[int, ...]) -> str:
    if len(numbers) > 2 and numbers == tuple(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))
