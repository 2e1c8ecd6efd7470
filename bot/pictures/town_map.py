"""The map of a town as a picture: streets, buildings, and who is where."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import Final

from PIL import Image

from bot.pictures.palette import DARK_INK, INK, QUIET, SHEET, Colour, of_resident
from bot.pictures.sheet import MARGIN, Panel
from bot.pictures.writing import Align, Box, Style, Writing, written
from towns.drawing import Backdrop, DrawnBuilding, DrawnResident, Sort, TownDrawing
from towns.floor_plan import Tile
from towns.grid import Area

_WIDTH: Final = 1440
"""Pixels, about; a tile is a whole number of them."""
_LARGEST_TILE: Final = 16
_TITLE: Final = 84
"""The height of the line above the map."""
DOT: Final = 50
"""Pixels, of a resident."""
_TEXT: Final = 32
"""The size of names; on a telephone, Discord shows them a little smaller than its own text."""
_KEY_ROW: Final = 58
_KEY_WIDTH: Final = 350
MOST_IN_KEY: Final = 24
"""Of more residents than that, the key shows none."""
_COLOURS: Final = 96
_FRAME_MILLISECONDS: Final = 150
_FRAME_WIDTH: Final = 1000

_STREET_BY_DAY: Final[Colour] = (58, 64, 74)
_STREET_BY_NIGHT: Final[Colour] = (26, 29, 38)
_FLOORS: Final[Mapping[Sort, Colour]] = {
    Sort.HOME: (104, 74, 58),
    Sort.FOOD: (116, 88, 34),
    Sort.WORK: (60, 80, 122),
    Sort.LEISURE: (50, 96, 66),
    Sort.FREE: (44, 48, 58),
}
_DAY: Final = range(6, 21)
"""The hours in which the streets are light."""

Shape = Panel | Writing


@dataclass(frozen=True)
class Scale:
    """Where tiles lie on the sheet."""

    tile: int
    """Pixels, each way."""
    left: int = MARGIN
    top: int = _TITLE

    def box(self, area: Area) -> Box:
        """Return what an area covers."""
        left, top = self.left + area.left * self.tile, self.top + area.top * self.tile
        right, bottom = area.right + 1, area.bottom + 1
        return Box(left, top, self.left + right * self.tile, self.top + bottom * self.tile)

    def middle(self, tile: Tile) -> Tile:
        """Return the middle of a tile, in pixels."""
        half = self.tile // 2
        return self.left + tile[0] * self.tile + half, self.top + tile[1] * self.tile + half


def render_map(drawing: TownDrawing) -> bytes:
    """Return the picture of a town as a PNG file; the same drawing gives the same bytes."""
    file = BytesIO()
    few = _picture(drawing).quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, "PNG")
    return file.getvalue()


def render_day(drawings: Iterable[TownDrawing]) -> bytes:
    """Return drawings, one after another, as a GIF file."""
    frames = [_frame(drawing) for drawing in drawings]
    palette = _shared(frames)
    first, *others = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    file = BytesIO()
    first.save(
        file, "GIF", save_all=True, append_images=others, duration=_FRAME_MILLISECONDS, loop=0
    )
    return file.getvalue()


def _frame(drawing: TownDrawing) -> Image.Image:
    picture = _picture(drawing, key=False)
    height = round(picture.height * _FRAME_WIDTH / picture.width)
    return picture.resize((_FRAME_WIDTH, height), Image.Resampling.BOX)


def _shared(frames: Sequence[Image.Image]) -> Image.Image:
    """Return a palette for all: of a frame by night and one at noon, which have all colours."""
    chosen = [frames[0], frames[len(frames) // 2]]
    sample = Image.new("RGB", (frames[0].width, 2 * frames[0].height))
    for number, frame in enumerate(chosen):
        sample.paste(frame, (0, number * frame.height))
    return sample.quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _picture(drawing: TownDrawing, *, key: bool = True) -> Image.Image:
    backdrop = drawing.backdrop
    scale = Scale(max(2, min(_LARGEST_TILE, _WIDTH // backdrop.width)))
    by_day = drawing.time.hour in _DAY
    image = _drawn_backdrop(backdrop, scale, by_day=by_day).copy()
    shapes = [*_title(drawing, image.width), *_dots(drawing, scale)]
    if key:
        below = [*_key(drawing, image.width, image.height)]
        bottom = max((shape.box.bottom for shape in below), default=image.height)
        image = _extended(image, bottom + MARGIN // 2)
        shapes += below
    for shape in shapes:
        shape.draw(image)
    return image


@lru_cache(maxsize=4)
def _drawn_backdrop(backdrop: Backdrop, scale: Scale, *, by_day: bool) -> Image.Image:
    whole = scale.box(Area(0, 0, backdrop.width - 1, backdrop.height - 1))
    image = Image.new("RGB", (whole.right + MARGIN, whole.bottom + MARGIN // 2), SHEET)
    street = _STREET_BY_DAY if by_day else _STREET_BY_NIGHT
    image.paste(street, whole)
    for building in backdrop.buildings:
        for shape in _building(building, scale, street):
            shape.draw(image)
    return image


def _building(building: DrawnBuilding, scale: Scale, street: Colour) -> Iterator[Shape]:
    floor = _FLOORS[building.sort]
    box = scale.box(building.area)
    yield Panel(box, floor, radius=4)
    for area in building.equipment:
        yield Panel(scale.box(area).within(1), _mixed(floor, INK, 0.22), radius=3)
    for area in building.walls:
        yield Panel(scale.box(area), _mixed(floor, INK, 0.5), radius=0)
    for area in building.doors:
        yield Panel(scale.box(area), street, radius=0)
    room = (box.width + DOT, round(1.3 * _TEXT))
    left, top = box.left, max(scale.top, box.top - room[1])
    yield written(building.name, Box(left, top, left + room[0], top + room[1]), _ink(building))


def _ink(building: DrawnBuilding) -> Style:
    return Style(_TEXT, QUIET if building.sort is Sort.FREE else INK)


def _title(drawing: TownDrawing, width: int) -> Iterator[Writing]:
    line = Box(MARGIN, 8, width - MARGIN, _TITLE - 8)
    yield written(drawing.town, line, Style(44, bold=True))
    yield written(str(drawing.time), line, Style(44, INK, Align.RIGHT))


def _dots(drawing: TownDrawing, scale: Scale) -> Iterator[Shape]:
    """Yield everybody, moved aside where others stand, or counted where there is no room."""
    taken: dict[Tile, list[DrawnResident]] = {}
    for resident in drawing.residents:
        cells = _cells(drawing, resident, scale)
        free = next((cell for cell in cells if cell not in taken), cells[0])
        taken.setdefault(free, []).append(resident)
    for (x, y), people in taken.items():
        half = DOT // 2
        yield from _dot(people, Box(x - half, y - half, x + half, y + half))


def _cells(drawing: TownDrawing, resident: DrawnResident, scale: Scale) -> Sequence[Tile]:
    """Return the middles of the dots that one can be drawn at, the nearest first."""
    x, y = scale.middle(resident.tile)
    found = _inside(drawing.backdrop, resident.place, scale)
    if found and len(drawing.by_place[resident.place]) > len(found):
        return found[len(found) // 2 :][:1]
    if not found:  # on the street one is drawn where one is, or one step aside
        x, y = x // DOT * DOT + DOT // 2, y // DOT * DOT + DOT // 2
        found = [(x, y), (x + DOT, y), (x - DOT, y), (x, y + DOT), (x, y - DOT)]
    return sorted(found, key=lambda cell: (abs(cell[0] - x) + abs(cell[1] - y), cell))


@lru_cache(maxsize=512)
def _inside(backdrop: Backdrop, place: str, scale: Scale) -> Sequence[Tile]:
    """Return the middles of as many dots as fit into a building; none for the street."""
    areas = [building.area for building in backdrop.buildings if building.name == place]
    return [cell for area in areas for cell in _grid(scale.box(area))]


def _grid(box: Box) -> Iterator[Tile]:
    across, down = max(1, box.width // DOT), max(1, box.height // DOT)
    for row in range(down):
        for column in range(across):
            yield (
                box.left + (2 * column + 1) * box.width // (2 * across),
                box.top + (2 * row + 1) * box.height // (2 * down),
            )


def _dot(people: Sequence[DrawnResident], box: Box) -> Iterator[Shape]:
    alone = len(people) == 1
    colour = of_resident(people[0].number) if alone else INK
    yield Panel(box, colour, SHEET, 3, radius=DOT // 2)
    label = people[0].label if alone else str(len(people))
    yield written(label, box, Style(28, DARK_INK, Align.MIDDLE, bold=True))


def _key(drawing: TownDrawing, width: int, top: int) -> Iterator[Shape]:
    """Yield what the dots and the colours of buildings mean, in rows from left to right."""
    columns = max(1, (width - 2 * MARGIN) // _KEY_WIDTH)
    wide = (width - 2 * MARGIN) // columns
    for number, (sign, text) in enumerate(_key_entries(drawing)):
        x, y = MARGIN + number % columns * wide, top + number // columns * _KEY_ROW
        yield from sign(Box(x, y + 4, x + DOT, y + 4 + DOT))
        yield written(text, Box(x + DOT + 12, y, x + wide - 8, y + _KEY_ROW), Style(_TEXT))


def _key_entries(drawing: TownDrawing) -> Iterator[tuple[Callable[[Box], Iterator[Shape]], str]]:
    residents = drawing.residents
    for resident in residents if len(residents) <= MOST_IN_KEY else ():
        yield partial(_dot, [resident]), resident.name
    sorts = {building.sort for building in drawing.backdrop.buildings}
    for sort in [sort for sort in Sort if sort in sorts and sort is not Sort.FREE]:
        yield partial(_swatch, _FLOORS[sort]), sort


def _swatch(colour: Colour, box: Box) -> Iterator[Shape]:
    yield Panel(box.within(6), colour, QUIET, 2, radius=6)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour with a share of another in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _extended(image: Image.Image, height: int) -> Image.Image:
    taller = Image.new("RGB", (image.width, height), SHEET)
    taller.paste(image)
    return taller
