"""What residents have answered, for people and for programs."""

from bot.arena.events import Answered
from bot.pictures.evaluation_table import answers_csv, grid, totals
from games.core import Seat, Words
from towns.clock import Clock


def answered(seat, question, value, words="…", why=""):
    return Answered(Seat(seat), 360, question, Words(words), value, why)


FOUND = [
    answered("Ngozi", "content", 7.5),
    answered("Ngozi", "goal", value=True),
    answered("Joaquim", "content", None, "=cmd()", "There is no number."),
    answered("Joaquim", "goal", value=False),
]


def test_each_question_comes_to_something():
    assert list(totals(FOUND)) == ["content: mean 7.50 of 1, 1 without a value", "goal: 1 of 2 yes"]
    assert list(totals(FOUND[2:3])) == ["content: nothing could be measured"]


def test_the_table_has_a_row_for_each_resident_and_a_column_for_each_question():
    assert list(grid(FOUND)) == [
        "         content  goal",
        "Ngozi    7.5      yes",
        "Joaquim  none     no",
    ]


def test_the_file_has_a_row_for_each_answer_and_no_formulas():
    rows = answers_csv(FOUND, Clock(10, 360)).splitlines()
    assert rows[0] == "question,resident,time,tick,value,answer,why"
    assert rows[3] == 'content,Joaquim,"day 1, 07:00",360,none,\'=cmd(),There is no number.'
    assert len(rows) == 5
