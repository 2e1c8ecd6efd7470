"""Lines fold between words at a terminal, and nowhere else."""

import io

from bot.terminal.folding import folded

SENTENCE = "There is no game 'frog'; there are chameleon and prisoners-dilemma."


class Tty(io.StringIO):
    def isatty(self):
        return True


def test_a_line_breaks_between_words_and_is_set_in(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    lines = folded(SENTENCE, Tty(), 2).split("\n")
    assert [line.strip() for line in lines] == [
        "There is no game 'frog';",
        "there are chameleon and",
        "prisoners-dilemma.",
    ]
    assert all(line.startswith("  ") for line in lines[1:])


def test_a_file_gets_the_line_as_it_is(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    assert folded(SENTENCE, io.StringIO()) == SENTENCE
