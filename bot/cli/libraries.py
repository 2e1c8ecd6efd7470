"""`games --textarena` and `--pettingzoo`: what was measured of each game, and why some are out."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec

from bot.cli.catalogue import INSTALL
from bot.terminal.folding import folded
from games.pettingzoo import EXCLUDED, PLAYABLE
from games.textarena import Facts, census


def show_textarena() -> None:
    """Print a line for each game of TextArena; it need not be installed."""
    known = census()
    for line in _lines(known.playable.values(), known.excluded):
        sys.stdout.write(f"{folded(line, sys.stdout, 4)}\n")
    if find_spec("textarena") is None:
        sys.stdout.write(f"TextArena is not installed; to have it: {INSTALL}\n")


def show_pettingzoo() -> None:
    """Print a line for each classic game of PettingZoo; it need not be installed."""
    for line in _classics():
        sys.stdout.write(f"{folded(line, sys.stdout, 4)}\n")
    if find_spec("pettingzoo") is None:
        sys.stdout.write(f"PettingZoo is not installed; to have it: {INSTALL}\n")


def _classics() -> Iterator[str]:
    yield "Games of PettingZoo that can be played here:"
    for env, facts in PLAYABLE.items():
        needs = f", needs {facts.needs}" if facts.needs else ""
        told = f"{facts.about}; about {facts.moves} moves at random{needs}"
        yield f"{env:<26}{_seats(facts.seats):>14}   {told}"
    yield "\nThese cannot be played:"
    for env, why in EXCLUDED.items():
        yield f"{env:<26}{why}"
    yield "\nPlay one: python bot.py play pettingzoo --option env=NAME."


def _lines(playable: Iterable[Facts], excluded: Mapping[str, str]) -> Iterator[str]:
    yield "Games of TextArena that can be played here:"
    for facts in playable:
        moves = "about 1 move" if facts.moves == 1 else f"about {facts.moves} moves"
        length = moves if facts.moves else "long"
        needs = f", needs {facts.needs[0]}" if facts.needs else ""
        bots = "" if facts.bots else ", house bots often find no move"
        yield (
            f"{facts.env:<32}{_seats(facts.seats):>14}   {length}, rules of {facts.prompt} "
            f"characters{needs}{bots}"
        )
    yield "\nThese cannot be played:"
    for env, why in excluded.items():
        yield f"{env:<32}{why}"
    yield "\nPlay one: python bot.py play textarena --option env=NAME."


def _seats(numbers: tuple[int, ...]) -> str:
    if numbers == (1,):
        return "1 seat "
    if len(numbers) > 2 and numbers == tuple(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]} seats"
    return f"{', '.join(map(str, numbers))} seats"
