"""`python bot.py chat` as a person uses it: real commands, a model on loopback, a real database."""

import re
import sqlite3
from contextlib import closing
from importlib.util import find_spec

import pytest

from tests import gguf_maker
from tests.faulty_model import Mode
from tests.parrot import Parrot

TURNS, LIVES = 200, 4
KEPT = re.compile(r"chat --resume (\w+)")


@pytest.fixture
def parrot(tmp_path):
    with Parrot() as model:
        (tmp_path / "models.toml").write_text(
            f'[parrot]\nbase_url = "{model.url}"\nmodel = "tiny"\nseconds = 20\n'
        )
        yield model


@pytest.fixture
def chat(parlour):
    """Return a function that says some lines in a chat; what is left out is a new one."""

    def say(*said, resume=None, begin=("socrates", "--as", "Ann")):
        arguments = ("--resume", resume) if resume else begin
        return parlour("chat", *arguments, stdin="".join(f"{line}\n" for line in said))

    return say


def spoken(model):
    """Return the prompts of answers, without those that learn or sum up."""
    return [one for one in model.requests if "For Socrates alone" in one.prompt]


def test_a_chat_begins_with_a_greeting_and_can_be_gone_on_with(chat, parrot):
    parrot.says.append("Socrates: I know that I know nothing.")
    first = chat("What do you know?")
    assert first.returncode == 0, first.stderr
    assert "Socrates: *looks up" in first.stdout
    assert "Socrates: I know that I know nothing.  (3)" in first.stdout
    parrot.says.append("Still nothing.")
    again = chat("And now?", resume=KEPT.search(first.stdout).group(1))
    assert "Ann: What do you know?  (2)" in again.stdout
    assert "Socrates: Still nothing.  (5)" in again.stdout
    assert "I know that I know nothing." in spoken(parrot)[-1].prompt


def test_lines_are_said_anew_swiped_continued_edited_and_deleted(chat, parrot, tmp_path):
    parrot.says.extend(["one-version", "other-version", "and more"])
    done = chat(
        *("Hello?", "/r", "/swipe 1", "/c", "/edit 2 Good day", "/lines", "/delete 3", "/lines")
    )
    assert "Socrates: other-version  (3, said anew)" in done.stdout
    assert "Socrates: one-version  (3)" in done.stdout
    assert "Socrates: … and more  (3)" in done.stdout
    before, after = done.stdout.split("/delete 3")
    assert "Ann: Good day  (2)" in before
    assert "Socrates: one-version and more  (3)" in before
    assert "(3)" not in after
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("parlour.db*"))
    assert b"one-version" not in kept


def test_several_characters_come_speak_and_go(chat, parrot):
    done = chat(
        *("Newton, Socrates?", "/speak newton", "/dismiss newton", "/speak newton"),
        *("/invite Ada", "/mode list", "/quiet on", "/quiet off", "All of you."),
        begin=("socrates", "newton", "--as", "Ann", "--greeting", "0"),
    )
    assert done.returncode == 0, done.stderr
    said = [line.split(":")[0] for line in done.stdout.splitlines() if "A good day" in line]
    assert said == ["Newton", "Socrates", "Newton", "Socrates", "Ada"]
    assert "'newton' is not here; here are Socrates." in done.stdout


def test_why_says_which_entries_went_into_the_last_answer(chat, parrot):
    done = chat("/why", "Tell me about Xanthippe.", "/why", "/why plato")
    assert "Socrates has not spoken since the chat was opened here." in done.stdout
    assert re.search(r"Taken, as “xanthippe” is in the last \d lines: Xanthippe", done.stdout)
    assert re.search(r"Left out, as no key in the last \d lines: ", done.stdout)
    assert "'plato' is not here" in done.stdout


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/nonsense", "There is no command '/nonsense'; /help lists them."),
        ("/edit", "Say which line and which words, as in /edit 3 I meant Plato."),
        ("/edit 99 words", "There is no such line in this chat."),
        ("/delete two", "Say which line, as in /delete 3."),
        ("/swipe", "Say which version, as in /swipe 2."),
        ("/swipe 7", "Line 1 has 1 version; say which one to show."),
        ("/r two", "Lines have numbers; 'two' is none."),
        ("/invite Xerxes", "There is no character 'Xerxes' here; there are "),
        ("/mode loud", "There is no mode 'loud'; say natural, pooled, list or manual."),
        ("/quiet", "Say /quiet on or /quiet off."),
        ("/forget me", "Say which memory, as in /forget 3, or /forget all."),
        (f"/forget {'9' * 30}", "Say which memory, as in /forget 3, or /forget all."),
        (f"/delete {'9' * 5000}", "Say which line, as in /delete 3."),
        ("/help", "/regenerate [N]"),
        ("x" * 4001, "That has 4001 characters. Say something of at most 4000 characters."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence_and_the_chat_goes_on(chat, parrot, line, sentence):
    done = chat(line, "Hello?")
    assert (done.returncode, done.stderr) == (0, "")
    assert sentence in done.stdout
    assert "Socrates: A good day to you all." in done.stdout


def test_a_model_that_fails_is_told_of_and_the_chat_goes_on(chat, parrot):
    parrot.mode, parrot.times = Mode.BAD_KEY, 1
    done = chat("Hello?", "And now?")
    assert "The model parrot was refused (status 401); check its key" in done.stdout
    assert "Socrates stays silent." in done.stdout
    assert "Socrates: A good day to you all.  (4)" in done.stdout


def test_the_chat_can_be_ended_for_good(chat, parlour, parrot):
    done = chat("Hello?", "/end")
    assert done.stdout.endswith("The chat is over.\n")
    match = parlour("matches").stdout.split()[0]
    again = chat(resume=match)
    assert (again.returncode, again.stderr) == (
        2,
        f"The chat {match} is over; see it: python bot.py replay {match}.\n",
    )
    assert "Socrates: A good day to you all." in parlour("replay", match, "--speed", "0").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ((), 2, "Say with whom to talk, as in: python bot.py chat socrates."),
        (("xerxes",), 2, "There is no character 'xerxes' here; there are "),
        (("socrates", "--model", "owl"), 1, "models.toml has no model 'owl'; it has parrot."),
        (("socrates", "--greeting", "40"), 2, "Socrates has greetings 1 to "),
        (("socrates", "--talk", "loud"), 2, "There is no mode 'loud'"),
        (("socrates", "--as", "host"), 2, "The name 'host' is the arena's own"),
        (("--resume", "nothere"), 3, "There is no match 'nothere'."),
    ],
)
def test_what_cannot_begin_says_why_and_opens_nothing(parlour, parrot, arguments, code, sentence):
    done = parlour("chat", *arguments)
    assert done.returncode == code
    assert done.stderr.startswith(sentence)
    assert parlour("matches").stdout.startswith("No match has been played yet.")


def test_without_a_model_it_says_how_to_set_one_up(parlour):
    done = parlour("chat", "socrates")
    assert done.returncode == 1
    assert done.stderr == (
        "No models are set up: copy models.example.toml to models.toml and change it to suit.\n"
    )


def test_a_game_is_no_chat_and_a_chat_no_game(parlour, chat, parrot):
    kept = KEPT.search(chat("Hello?").stdout).group(1)
    done = parlour("resume", kept)
    assert done.stderr == f"Go on with this chat: python bot.py chat --resume {kept}.\n"
    parlour("play", "rock-paper-scissors", "--seat", "Ann=me", stdin="/quit\n")
    game = parlour("matches").stdout.split()[0]
    done = parlour("chat", "--resume", game)
    assert done.stderr == f"{game} is no chat; go on with: python bot.py resume {game}.\n"


def test_a_character_plays_a_game_at_the_terminal(parlour, parrot):
    done = parlour("play", "rock-paper-scissors", "--seat", "Soc=character:xerxes")
    assert done.stderr.startswith("There is no character 'xerxes' here; there are ")
    seats = ("--seat", "Soc=character:Socrates", "--seat", "Bea=house:easy")
    done = parlour("play", "rock-paper-scissors", *seats, "--option", "target=1")
    assert done.returncode == 0, done.stderr
    assert "Soc is the character socrates." in done.stdout
    assert "Result: " in done.stdout
    assert "Play Soc as this character" in parrot.requests[0].prompt


def test_a_chat_of_two_hundred_turns_lives_through_restarts_and_remembers(
    chat, parlour, parrot, tmp_path
):
    kept, each = None, TURNS // LIVES
    for life in range(LIVES):
        lines = [f"Line {life * each + turn} of mine." for turn in range(each)]
        if life == 0:
            lines[0] = "I have a dog called Argos."
        parrot.says.extend(f"Answer to line {life * each + turn}." for turn in range(each))
        done = chat(*lines, resume=kept)
        assert (done.returncode, done.stderr) == (0, "")
        kept = KEPT.search(done.stdout).group(1)
        parrot.says.clear()
    assert len(spoken(parrot)) == TURNS
    with closing(sqlite3.connect(tmp_path / "data" / "parlour.db")) as connection:
        said = [row[0] for row in connection.execute("SELECT text FROM texts ORDER BY number")]
    assert len(said) == 1 + 2 * TURNS
    assert said[1] == "I have a dog called Argos."


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="needs llama-cpp-python")
def test_a_model_of_this_machine_chats_and_goes_on(chat, tmp_path):
    (tmp_path / "data" / "models").mkdir(parents=True)
    gguf_maker.talking(tmp_path / "data" / "models" / "talking.gguf")
    (tmp_path / "models.toml").write_text('[talking]\nfile = "talking.gguf"\nmax_tokens = 30\n')
    done = chat("Hello?", "/r", "And now?")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"Socrates: .+  \(3, said anew\)", done.stdout)
    again = chat("Once more?", resume=KEPT.search(done.stdout).group(1))
    assert re.search(r"Socrates: .+  \(7\)", again.stdout)
