"""Towns of any size: streets of dormitories, and what people need near each of them."""

from towns.catalogue import CATALOGUE
from towns.files import DATA
from towns.ground import packed

COLUMNS, ROWS = 8, 14
PEOPLE = 36
"""In one dormitory."""
NEAR = ("park", "cafe", "office")

_DORMITORY = """
[dormitory]
about = "A long house full of beds."
price = 14_000
plan = '''
#####################
#bb.bb.bb.bb.bb.bb.f#
#...................#
#bb.bb.bb.bb.bb.bb.e#
#...................#
#bb.bb.bb.bb.bb.bb..#
#...................#
#dddd..dddd..dddd...#
#dddd..dddd..dddd...#
#...................#
##########+##########
'''
[dormitory.legend]
b = "double bed"
d = "dining table"
f = "fridge"
e = "stove"
"""


def large_town(people: int) -> str:
    """Return the data of a town with so many residents, up to 1,008."""
    texts = {name: (DATA / name).read_text("utf-8") for name in CATALOGUE}
    texts["buildings.toml"] += _DORMITORY
    return packed({**texts, "large.toml": _town(people)}, "large.toml")


def _town(people: int) -> str:
    lines = [
        'name = "Long Street"\nabout = "A town of many."',
        '[time]\nseconds_per_tick = 10\nstarts = "06:00"',
        "[money]\ntown = 0\ninvitation = 0",
        f"[map]\nwidth = 300\nheight = 300\ncolumns = {[8 + 36 * x for x in range(COLUMNS)]}",
        f"rows = {[3 + 21 * y for y in range(ROWS)]}\n[buildings]",
    ]
    for block in range(-(-people // PEOPLE)):
        for number, kind in enumerate(("dormitory", *NEAR)):
            row, column = divmod(4 * block + number, COLUMNS)
            plot = f"{{ column = {column + 1}, row = {row + 1} }}"
            lines.append(f'"{kind} {block}" = {{ type = "{kind}", plot = {plot} }}')
    lines += [_resident(number) for number in range(people)]
    return "\n".join(lines)


def _resident(number: int) -> str:
    block, place = divmod(number, PEOPLE)
    work = f'work = "office {block}"\n' if place < 7 else ""
    return (
        f'[residents.R{number}]\nage = 30\nhome = "dormitory {block}"\n{work}cash = 500\n'
        f'bio = "R{number} lives here."\ngoal = "To live."'
    )
