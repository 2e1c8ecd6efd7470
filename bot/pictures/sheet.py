"""A sheet of panels and writings, and the PNG file it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from bot.pictures.palette import SHEET, Colour
from bot.pictures.writing import Box, Writing

WIDTH: Final = 800
"""Pixels; Discord shows about half as many points."""
MARGIN: Final = 32
_COLOURS: Final = 64
"""Enough for smooth letters, and half the file."""
_FINER: Final = 4
"""Corners are drawn so many times too large, as Pillow does not smooth them."""


@dataclass(frozen=True)
class Panel:
    """A rectangle with round corners."""

    box: Box
    fill: Colour
    edge: Colour | None = None
    edge_width: int = 0
    radius: int = 12

    def draw(self, image: Image.Image) -> None:
        """Draw the edge as a panel, and the panel proper within it."""
        if self.edge:
            _fill(image, self.box, self.edge, self.radius)
        inner = self.box.within(self.edge_width)
        _fill(image, inner, self.fill, max(0, self.radius - self.edge_width))


@dataclass(frozen=True)
class Sheet:
    """What is drawn, the undermost first."""

    width: int
    height: int
    shapes: Sequence[Panel | Writing]

    def png(self) -> bytes:
        """Return the sheet as a PNG file: the same bytes for the same sheet and fonts."""
        image = Image.new("RGB", (self.width, self.height), SHEET)
        for shape in self.shapes:
            shape.draw(image)
        file = BytesIO()
        few = image.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(file, "PNG")
        return file.getvalue()


def _fill(image: Image.Image, box: Box, colour: Colour, radius: int) -> None:
    large = (box.width * _FINER, box.height * _FINER)
    mask = Image.new("L", large)
    corner = (0, 0, large[0] - 1, large[1] - 1)
    ImageDraw.Draw(mask).rounded_rectangle(corner, radius * _FINER, fill=255)
    image.paste(colour, box, mask.resize((box.width, box.height), Image.Resampling.BOX))
