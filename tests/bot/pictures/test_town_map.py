"""Maps and charts of a town: readable, always the same, and never larger than one can send."""

from io import BytesIO

from PIL import Image, ImageChops

from bot.pictures.charts import MOST_LINES, Chart, render_chart
from bot.pictures.palette import DARK_INK, RESIDENTS
from bot.pictures.town_map import DOT, render_day, render_map
from games.core.board import ALT_TEXT_LIMIT
from towns.drawing import drawn
from towns.files import default_town
from towns.grid import town_map

TOWN = default_town()
GROUND = town_map(TOWN.land, TOWN.sites, TOWN.catalogue)
HOSTILE = ["W" * 32, "Z\u0336\u0321\u031ba\u0335\u0322", "שלום", "王小明", "\u200b", "😀"]


def inside(building):
    area = GROUND.buildings[building].area
    return area.left + 2, area.top + 3


def picture(positions, tick=1260):
    return drawn(TOWN, TOWN.sites, positions, tick)


def opened(file):
    return Image.open(BytesIO(file))


def colours(file):
    image = opened(file).convert("RGB")
    return {colour: count for count, colour in image.getcolors(1 << 20)}


def test_the_same_moment_gives_the_same_bytes():
    positions = {name: inside("Landing Park") for name in TOWN.residents}
    assert render_map(picture(positions)) == render_map(picture(positions))
    assert render_map(picture(positions)) != render_map(picture(positions, 1266))


def test_each_resident_has_a_dot_of_its_own_colour():
    positions = {"Ana": (2, 2), "Bo": inside("Landing Park"), "Cy": inside("Landing Park")}
    seen = colours(render_map(picture(positions)))
    area = 3.14 * (DOT / 2 - 3) ** 2
    for colour in RESIDENTS[:3]:
        near = [c for c in seen if max(abs(a - b) for a, b in zip(c, colour, strict=True)) < 6]
        assert sum(seen[c] for c in near) > area  # on the map and in the key
    assert not any(c == RESIDENTS[5] for c in seen)


def test_people_at_the_same_tile_are_drawn_beside_each_other():
    together = {"Ana": inside("Landing Park"), "Bo": inside("Landing Park")}
    apart = {"Ana": inside("Landing Park"), "Bo": (2, 2)}
    one, other = (colours(render_map(picture(where))) for where in (together, apart))
    for colour in RESIDENTS[:2]:
        assert abs(one.get(colour, 0) - other.get(colour, 0)) < 200  # nobody hides another


def test_a_thousand_residents_are_counted_in_a_file_that_can_be_sent():
    places = list(GROUND.buildings)
    crowd = {f"Person {n}": inside(places[n % len(places)]) for n in range(1_000)}
    file = render_map(picture(crowd))
    assert len(file) < 200_000
    assert opened(file).width < 1_600


def test_any_name_can_be_drawn():
    file = render_map(picture({name: (n * 9, 2) for n, name in enumerate(HOSTILE)}))
    assert opened(file).format == "PNG"


def test_the_streets_are_dark_by_night():
    noon, night = (opened(render_map(picture({}, tick))).convert("L") for tick in (2160, 6480))
    assert noon.getpixel((60, 120)) > night.getpixel((60, 120)) + 20


def test_a_day_is_a_picture_that_moves_and_goes_on_for_ever():
    frames = [picture({"Ana": (hour * 5, 2)}, hour * 360) for hour in range(24)]
    film = opened(render_day(frames))
    assert (film.format, film.n_frames, film.info["loop"]) == ("GIF", 24, 0)
    first = film.convert("RGB")
    film.seek(12)
    assert ImageChops.difference(first, film.convert("RGB")).getbbox()


def test_dark_letters_stand_out_from_every_resident_colour():
    def light(colour):
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all((light(c) + 0.05) / (light(DARK_INK) + 0.05) >= 4.5 for c in RESIDENTS)


def money():
    return Chart("Money", ["day 1", "day 2"], {"Ana": [10, 1_250.4], "Bo": [30, 0]})


def test_a_chart_is_told_in_words_and_numbers_too():
    assert money().alt_text() == (
        "Chart: Money, day 1 to day 2. Ana from 10 to 1,250; Bo from 30 to 0."
    )
    assert money().table() == "time,Ana,Bo\nday 1,10,30\nday 2,1250.4,0\n"
    assert money().top == 1_600
    assert render_chart(money()) == render_chart(money())


def test_names_are_no_formulas_in_a_table():
    assert Chart("", ["1"], {"=cmd()": [1]}).table().startswith("time,'=cmd()\n")


def test_a_chart_of_nothing_or_of_too_much_is_still_a_chart():
    empty = Chart("Money", [], {})
    assert empty.alt_text() == "Chart: Money. Nothing yet."
    assert opened(render_chart(empty)).format == "PNG"
    assert opened(render_chart(Chart("Calls", ["day 1"], {"all": [0]}))).format == "PNG"
    full = Chart("Money", ["a", "b"], {f"Person {n}" * 9: [n, 9e8] for n in range(99)})
    assert len(full.alt_text()) <= ALT_TEXT_LIMIT
    few = Chart("Money", full.times, dict(list(full.lines.items())[:MOST_LINES]))
    assert opened(render_chart(full)).size == opened(render_chart(few)).size
