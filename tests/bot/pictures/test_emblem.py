"""A character without a portrait gets its initials on a colour."""

import io

import pytest
from PIL import Image

from bot.pictures.emblem import GROUNDS, SIZE, emblem, initials
from bot.pictures.palette import INK


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "AL"),
        ("Martin Luther King", "MK"),
        ("zoë", "Z"),
        ("孔子", "孔"),
        ("D'Arc (Jeanne)", "D"),
        ("!!", "?"),
        ("", "?"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name, expected):
    assert initials(name) == expected


@pytest.mark.parametrize("name", ["Ada Lovelace", "孔子", "\ud800", "W" * 100])
def test_an_emblem_is_a_square_png_that_is_always_the_same(name):
    drawn = emblem(name)
    assert drawn == emblem(name)
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("PNG", (SIZE, SIZE))
        colours = {colour for _, colour in image.convert("RGB").getcolors(SIZE * SIZE)}
    assert len(colours) > 1


def luminance(colour):
    parts = [value / 255 for value in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_letters_stand_out_from_every_ground(ground):
    assert (luminance(INK) + 0.05) / (luminance(ground) + 0.05) >= 4.5
