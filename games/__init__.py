"""The catalogue of games: one line each."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

from games.bargaining import Bargaining
from games.chameleon import Chameleon
from games.codenames import Codenames
from games.connect_four import ConnectFour
from games.conversation import Conversation
from games.core import Game
from games.debate import Debate
from games.foreign import ForeignGame
from games.hangman import Hangman
from games.liars_dice import LiarsDice
from games.matching_pennies import MatchingPennies
from games.moderated_conversation import ModeratedConversation
from games.pettingzoo import PettingZoo
from games.prisoners_dilemma import PrisonersDilemma
from games.public_goods import PublicGoods
from games.recipes import SHIPPED
from games.rock_paper_scissors import RockPaperScissors
from games.secret_mafia import SecretMafia
from games.stag_hunt import StagHunt
from games.story_chain import StoryChain
from games.taboo import Taboo
from games.textarena import TextArena
from games.tic_tac_toe import TicTacToe
from games.twenty_questions import TwentyQuestions
from games.two_thirds import TwoThirds
from games.ultimatum import Ultimatum
from games.undercover import Undercover
from games.wordle import Wordle


def _chess() -> tuple[type[Game[Any, Any, Any]], ...]:
    """Return chess where its extra is installed."""
    if find_spec("chess") is None:
        return ()
    from games.chess import Chess

    return (Chess,)


_KINDS: Final[tuple[type[Game[Any, Any, Any]], ...]] = (
    Chameleon,
    Codenames,
    Undercover,
    SecretMafia,
    RockPaperScissors,
    TicTacToe,
    ConnectFour,
    *_chess(),
    Hangman,
    Wordle,
    TwentyQuestions,
    PrisonersDilemma,
    StagHunt,
    MatchingPennies,
    TwoThirds,
    PublicGoods,
    Ultimatum,
    Bargaining,
    LiarsDice,
    Taboo,
    Debate,
    StoryChain,
    *SHIPPED,
    Conversation,
    ModeratedConversation,
)
GAMES: Final[Mapping[str, type[Game[Any, Any, Any]]]] = {game.name: game for game in _KINDS}
"""Every game with rules of our own, by name."""
FOREIGN: Final[Mapping[str, type[ForeignGame]]] = {
    game.name: game for game in (TextArena, PettingZoo)
}
"""Libraries of games whose rules run elsewhere, by name; the option env says which game is played.

They are here also where their extra is not installed: a match of theirs can still be replayed.
"""
NOT_INSTALLED: Final = tuple(name for name in ("chess",) if name not in GAMES)
"""Games that need an extra, named as they are, which is not installed."""
