"""What a board says as text, and what a screen reader reads in its place."""

import pytest

from games.chameleon import Chameleon
from games.core import Board, Cell, Grid, Lines, Look, Mark, Match, Seat
from games.core.board import ALT_TEXT_LIMIT
from games.prisoners_dilemma import PrisonersDilemma
from games.rock_paper_scissors import RockPaperScissors
from games.tic_tac_toe import CELLS, TicTacToe

ANN, BOB, CY = Seat("Ann"), Seat("Bob"), Seat("Cy")


def played(game, *answers, seats=(ANN, BOB)):
    match = Match(game, seats, 7)
    for seat, text in answers:
        match.say(seat, text)
    return match


def marked(*cells):
    return played(TicTacToe(), *((seat, c) for seat, c in zip((ANN, BOB) * 5, cells, strict=False)))


def test_an_empty_field_has_dots_for_its_cells():
    assert str(marked().board()) == "  a b c\n1 . . .\n2 . . .\n3 . . ."


def test_whose_mark_is_whose_stands_below_the_field():
    board = marked("b2", "a1").board()
    assert str(board) == "  a b c\n1 O . .\n2 . X .\n3 . . .\nX: Ann\nO: Bob"


def test_the_latest_mark_is_set_apart_for_pictures_and_screen_readers_alone():
    board = marked("b2").board()
    assert board.parts[0].rows[1][1] == Cell("X", Mark.LATEST, side=1)
    assert "Latest: b2." in board.alt_text()
    assert "[" not in str(board)


def test_three_in_a_line_stand_in_brackets_in_straight_columns():
    board = marked("a1", "b1", "b2", "c1", "c3").board()
    assert str(board).splitlines()[:4] == [
        "   a   b   c",
        "1 [X]  O   O",
        "2  .  [X]  .",
        "3  .   .  [X]",
    ]
    assert "Three in a line: a1, b2, c3." in board.alt_text()


def test_the_alt_text_of_a_field_names_every_cell_once():
    board = marked("b2", "a1", "c3").board()
    assert board.alt_text() == (
        "Tic-tac-toe board. O: a1. X: b2, c3. Empty: b1, c1, a2, c2, a3, b3. Latest: c3. "
        "X: Ann. O: Bob."
    )
    (grid, _) = board.parts
    assert sorted(grid.name_of((row, column)) for row in range(3) for column in range(3)) == sorted(
        CELLS
    )


def test_words_on_cards_are_read_in_their_order():
    match = Match(Chameleon(topic="Fruits", word="Apple", chameleon=BOB), (ANN, BOB, CY), 7)
    said = match.board().alt_text()
    assert said.startswith("Chameleon, the words. Fruits: Apple, Banana, Orange, Grape, ")
    assert all(card.text in said for row in match.board().parts[0].rows for card in row)


def test_the_secret_word_is_marked_for_those_who_know_it_alone():
    match = Match(Chameleon(topic="Fruits", word="Apple", chameleon=BOB), (ANN, BOB, CY), 7)
    assert "[Apple]" in str(match.board(ANN))
    assert "The secret word: Apple." in match.board(ANN).alt_text()
    for viewer in (BOB, Seat("")):
        assert "[" not in str(match.board(viewer))
        assert "secret" not in match.board(viewer).alt_text()


def test_clues_stand_below_the_words():
    match = Match(Chameleon(topic="Fruits", word="Apple", chameleon=BOB), (ANN, BOB, CY), 7)
    match.say(ANN, "It keeps the doctor away!")
    assert str(match.board()).endswith("\nAnn: It keeps the doctor away!")
    assert match.board().alt_text().endswith(" Ann: It keeps the doctor away!")


def test_throws_are_scored_only_after_both_have_thrown():
    match = played(RockPaperScissors(), (ANN, "rock"))
    assert match.board(ANN) is None
    match.say(BOB, "paper")
    assert str(match.board()).splitlines() == [
        "     Round 1  Won",
        "Ann  rock     0 of 2",
        "Bob [paper]   1 of 2",
    ]
    assert match.board().alt_text() == (
        "Rock-paper-scissors, the score. Ann: Round 1 rock, Won 0 of 2. "
        "Bob: Round 1 paper, Won 1 of 2. Wins the round: Bob Round 1."
    )


def test_only_the_last_rounds_stay_in_sight_but_all_of_them_count():
    throws = [(ANN, "rock"), (BOB, "scissors")] * 6
    (grid,) = played(RockPaperScissors(target=9), *throws).board().parts
    assert [*map(str, grid.columns)] == ["Round 3", "Round 4", "Round 5", "Round 6", "Won"]
    assert [str(row[-1].text) for row in grid.rows] == ["6 of 9", "0 of 9"]


def test_choices_stand_with_what_they_paid():
    rounds = [(ANN, "defect"), (BOB, "cooperate"), (ANN, "defect"), (BOB, "defect")]
    board = played(PrisonersDilemma(rounds=2), *rounds).board()
    assert board.alt_text() == (
        "Prisoner's dilemma, the points. Ann: Round 1 defect +5, Round 2 defect +1, Points 6. "
        "Bob: Round 1 cooperate +0, Round 2 defect +1, Points 1."
    )


def test_a_whole_chess_board_fits_into_an_alt_text():
    men = ("rnbqkbnr", "pppppppp", *("        ",) * 4, "PPPPPPPP", "RNBQKBNR")
    rows = [[Cell(man.strip()) for man in row] for row in men]
    grid = Grid(rows, columns="abcdefgh", labels="87654321")
    said = Board("Chess board", [grid]).alt_text()
    assert len(said) < ALT_TEXT_LIMIT
    assert "k: e8." in said
    assert "P: a2, b2, c2, d2, e2, f2, g2, h2." in said
    assert str(grid).splitlines()[1] == "8 r n b q k b n r"


def test_an_alt_text_too_long_for_discord_is_cut():
    said = Board("Talk", [Lines([("Ann", "x" * 3000)])]).alt_text()
    assert len(said) == ALT_TEXT_LIMIT
    assert said.endswith("…")


@pytest.mark.parametrize("text", ["two\nlines", "tab\there", "  wide   gaps  "])
def test_white_space_cannot_break_the_rows_of_a_board(text):
    grid = Grid([[Cell(text), Cell("b")]], Look.CARDS, caption=text)
    assert len(str(grid).splitlines()) == 2
    assert "\n" not in grid.alt_text()
