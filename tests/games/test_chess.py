"""The rules of chess, one test each."""

import re
import subprocess
import sys
from random import Random

import pytest

pytest.importorskip("chess", reason="needs the extra `chess`: make more-games")

from games.chess import Chess, Moved
from games.core import BadSetup, Level, Mark, Match, Seat, UnclearMove
from tests.games.contract import house_answer

ANN, BOB = Seat("ann"), Seat("bob")
KIWIPETE = "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1"
PROMOTIONS = "n1n5/PPPk4/8/8/8/8/4Kppp/5N1N b - - 0 1"
EN_PASSANT = "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1"


def on(fen, **options):
    return Match(Chess(fen=fen, **options), seats=(ANN, BOB), seed=7)


@pytest.fixture
def match():
    return Match(Chess(), seats=(ANN, BOB), seed=7)


def play(match, moves):
    for move in moves.split():
        match.say(*match.asked, move)
    return match


def count(game, position, depth):
    """Return the number of ways in which a game can go on for so many moves of either side."""
    asks = game.asks(position)
    if depth == 1 or not asks:
        return sum(len(ask.choices) for ask in asks.values())
    return sum(
        count(game, game.evolve(position, event), depth - 1)
        for seat, ask in asks.items()
        for san in ask.choices
        for event in game.decide(position, seat, san, Random(1))
    )


@pytest.mark.parametrize(
    ("fen", "depth", "known"),
    [
        pytest.param(Chess().fen, 1, 20, id="start, 1"),
        pytest.param(Chess().fen, 2, 400, id="start, 2"),
        pytest.param(Chess().fen, 3, 8_902, id="start, 3"),
        pytest.param(Chess().fen, 4, 197_281, id="start, 4"),
        pytest.param(KIWIPETE, 1, 48, id="Kiwipete, 1"),
        pytest.param(KIWIPETE, 2, 2_039, id="Kiwipete, 2"),
        pytest.param(KIWIPETE, 3, 97_862, id="Kiwipete, 3"),
        pytest.param(EN_PASSANT, 3, 2_812, id="en passant, 3"),
        pytest.param(PROMOTIONS, 2, 496, id="promotions, 2"),
    ],
)
def test_the_games_after_each_move_are_as_many_as_are_known(fen, depth, known):
    """Source: Chess Programming Wiki, Perft Results."""
    game = Chess(fen=fen)
    assert count(game, game.initial((ANN, BOB)), depth) == known


def test_the_first_seat_has_white_and_the_seats_take_turns(match):
    assert match.asked == {ANN}
    assert str(match.asks[ANN].prompt) == "Which move do you play with White?"
    match.say(ANN, "e4")
    assert match.asked == {BOB}
    assert str(match.asks[BOB].prompt) == "Which move do you play with Black?"
    assert match.view(BOB) == [Moved(ANN, "e4", "e2e4")]


def test_a_position_in_which_black_is_to_move_asks_the_second_seat():
    assert on(PROMOTIONS).asked == {BOB}


SPELLINGS = [
    (Chess().fen, "e4", 'e4 E4 e2e4 E2-E4 e2–e4 1.e4 e2xe4 e4!? {"answer":"e4"}'),
    (Chess().fen, "Nf3", "Nf3 nf3 g1f3 Ng1f3 Ng1-f3 N:f3"),
    (KIWIPETE, "O-O", "O-O 0-0 o-o OO e1g1 Ke1g1"),
    (KIWIPETE, "O-O-O", "O-O-O 0-0-0 o-o-o e1c1"),
    (KIWIPETE, "dxe6", "dxe6 de6 d5e6 d5xe6 dxe6+"),
    (KIWIPETE, "Bxa6", "Bxa6 Ba6 bxa6 e2a6 Be2xa6"),
    (PROMOTIONS, "gxh1=Q", "gxh1=Q gxh1Q gh1q g2h1q g2xh1=Q gxh1(Q)"),
]


@pytest.mark.parametrize(
    ("fen", "san", "text"),
    [(fen, san, text) for fen, san, texts in SPELLINGS for text in texts.split()],
)
def test_a_move_is_read_in_standard_notation_its_variants_and_coordinates(fen, san, text):
    match = on(fen)
    (event,) = match.say(*match.asked, text).events
    assert event.san == san


@pytest.mark.parametrize("text", ["I play e4.", "e2 to e4", "Move (4, 1) to (4, 3)", "1. e2 e4"])
def test_a_move_is_found_in_a_sentence(match, text):
    assert match.say(ANN, text).events == (Moved(ANN, "e4", "e2e4"),)


@pytest.mark.parametrize(
    ("fen", "text", "sentence"),
    [
        ("4k3/8/8/8/8/8/8/1N1K1N2 w - - 0 1", "Nd2", "“Nd2” may be Nbd2 or Nfd2; say which."),
        (
            "8/P6k/8/8/8/8/8/K7 w - - 0 1",
            "a8",
            "“a8” may be a8=B, a8=N, a8=Q or a8=R; say which.",
        ),
        (
            "4k3/8/8/8/8/2p5/1P1B4/4K3 w - - 0 1",
            "BC3",
            "“BC3” may be Bxc3 or bxc3; say which.",
        ),
    ],
)
def test_a_text_that_means_several_moves_changes_nothing(fen, text, sentence):
    match = on(fen)
    with pytest.raises(UnclearMove) as why:
        match.say(ANN, text)
    assert str(why.value) == sentence
    assert match.log == []
    assert match.asked == {ANN}


@pytest.mark.parametrize("text", ["e5", "Ke2", "0-0", "e7e5", "Move (4, 1) to (4, 5)"])
def test_a_move_against_the_rules_changes_nothing(match, text):
    with pytest.raises(UnclearMove) as why:
        match.say(ANN, text)
    assert str(why.value) == (
        f"“{text}” is not legal here. Say exactly one of Na3, Nc3, Nf3, Nh3, a3, a4, b3, b4, c3, "
        "c4, d3, d4, e3, e4, f3, f4, g3, g4, h3 and h4."
    )
    assert match.log == []


@pytest.mark.parametrize(
    "text", ["", "hello", "e4 or d4", "not e4", "I will not resign", "e" + "." * 99 + "5"]
)
def test_an_unclear_answer_changes_nothing(match, text):
    with pytest.raises(UnclearMove) as why:
        match.say(ANN, text)
    assert str(why.value).startswith("Say exactly one of Na3, ")
    assert match.log == []


def ended(match):
    assert match.over
    return str(match.outcome.reason), list(match.outcome.scores.values())


def test_checkmate_wins_and_the_king_is_framed(match):
    play(match, "f3 e5 g4 Qh4#")
    assert ended(match) == ("Checkmate by bob.", [0, 1])
    grid = match.board().parts[0]
    cells = [(y, x) for y in range(8) for x in range(8)]
    assert [grid.name_of(at) for at in cells if grid.rows[at[0]][at[1]].mark is Mark.KEY] == ["e1"]


def test_who_resigns_loses(match):
    play(match, "e4 Resign.")
    assert ended(match) == ("bob has resigned.", [1, 0])
    assert match.log[-1].told().template == "{seat} resigns."


def test_stalemate_is_a_draw():
    match = play(on("7k/8/5KQ1/8/8/8/8/8 w - - 0 1"), "Qf7")
    assert ended(match) == ("bob cannot move and is not in check: a draw by stalemate.", [0.5, 0.5])


def test_too_little_material_to_mate_is_a_draw():
    match = play(on("7k/8/8/8/8/8/1p6/B1K5 w - - 0 1"), "Bxb2")
    assert ended(match) == ("Nobody can mate with what is left: a draw.", [0.5, 0.5])


def test_the_third_time_of_a_position_is_a_draw(match):
    play(match, "Nf3 Nf6 Ng1 Ng8 Nf3 Nf6 Ng1")
    assert not match.over
    play(match, "Ng8")
    assert ended(match) == ("The same position stands for the third time: a draw.", [0.5, 0.5])


def test_a_right_to_castle_that_is_lost_makes_another_position():
    match = play(on(KIWIPETE), "Rb1 Rb8 Ra1 Ra8 Rb1 Rb8 Ra1 Ra8 Rb1")
    assert not match.over  # the first time of this one, Black could castle on both sides
    play(match, "Rb8")
    assert ended(match)[1] == [0.5, 0.5]


def test_fifty_moves_without_a_capture_or_a_pawns_move_are_a_draw():
    match = play(on("7k/8/8/8/8/8/8/KR6 w - - 98 80"), "Rb2 Kg8")
    told = "50 moves without a capture or a move of a pawn: a draw."
    assert ended(match) == (told, [0.5, 0.5])


def test_checkmate_with_the_last_of_fifty_moves_wins():
    match = play(on("7k/8/6K1/8/8/8/8/1R6 w - - 99 80"), "Rb8#")
    assert ended(match) == ("Checkmate by ann.", [1, 0])


def test_the_game_is_a_draw_after_as_many_moves_as_the_table_wants():
    match = play(on(Chess().fen, moves=2), "e4 e5 d4 d5")
    assert ended(match) == ("2 moves have been played: a draw.", [0.5, 0.5])


def test_a_pawn_is_taken_en_passant_only_at_once(match):
    play(match, "e4 a6 e5 d5")
    assert "exd6" in match.asks[ANN].choices
    play(match, "h3 h6")
    assert "exd6" not in match.asks[ANN].choices


def test_the_board_shows_the_pieces_and_who_has_them(match):
    play(match, "e4 c5")
    assert str(match.board()).splitlines() == [
        "  a b c d e f g h",
        "8 r n b q k b n r",
        "7 p p . p p p p p",
        "6 . . . . . . . .",
        "5 . . p . . . . .",
        "4 . . . . P . . .",
        "3 . . . . . . . .",
        "2 P P P P . P P P",
        "1 R N B Q K B N R",
        "White: ann",
        "Black: bob",
    ]
    assert "Latest: c7, c5." in match.board().alt_text()


def test_the_board_begins_with_the_position_of_the_table():
    board = on(PROMOTIONS).board()
    assert str(board).splitlines()[1] == "8 n . n . . . . ."


@pytest.mark.parametrize(
    ("fen", "sentence"),
    [
        (
            "",
            "'' is no position of chess in FEN; the usual one is rnbqkbnr/",
        ),
        ("8/8/8/8/8/8/8/8 w - - 0 1", "is no position of chess in FEN"),
        ("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 -1", "is no position of chess"),
        ("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", "the game is over; give another."),
        ("7k/8/8/8/8/8/8/K7 w - - 0 1", "the game is over; give another."),
    ],
)
def test_a_position_that_cannot_be_played_is_refused(fen, sentence):
    with pytest.raises(BadSetup) as why:
        Chess(fen=fen)
    assert sentence in str(why.value)


@pytest.mark.parametrize("moves", [0, 501])
def test_the_number_of_moves_has_bounds(moves):
    with pytest.raises(BadSetup, match="The option moves needs a number from 1 to 500"):
        Chess(moves=moves)


@pytest.mark.parametrize("level", [Level.MEDIUM, Level.HARD])
@pytest.mark.parametrize(
    ("fen", "best"),
    [
        ("7k/8/6K1/8/8/8/8/1R6 w - - 0 1", "b1b8"),
        ("4k3/8/8/3q4/8/8/8/3RK3 w - - 0 1", "d1d5"),
    ],
)
def test_house_bots_mate_and_take_what_is_left_hanging(level, fen, best):
    assert house_answer(on(fen), ANN, level) == best


def test_a_hard_house_bot_does_not_take_what_costs_more():
    fen = "4k3/8/2p5/3p4/8/8/8/3QK3 w - - 0 1"
    assert house_answer(on(fen), ANN, Level.HARD) != "d1d5"


def points(ours, theirs, games):
    """Return the share of points of the first level; the sides change after each game."""
    got = 0.0
    for seed in range(games):
        match = Match(Chess(), seats=(ANN, BOB), seed=seed)
        us = match.seats[seed % 2]
        while not match.over:
            (seat,) = match.asked
            match.say(seat, house_answer(match, seat, ours if seat == us else theirs))
        got += match.outcome.scores[us]
    return got / games


def test_house_bots_play_the_better_the_higher_their_level():
    assert points(Level.MEDIUM, Level.EASY, 10) >= 0.8
    assert points(Level.HARD, Level.MEDIUM, 4) >= 0.75


def test_the_catalogue_does_without_chess_where_the_extra_is_not_installed():
    code = (
        "import sys\n"
        "sys.modules['chess'] = None\n"
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'chess' else find(name, *more)\n"
        "from games import GAMES, NOT_INSTALLED\n"
        "assert 'chess' not in GAMES and NOT_INSTALLED == ('chess',)\n"
        "from bot.cli.catalogue import find_game, show_games\n"
        "show_games()\n"
        "try:\n    find_game('chess')\n"
        "except Exception as why:\n    print(type(why).__name__, why)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.search("(?m)^chess +not installed; to have it: make more-games$", done.stdout)
    assert "ShownToUser The game chess needs its extra: make more-games." in done.stdout
