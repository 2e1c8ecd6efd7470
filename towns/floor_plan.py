"""Floor plans: a building drawn with one character for each tile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

Tile = tuple[int, int]
"""Columns from the left and rows from the top, both from 0."""

WALL: Final = "#"
DOOR: Final = "+"
FLOOR: Final = "."
LARGEST: Final = 60
"""Tiles, each way."""


@dataclass(frozen=True)
class Equipment:
    """A piece of equipment and where it stands."""

    name: str
    """Unique in its building, such as "desk 3"."""
    kind: str
    tiles: tuple[Tile, ...]
    stands: tuple[Tile, ...]
    """Where one can stand to use it."""

    def moved(self, by: Tile) -> "Equipment":
        """Return it further to the right and further down."""
        return replace(self, tiles=_moved(self.tiles, by), stands=_moved(self.stands, by))


@dataclass(frozen=True)
class FloorPlan:
    """The tiles of a building, counted from its own corner."""

    rows: tuple[str, ...]
    """As drawn; all are of the same length."""
    equipment: tuple[Equipment, ...]
    """From the top left to the bottom right."""

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def height(self) -> int:
        return len(self.rows)

    def floor(self) -> Iterator[Tile]:
        """Yield each tile that one can walk on."""
        for y, row in enumerate(self.rows):
            yield from ((x, y) for x, char in enumerate(row) if char in (FLOOR, DOOR))

    def entrances(self) -> Iterator[Tile]:
        """Yield each tile through which one can come in from the street."""
        right, bottom = self.width - 1, self.height - 1
        for x, y in self.floor():
            if x in (0, right) or y in (0, bottom):
                yield x, y


def neighbours(tile: Tile) -> tuple[Tile, Tile, Tile, Tile]:
    """Return the tiles one step away."""
    x, y = tile
    return (x, y - 1), (x - 1, y), (x + 1, y), (x, y + 1)


def reached(starts: Iterable[Tile], floor: frozenset[Tile]) -> set[Tile]:
    """Return every tile of the floor that can be walked to."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        fresh = [tile for tile in neighbours(waiting.pop()) if tile in floor and tile not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found


def read_plan(drawn: str, legend: Mapping[str, str], faults: list[str]) -> FloorPlan | None:
    """Return the plan in a drawing, or None, with what is wrong noted.

    `legend` has the kind of equipment by letter; tiles with the same letter that touch are one
    piece.
    """
    rows = tuple(line.strip() for line in drawn.strip().splitlines())
    wrong = list(_drawing_faults(rows, legend))
    if wrong:
        faults.extend(wrong)
        return None
    plan = FloorPlan(rows, ())
    floor = reached(plan.entrances(), frozenset(plan.floor()))
    pieces = list(_pieces(rows, legend))
    plan = replace(plan, equipment=tuple(_equipment(pieces, floor)))
    faults.extend(_walking_faults(plan, floor))
    return plan


def _drawing_faults(rows: Sequence[str], legend: Mapping[str, str]) -> Iterator[str]:
    if not rows:
        yield "the plan is empty: draw it."
        return
    if max(len(rows), *map(len, rows)) > LARGEST:
        yield f"the plan has over {LARGEST} tiles one way: draw it smaller."
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            yield (
                f"row {number} of the plan has {len(row)} tiles and the first has {len(rows[0])}: "
                "make them the same."
            )
    drawn = set("".join(rows)) - {WALL, DOOR, FLOOR}
    for char in sorted(drawn - set(legend)):
        yield f"the plan has “{char}”, which the legend does not explain: add it there."
    for char in sorted(set(legend) - drawn):
        yield f"the legend explains “{char}”, which is not in the plan: take it out."


def _walking_faults(plan: FloorPlan, floor: set[Tile]) -> Iterator[str]:
    if not floor:
        yield f"nobody can come in: draw a door “{DOOR}” in an outer wall."
        return
    closed = sorted(set(plan.floor()) - floor, key=lambda tile: (tile[1], tile[0]))
    if closed:
        x, y = closed[0]
        yield f"nobody can walk to row {y + 1}, column {x + 1}: draw a door “{DOOR}”."
    for piece in plan.equipment:
        if not piece.stands:
            yield f"nobody can stand beside the {piece.name}: draw floor “{FLOOR}” there."


def _pieces(rows: Sequence[str], legend: Mapping[str, str]) -> Iterator[tuple[str, set[Tile]]]:
    """Yield the kind and the tiles of each piece, from the top left to the bottom right."""
    seen: set[Tile] = set()
    for y, row in enumerate(rows):
        for x, char in enumerate(row):
            if char in legend and (x, y) not in seen:
                same = {(a, b) for b, r in enumerate(rows) for a, c in enumerate(r) if c == char}
                tiles = reached([(x, y)], frozenset(same))
                seen |= tiles
                yield legend[char], tiles


def _equipment(pieces: Sequence[tuple[str, set[Tile]]], floor: set[Tile]) -> Iterator[Equipment]:
    kinds = [kind for kind, _ in pieces]
    for at, (kind, tiles) in enumerate(pieces):
        alone = kinds.count(kind) == 1
        name = kind if alone else f"{kind} {kinds[:at].count(kind) + 1}"
        stands = {near for tile in tiles for near in neighbours(tile)} & floor
        yield Equipment(name, kind, _sorted(tiles), _sorted(stands))


def _sorted(tiles: Iterable[Tile]) -> tuple[Tile, ...]:
    return tuple(sorted(tiles, key=lambda tile: (tile[1], tile[0])))


def _moved(tiles: Iterable[Tile], by: Tile) -> tuple[Tile, ...]:
    return tuple((x + by[0], y + by[1]) for x, y in tiles)
