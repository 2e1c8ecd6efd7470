"""No viewer ever reads what is kept from them, in many random plays of each game with secrets.

`make secrets` plays each game 1,000 times; PLAYS says how often the test does.
"""

import os
from random import Random

import pytest

from games import GAMES
from games.core import Match, Public, Seat
from games.core.codec import codec_of
from tests.games.contract import (
    hidden_deals_look_alike_to_those_who_see_none_of_them,
    play_at_random,
    viewers,
)
from tests.games.test_every_game import NAMES, tables

PLAYS = int(os.environ.get("PLAYS", "3"))


def has_secrets(name):
    """Return whether something can happen in a game that not everybody sees."""
    kinds = codec_of(GAMES[name]).types.values()
    return not all(issubclass(kind, Public) for kind in kinds)


class Reader:
    """A viewer, and what they have read and what was kept from them so far."""

    def __init__(self, viewer):
        self.viewer = viewer
        self.read = set()
        self.kept = set()
        self.looked_at = 0

    def look(self, match):
        """Read all that is new, and check that nothing of it is what others alone may read."""
        new = match.log[self.looked_at :]
        self.looked_at = len(match.log)
        seen = {str(event.told()) for event in new if event.seen_by(self.viewer)}
        self.read |= seen
        self.kept |= {str(event.told()) for event in new if not event.seen_by(self.viewer)}
        self.kept -= self.read | {""}
        prompt = [str(match.asks[self.viewer].prompt)] if self.viewer in match.asks else []
        shown = "\n".join([*seen, str(match.board(self.viewer)), *prompt])
        for text in self.kept:
            assert text not in shown, f"{self.viewer!r} reads {text!r} in {match.game.name}"


@pytest.mark.parametrize("name", [name for name in GAMES if has_secrets(name)])
def test_nobody_reads_what_others_keep_secret(name):
    game = GAMES[name]()
    sizes = tables(game)
    for seed in range(PLAYS):
        seats = tuple(map(Seat, NAMES[: sizes[seed % len(sizes)]]))
        match = Match(game, seats, f"secrets/{seed}")
        readers = [Reader(viewer) for viewer in viewers(match)]
        for _ in play_at_random(match, Random(f"secrets/{seed}")):
            for reader in readers:
                reader.look(match)
        for reader in readers:
            reader.look(match)
        hidden_deals_look_alike_to_those_who_see_none_of_them(game, seats, seed)
