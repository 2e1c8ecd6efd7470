"""Each game is still told as its golden transcript has it."""

import pytest

from games import GAMES
from tests.games.transcripts import FOLDER, path_of, transcript_of

HOW = (
    "`python -m tests.games.transcripts` writes it anew; read the difference, it changes the rules."
)


@pytest.mark.parametrize("name", GAMES)
def test_a_game_is_played_as_in_its_golden_transcript(name):
    assert path_of(name).exists(), f"{name} has no transcript. {HOW}"
    assert transcript_of(name) == path_of(name).read_text("utf-8"), HOW


def test_every_transcript_is_of_a_game_in_the_catalogue():
    assert {path.stem for path in FOLDER.glob("*.txt")} <= set(GAMES), "Delete what has no game."
