"""How ChatArena's configs are read, one test for each promise."""

import json
from pathlib import Path
from random import Random

import pytest

from games import GAMES
from games.chatarena import SAME_GAME, Backend, Fills, load
from games.conversation import Conversation
from games.core import BadSetup, Level, Match, Seat
from games.moderated_conversation import MODERATOR, Audience, ModeratedConversation, Period

CONFIGS = sorted((Path(__file__).parent / "chatarena_configs").glob("*.json"))
ANN, BOB = Seat("Ann"), Seat("Bob")


def config(environment="conversation", names=("Ann", "Bob"), **more):
    """Return a small config; `more` goes into its environment."""
    return {
        "players": [{"name": name, "role_desc": f"You are {name}."} for name in names],
        "environment": {"env_type": environment, **more},
        "global_prompt": "A talk about bees.",
    }


def moderated(**more):
    """Return a small config of a moderated conversation."""
    moderator = {"role_desc": "Be strict.", "terminal_condition": "Somebody says stop."}
    return config("moderated_conversation", moderator=moderator, **more)


def by_house_bots(loaded, seed=3):
    """Return the match, played to its end."""
    match = Match(loaded.game, loaded.seats, seed)
    rng = Random(seed)
    while not match.over:
        seat = min(match.asked)
        view = match.view_of(seat)
        match.say(seat, view.game.house_answer(view, match.asks[seat], Level.MEDIUM, rng))
    return match


def test_there_is_a_config_of_each_of_the_eleven_shapes():
    assert len(CONFIGS) == 11


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_config_loads_and_is_played_to_its_end(path):
    text = path.read_text("utf-8")
    raw = json.loads(text)
    env_type = raw["environment"]["env_type"]
    if SAME_GAME.get(env_type, "conversation") not in GAMES:
        with pytest.raises(BadSetup, match=f"The environment '{env_type}' needs the extra 'chess'"):
            load(text)
        return
    loaded = load(text)
    assert list(loaded.seats) == [player["name"] for player in raw["players"]]
    assert set(loaded.personas) == set(loaded.seats)
    assert set(loaded.backends) == {*loaded.seats, *loaded.game.environment}
    match = by_house_bots(loaded)
    assert set(match.outcome.scores) == set(loaded.seats)


def test_text_and_object_are_the_same_config():
    assert load(json.dumps(moderated())) == load(moderated())


def test_a_conversation_has_the_shared_prompt_as_its_topic_and_the_roles_as_personas():
    loaded = load(config())
    assert loaded.game == Conversation(topic="A talk about bees.")
    assert loaded.personas == {ANN: "You are Ann.", BOB: "You are Bob."}
    assert loaded.notes == (
        "The file sets no end; the talk ends after 10 rounds or when everybody passes.",
    )


def test_a_game_with_rules_of_its_own_leaves_the_shared_prompt_to_the_personas():
    loaded = load(config("pettingzoo:tictactoe"))
    assert loaded.game.name == "tic-tac-toe"
    assert loaded.personas[ANN] == "A talk about bees.\n\nYou are Ann."


def test_chess_is_played_in_the_notation_that_chatarenas_players_are_told_to_use():
    pytest.importorskip("chess", reason="needs the extra `chess`: make more-games")
    loaded = load(config("pettingzoo:chess"))
    assert loaded.game == GAMES["chess"]()
    match = Match(loaded.game, loaded.seats)
    match.say(ANN, "Move (4, 1) to (4, 3)")
    match.say(BOB, "Move (4, 6) to (4, 4)")  # ChatArena plays d7d5 here
    assert [str(event.told()) for event in match.log] == ["Ann plays e4.", "Bob plays e5."]


def test_tic_tac_toe_is_played_in_the_notation_that_chatarenas_players_are_told_to_use():
    loaded = load(config("pettingzoo:tictactoe"))
    match = Match(loaded.game, loaded.seats)
    for text in ("X: (1, 1)", "O: (3, 3)", "X: (1, 2)", "O: (3, 2)", "X: (1, 3)"):
        match.say(*match.asked, text)
    assert match.outcome.scores == {ANN: 1, BOB: 0}  # ChatArena gives the winner -1


def test_a_parallel_conversation_is_played_in_turn_so_that_nobody_hears_more_than_others():
    loaded = load(config(parallel=True))
    match = Match(loaded.game, loaded.seats)
    assert match.asked == {ANN}
    assert "The players speak in turn; “parallel” was left out." in loaded.notes


def test_parallel_players_of_a_moderated_game_answer_in_secret():
    loaded = load(moderated(parallel=True))
    match = Match(loaded.game, loaded.seats)
    before = len(match.view(BOB))
    match.say(ANN, "rock")
    assert match.asked == {BOB}
    assert len(match.view(BOB)) == before


def test_a_moderated_config_becomes_the_options_of_the_game():
    loaded = load(moderated(moderator_visibility="Moderator"))
    assert loaded.game == ModeratedConversation(
        description="A talk about bees.",
        roles="Ann: You are Ann.\nBob: You are Bob.",
        briefing="Be strict.",
        ending="Somebody says stop.",
        period=Period.TURN,
        verdicts=Audience.MODERATOR,
    )
    assert loaded.personas == {ANN: "", BOB: ""}
    assert MODERATOR in loaded.backends


def test_a_role_of_several_lines_stays_one_role():
    raw = moderated()
    raw["players"][0]["role_desc"] = "A spy.\nBob: is your friend.\n\nBe kind."
    loaded = load(raw)
    told = Match(loaded.game, loaded.seats).view(ANN)
    assert [event.role for event in told] == ["A spy.\nBob: is your friend.\nBe kind."]


def test_parallel_players_are_judged_by_the_round_even_where_the_file_says_turn():
    loaded = load(moderated(parallel=True, moderator_period="turn"))
    assert loaded.game.period is Period.ROUND
    assert any("each round and not each turn" in note for note in loaded.notes)


def test_a_moderator_that_spoke_to_one_player_only_speaks_to_nobody():
    loaded = load(moderated(moderator_visibility="Ann"))
    assert loaded.game.verdicts is Audience.MODERATOR
    assert "The moderator's notes go to nobody, instead of 'Ann' alone." in loaded.notes


def test_a_player_named_moderator_sees_no_more_than_others():
    loaded = load(config(names=("Moderator", "Bob")))
    match = by_house_bots(loaded)
    assert match.view("Moderator") == match.view("Bob") == match.public_view()
    raw = moderated()
    raw["players"][0]["name"] = "Moderator"
    with pytest.raises(BadSetup, match="'Moderator' is the arena's own"):
        load(raw)


def test_backends_say_who_fills_a_seat_in_no_makers_words():
    raw = config()
    raw["players"][0]["backend"] = {"backend_type": "human"}
    raw["players"][1]["backend"] = {
        "backend_type": "claude",
        "model": "some-model",
        "temperature": 0.5,
        "max_tokens": 99,
    }
    assert load(raw).backends == {
        ANN: Backend(Fills.PERSON),
        BOB: Backend(Fills.MODEL, "some-model", 0.5, 99),
    }


def test_a_backend_that_nobody_knows_is_noted_and_taken_as_a_model():
    raw = config()
    raw["players"][0]["backend"] = {"backend_type": "oracle"}
    loaded = load(raw)
    assert loaded.backends[ANN].kind is Fills.MODEL
    assert "The backend 'oracle' is not known; its seats are for a model." in loaded.notes


@pytest.mark.parametrize("env_type", ["umshini:debate", "poker", "pettingzoo:chess!"])
def test_an_environment_that_is_not_built_is_named(env_type):
    with pytest.raises(BadSetup, match=f"^The environment '{env_type}' is not built yet; there "):
        load(config(env_type))


def broken(**parts):
    return {**config(), **parts}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("", "cannot be read as JSON"),
        ("{", "cannot be read as JSON"),
        ("[" * 200_000, "cannot be read as JSON"),
        ('{"a":' * 150_000, "cannot be read as JSON"),
        ('{"players": ' + "9" * 10_000 + "}", "cannot be read as JSON"),
        (" " * 1_000_001, "longer than 1000000 characters"),
        ("[]", "The config needs to be a JSON object"),
        (None, "The config needs to be a JSON object"),
        ({}, "needs a list of players"),
        (broken(players=[]), "needs a list of players"),
        (broken(players={"name": "Ann"}), "needs a list of players"),
        (broken(players=["Ann", "Bob"]), "The player needs to be a JSON object"),
        (broken(players=[{"role_desc": "nameless"}]), "needs a name"),
        (broken(players=[{"name": 5}]), "a text under “name”"),
        (broken(players=[{"name": "Ann", "role_desc": ["x"]}]), "a text under “role_desc”"),
        (broken(players=[{"name": "Ann", "backend": "gpt"}]), "The backend needs to be a JSON"),
        (
            broken(players=[{"name": "Ann", "backend": {"temperature": "hot"}}]),
            "a number from 0 to 2 under “temperature”",
        ),
        (
            broken(players=[{"name": "Ann", "backend": {"temperature": float("nan")}}]),
            "under “temperature”",
        ),
        (broken(players=[{"name": "Ann", "backend": {"max_tokens": True}}]), "under “max_tokens”"),
        (config(names=("Ann", "Bob", "ann")), "'ann' is taken twice"),
        (config(names=("Ann", "Bob", "Ann")), "'Ann' is taken twice"),
        (config(names=[f"p{number}" for number in range(5000)]), "5000 were given"),
        (config(names=("x" * 5000,)), "1 to 40 visible characters"),
        (broken(global_prompt=7), "a text under “global_prompt”"),
        (broken(environment=None), "The environment needs to be a JSON object"),
        (broken(environment={}), "under “env_type”"),
        (config(parallel="yes"), "true or false under “parallel”"),
        (config("moderated_conversation"), "The moderator needs to be a JSON object"),
        (moderated(moderator_period="week"), "needs to be turn or round"),
        (config("pettingzoo:tictactoe", names=("Ann",)), "needs 2 seats; 1 were given"),
    ],
)
def test_a_bad_config_gives_one_clear_sentence(bad, sentence):
    with pytest.raises(BadSetup, match=sentence) as refused:
        load(bad)
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)
