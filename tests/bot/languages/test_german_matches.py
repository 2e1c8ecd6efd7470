"""Whole matches in German: no sentence of any game is left in English."""

from random import Random

import pytest

from bot.arena.transcript import result
from bot.languages import Language, language
from bot.languages.extract import has_words
from games import GAMES
from games.chameleon import Chameleon
from games.conversation import Conversation, Floor, Silence
from games.core import SPECTATOR, Board, Level, Match, Refused
from games.debate import Debate
from games.liars_dice import LiarsDice
from games.moderated_conversation import ModeratedConversation, Period
from games.prisoners_dilemma import Horizon, PrisonersDilemma
from games.rock_paper_scissors import RockPaperScissors
from games.secret_mafia import SecretMafia, Tie
from games.story_chain import Sight, StoryChain

VARIANTS = [
    *(game() for game in GAMES.values() if not game.document),  # a file speaks its own language
    Chameleon(discussion=1, revote=True),
    Chameleon(discussion=2),
    Conversation(topic="bees", floor=Floor.OPEN, rounds=1),
    Conversation(rounds=3, silence=Silence.NEXT_ROUND),
    ModeratedConversation(
        description="", roles="Ann: a", briefing="b", ending="c", simultaneous=True, max_rounds=2
    ),
    ModeratedConversation(period=Period.TURN, max_rounds=1),
    PrisonersDilemma(rounds=3),
    PrisonersDilemma(horizon=Horizon.CHANCE),
    RockPaperScissors(target=1),
    LiarsDice(wild_ones=True),
    Debate(swap=False),
    StoryChain(given_words=True, sight=Sight.LAST, vote=False),
    SecretMafia(hunter=True, tie=Tie.LOT, tell_roles=False),
    SecretMafia(detective=False, hunter=True, tie=Tie.NOBODY, talk=0),
]
NAMES = ("Ann", "Bob", "Cy", "Dot", "Eve", "Fay")
SEEDS = 8


class Strict(Language):
    """German that fails at a sentence it does not have."""

    def translate(self, template):
        assert template in self.sentences or not has_words(template), template
        return super().translate(template)


GERMAN = Strict("de", language("de").sentences)


@pytest.mark.parametrize("game", VARIANTS, ids=str)
def test_all_that_is_read_in_a_match_is_german(game):
    for seed in range(SEEDS):
        play(game, seed)


def play(game, seed):
    """Play a match to its end and say all that can be read of it."""
    rng = Random(seed)
    match = Match(game, NAMES[: max(game.min_seats, min(3, game.max_seats))], seed)
    say_rules(game)
    seen = 0
    for _ in range(400):
        for event in match.log[seen:]:
            GERMAN.say(event.told())
        seen = len(match.log)
        say_boards(match)
        if match.over:
            break
        seat, ask = rng.choice(list(match.asks.items()))
        say_question(match, seat, ask)
        level = rng.choice(list(Level))
        said = match.game.house_answer(match.view_of(seat), ask, level, rng)
        match.say(seat, GERMAN.understand(ask, said))
    assert match.over
    GERMAN.say(match.outcome.reason)
    GERMAN.say(result(match.outcome))


def say_rules(game):
    if not isinstance(rules := game.rules(), str):
        return GERMAN.say(rules)
    pytest.fail(f"The rules of {game.name} are no template.")


def say_question(match, seat, ask):
    for part in (ask, *ask.fields.values()):
        GERMAN.say(part.prompt)
        GERMAN.say(part.hint())
    for wrong in ("", "x" * 2000, "x" * 30_000, str(seat), '{"answer": 7}'):
        try:
            match.propose(seat, wrong)
        except Refused as refusal:
            GERMAN.say_error(refusal)
    try:
        match.propose("nobody here", "x")
    except Refused as refusal:
        GERMAN.say_error(refusal)


def say_boards(match):
    for viewer in (SPECTATOR, *match.seats):
        board = match.board(viewer)
        if isinstance(board, Board):
            assert str(GERMAN.board(board))
            assert board.alt_text(GERMAN.translate)


def test_a_board_is_german_in_text_and_alt_text():
    match = Match(RockPaperScissors(), NAMES[:2])
    match.say("Ann", "rock")
    match.say("Bob", "scissors")
    assert str(GERMAN.board(match.board())).splitlines() == [
        "     Runde 1   Gewonnen",
        "Ann [Stein]    1 von 2",
        "Bob  Schere    0 von 2",
    ]
    assert match.board().alt_text(GERMAN.translate) == (
        "Stein, Papier, Schere: der Stand. Ann: Runde 1 Stein, Gewonnen 1 von 2. "
        "Bob: Runde 1 Schere, Gewonnen 0 von 2. Gewinnt die Runde: Ann Runde 1."
    )
