"""Boards and results as pictures: what stands where, and what hostile texts cannot do."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from bot.pictures import (
    Standing,
    card_alt_text,
    lay_out,
    lay_out_card,
    render,
    render_card,
    standings,
)
from bot.pictures.fonts import LONGEST, drawable
from bot.pictures.palette import KEY_EDGE, KEY_TILE, LIGHT_TILE, QUIET, SHEET, SIDES, TILE
from bot.pictures.sheet import WIDTH, Panel
from bot.pictures.writing import SMALLEST, Writing
from games.chameleon import Chameleon
from games.core import Board, Cell, Grid, Lines, Look, Mark, Match, Outcome, Seat, Text
from games.core.board import ALT_TEXT_LIMIT
from games.prisoners_dilemma import PrisonersDilemma
from games.rock_paper_scissors import RockPaperScissors
from games.tic_tac_toe import TicTacToe

ANN, BOB, CY = Seat("Ann"), Seat("Bob"), Seat("Cy")
LARGEST_FILE = 60_000
LONG_NAME = "Maximiliane the Third of Hohenzollern"
HOSTILE = {
    "as long as can be": "W" * 40,
    "without end": "W" * 5000,
    "zalgo": "Z\u0336\u0321\u031b\u0352a\u0335\u0322\u035dl\u0338g\u0337o\u0335" * 8,
    "emoji": "😀" * 40,
    "a family": "👨‍👩‍👧‍👦 👍🏽 🇩🇪",
    "right to left": "שלום עולם مرحبا",
    "turned around": "\u202eevil\u2066",
    "lines": "one\ntwo\r\nthree\u2028four",
    "Chinese": "王小明和李四",
    "unseen": "\u200b\u200d\ufeff",
    "nothing": "",
    "a surrogate": "\ud800",
    "never given away": "\U0010ffff\ue000",
    "markup": "<b>&amp;</b> @everyone [x](y)",
}


def played(game, *answers, seats=(ANN, BOB)):
    match = Match(game, seats, 7)
    for seat, text in answers:
        match.say(seat, text)
    return match


def tic_tac_toe(*cells, seats=(ANN, BOB)):
    turns = zip(seats * 5, cells, strict=False)
    return played(TicTacToe(), *turns, seats=seats).board()


def chameleon(viewer="", name="Bob"):
    game = Chameleon(topic="Fairy tales", word="Wizard", chameleon=Seat(name))
    clues = [(ANN, "I have seen it more than once"), (name, "tiara"), (CY, "old stories " * 5)]
    return played(game, *clues, seats=(ANN, Seat(name), CY)).board(Seat(viewer))


def chess():
    men = ("rnbqkbnr", "pppppppp", *("        ",) * 4, "PPPPPPPP", "RNBQKBNR")
    rows = [[Cell(man.strip(), side=1 + man.islower()) for man in row] for row in men]
    return Board("Chess board", [Grid(rows, columns="abcdefgh", labels="87654321")])


BOARDS = {
    "empty": tic_tac_toe(),
    "in the middle": tic_tac_toe("b2", "a1", "c3"),
    "three in a line": tic_tac_toe("a1", "b1", "b2", "c1", "c3"),
    "words": chameleon(),
    "words with the secret one": chameleon("Ann"),
    "throws": played(RockPaperScissors(9), *[(ANN, "rock"), (BOB, "scissors")] * 6).board(),
    "choices": played(
        PrisonersDilemma(rounds=9),
        *[(ANN, "cooperate"), (LONG_NAME, "cooperate")] * 5,
        seats=(ANN, Seat(LONG_NAME)),
    ).board(),
    "chess": chess(),
    "lines alone": Board("Talk", [Lines([("Ann", "words " * 90), ("Bob", "")])]),
    "nothing at all": Board("Nothing", []),
}


def image_of(png):
    return Image.open(BytesIO(png)).convert("RGB")


def writings(sheet):
    return [shape for shape in sheet.shapes if isinstance(shape, Writing)]


def lies_in(inner, outer):
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def light(colour):
    parts = [part / 255 for part in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_is_a_small_png_no_wider_than_a_phone_shows_sharply(name):
    png = render(BOARDS[name])
    image = image_of(png)
    assert png.startswith(b"\x89PNG")
    assert 400 <= image.width <= WIDTH
    assert image.height <= 900
    assert len(png) < LARGEST_FILE


@pytest.mark.parametrize("name", BOARDS)
def test_every_text_lies_whole_in_its_box_and_every_box_on_the_sheet(name):
    sheet = lay_out(BOARDS[name])
    for shape in sheet.shapes:
        assert lies_in(shape.box, (0, 0, sheet.width, sheet.height))
    for writing in writings(sheet):
        assert writing.style.size >= SMALLEST
        if writing.lines:
            assert lies_in(writing.ink_box(), writing.box), writing.lines


@pytest.mark.parametrize("name", BOARDS)
def test_no_two_texts_overlap(name):
    boxes = [writing.box for writing in writings(lay_out(BOARDS[name]))]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.bottom <= other.top or other.bottom <= one.top


@pytest.mark.parametrize("name", BOARDS)
def test_all_that_the_alt_text_names_is_written_whole(name):
    board = BOARDS[name]
    shown = " ".join(" ".join(writing.lines) for writing in writings(lay_out(board)))
    for part in board.parts:
        if isinstance(part, Grid):
            wanted = [cell.text for row in part.rows for cell in row]
            assert all(str(text) in shown for text in (*wanted, *part.columns, *part.labels))
            assert all(str(text) in board.alt_text() for text in wanted)


def test_each_cell_shows_its_own_mark():
    grid = Grid([[Cell("X", side=1), Cell("O", side=2), Cell()]])
    sheet = lay_out(Board("Marks", [grid]))
    image = image_of(sheet.png())
    x, o, empty = (
        image.crop(shape.box).tobytes() for shape in sheet.shapes if isinstance(shape, Panel)
    )
    assert len({x, o, empty}) == 3
    assert len(image.crop(sheet.shapes[-1].box.within(20)).getcolors()) == 1


def test_the_square_at_the_lower_left_of_a_chequered_board_is_dark():
    squares = Grid([[Cell()] * 3] * 2, chequered=True)
    fills = [shape.fill for shape in lay_out(Board("Squares", [squares])).shapes]
    assert fills == [LIGHT_TILE, TILE, LIGHT_TILE, TILE, LIGHT_TILE, TILE]


def test_what_colour_tells_is_told_by_shapes_too():
    def grey(mark, side=0):
        png = render(Board("Cell", [Grid([[Cell("X", mark, side)]], key="the word")]))
        return image_of(png).crop((0, 0, 440, 150)).convert("L").point(lambda v: 255 * (v > 90))

    plain, latest, key = (grey(mark).tobytes() for mark in (Mark.NONE, Mark.LATEST, Mark.KEY))
    assert len({plain, latest, key}) == 3
    framed = lay_out(Board("Cell", [Grid([[Cell("X", Mark.KEY)]], key="the word")]))
    assert writings(framed)[-1].lines == ("the word",)


@pytest.mark.parametrize("ground", [SHEET, TILE, LIGHT_TILE, KEY_TILE])
@pytest.mark.parametrize("ink", [*SIDES, QUIET, KEY_EDGE])
def test_every_ink_can_be_read_on_every_ground(ink, ground):
    assert (light(ink) + 0.05) / (light(ground) + 0.05) >= 4.5


def test_a_long_word_is_written_smaller_and_two_words_on_two_lines():
    rows = [[Cell("Gingerbread house"), Cell("Hippopotamuses"), Cell("Frog"), Cell("Wolf")]]
    house, word, frog, _ = writings(lay_out(Board("Words", [Grid(rows, Look.CARDS)])))
    assert house.lines == ("Gingerbread", "house")
    assert word.lines == ("Hippopotamuses",)
    assert word.style.size < frog.style.size


def test_a_text_that_fits_in_no_size_ends_with_dots():
    grid = Grid([[Cell("never ending words " * 20)] * 4], Look.CARDS)
    for writing in writings(lay_out(Board("Words", [grid]))):
        assert writing.lines[-1].endswith("…")
        assert lies_in(writing.ink_box(), writing.box)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_stay_within_their_boxes(name):
    text = HOSTILE[name]
    grid = Grid(
        [[Cell(text), Cell("ok")]], Look.TABLE, (text, "b"), (text,), caption=text, key=text
    )
    sheet = lay_out(Board(text, [grid, Lines([(text, text)])]))
    assert sheet.width <= WIDTH
    assert sheet.height <= 900
    for writing in writings(sheet):
        mask = writing.mask()
        assert mask is not None
        assert mask.size == (writing.box.width, writing.box.height)
        assert lies_in(writing.box, (0, 0, sheet.width, sheet.height))
    assert len(sheet.png()) < LARGEST_FILE


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_leave_the_rest_of_a_card_as_it_is(name):
    rows = [Standing(1, HOSTILE[name], "2"), Standing(2, "Ann", "1")]
    plain = [Standing(1, "Bob", "2"), Standing(2, "Ann", "1")]
    hostile, usual = (lay_out_card("The end", two) for two in (rows, plain))
    assert (hostile.width, hostile.height) == (usual.width, usual.height)
    place = next(w.box for w in writings(usual) if w.lines == ("Bob",))
    one, other = (image_of(sheet.png()) for sheet in (hostile, usual))
    for image in (one, other):
        image.paste((0, 0, 0), place)
    below = (0, place.bottom + 8, usual.width, usual.height)
    close = zip(one.crop(below).tobytes(), other.crop(below).tobytes(), strict=True)
    assert all(abs(a - b) < 32 for a, b in close)  # the file has few colours, chosen by its all


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_drawn_has_no_control_and_no_endless_marks(name):
    shown = drawable(HOSTILE[name])
    assert len(shown) <= LONGEST
    assert shown.isprintable()
    assert not set(shown) & set("\u202e\u2066\u200b\u200d\ufeff\n")


def test_letters_of_other_scripts_are_not_all_alike():
    first, second = (
        lay_out_card(name, []).shapes[0].mask().tobytes() for name in ("Žofie Čapek", "Łukasz")
    )
    assert first != second


def test_the_same_board_is_the_same_file():
    assert render(BOARDS["words"]) == render(chameleon())
    assert render(BOARDS["words"]) != render(BOARDS["words with the secret one"])


async def test_pictures_can_be_drawn_in_threads_at_the_same_time():
    alone = {name: render(board) for name, board in BOARDS.items()}
    together = await asyncio.gather(
        *(asyncio.to_thread(render, board) for board in BOARDS.values() for _ in range(3))
    )
    assert list(together) == [png for png in alone.values() for _ in range(3)]


def test_a_card_shows_ranks_names_scores_and_the_reason():
    outcome = Outcome({ANN: 1, BOB: 2.5, CY: 1}, Text("{seat} wins.", seat=BOB))
    rows = standings(outcome)
    assert rows == [Standing(1, "Bob", "2.5"), Standing(2, "Ann", "1"), Standing(2, "Cy", "1")]
    sheet = lay_out_card("Chameleon", rows, str(outcome.reason))
    texts = [" ".join(writing.lines) for writing in writings(sheet)]
    assert texts == [
        "Chameleon",
        "1.",
        "Bob",
        "2.5",
        "2.",
        "Ann",
        "1",
        "2.",
        "Cy",
        "1",
        "Bob wins.",
    ]
    assert all(lies_in(writing.ink_box(), writing.box) for writing in writings(sheet))
    assert card_alt_text("Chameleon", rows, str(outcome.reason)) == (
        "Chameleon. 1. Bob, 2.5; 2. Ann, 1; 2. Cy, 1. Bob wins."
    )


def test_a_card_of_an_aborted_match_has_its_reason_alone():
    outcome = Outcome({}, Text("Everybody has left."), aborted=True)
    assert standings(outcome) == []
    sheet = lay_out_card("No contest", standings(outcome), str(outcome.reason))
    assert [writing.lines for writing in writings(sheet)] == [
        ("No contest",),
        ("Everybody has left.",),
    ]


def test_a_card_of_a_crowd_counts_those_it_has_no_room_for():
    rows = [Standing(rank, f"Player {rank}", "0") for rank in range(1, 101)]
    sheet = lay_out_card("The end", rows, "Nobody wins.")
    assert writings(sheet)[-1].lines == ("… and 84 more. Nobody wins.",)
    assert len(render_card("The end", rows, "Nobody wins.")) < LARGEST_FILE
    assert len(card_alt_text("The end", rows, "Nobody wins.")) == ALT_TEXT_LIMIT
