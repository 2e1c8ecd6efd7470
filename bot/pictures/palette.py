"""The colours: one dark sheet that can be read on light and on dark themes.

Every ink stands out from every ground by 4.5 to 1 or more.
Source: W3C, Web Content Accessibility Guidelines 2.2, success criterion 1.4.3.
"""

from typing import Final

Colour = tuple[int, int, int]

SHEET: Final[Colour] = (33, 37, 48)
TILE: Final[Colour] = (48, 54, 70)
LIGHT_TILE: Final[Colour] = (66, 74, 94)
KEY_TILE: Final[Colour] = (74, 62, 38)
LATEST_EDGE: Final[Colour] = (138, 148, 172)
KEY_EDGE: Final[Colour] = (247, 197, 92)
INK: Final[Colour] = (238, 240, 246)
QUIET: Final[Colour] = (178, 186, 206)
SIDES: Final[tuple[Colour, ...]] = (INK, (142, 197, 255), (255, 180, 128))
"""By number of the side; 0 is nobody's.  More sides than colours begin anew at the first."""
DARK_INK: Final[Colour] = (20, 22, 28)
RESIDENTS: Final[tuple[Colour, ...]] = (
    (255, 180, 128),
    (142, 197, 255),
    (247, 220, 110),
    (160, 224, 150),
    (255, 160, 190),
    (200, 176, 255),
    (120, 226, 220),
    (232, 200, 170),
    (255, 140, 110),
    (196, 214, 90),
    (226, 170, 236),
    (170, 190, 220),
)
"""By number of the resident, from 0.  Dark ink stands out from each of them."""


def of_side(side: int) -> Colour:
    """Return the ink of a side."""
    return SIDES[0] if side == 0 else SIDES[1 + (side - 1) % (len(SIDES) - 1)]


def of_resident(number: int) -> Colour:
    """Return the colour of a resident; more residents than colours begin anew at the first."""
    return RESIDENTS[number % len(RESIDENTS)]
