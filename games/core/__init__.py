"""The whole vocabulary of the rules: seats, events, asks, games and matches."""

from games.core.ask import PASS, Answer, Ask
from games.core.board import Board, Cell, Grid, Lines, Look, Mark
from games.core.errors import (
    BadSetup,
    BrokenLog,
    GameError,
    IllegalMove,
    NotYourTurn,
    Refused,
    UnclearMove,
)
from games.core.game import (
    Event,
    Game,
    Hidden,
    Level,
    Limited,
    Outcome,
    Public,
    Secret,
    Turn,
    View,
)
from games.core.kind import Kind
from games.core.match import Match
from games.core.text import SPECTATOR, TABLE, Either, Seat, Text, Words, clean, listed, quoted

__all__ = [
    "PASS",
    "SPECTATOR",
    "TABLE",
    "Answer",
    "Ask",
    "BadSetup",
    "Board",
    "BrokenLog",
    "Cell",
    "Either",
    "Event",
    "Game",
    "GameError",
    "Grid",
    "Hidden",
    "IllegalMove",
    "Kind",
    "Level",
    "Limited",
    "Lines",
    "Look",
    "Mark",
    "Match",
    "NotYourTurn",
    "Outcome",
    "Public",
    "Refused",
    "Seat",
    "Secret",
    "Text",
    "Turn",
    "UnclearMove",
    "View",
    "Words",
    "clean",
    "listed",
    "quoted",
]
