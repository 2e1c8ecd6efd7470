"""`setup` as a person meets it at a terminal, and as a script meets it without one."""

import os
import stat

import pytest

from bot.cogs.needed import all_bits
from tests.discord_rest import APPLICATION, TOKEN, Rest
from tests.terminal import CONTROL_C, Terminal

INVITE = f"https://discord.com/oauth2/authorize?client_id={APPLICATION}"


@pytest.fixture
def rest():
    with Rest().running() as rest:
        yield rest


@pytest.fixture
def terminal(rest, tmp_path):
    """Return a function that starts `setup` at a terminal."""
    begun = []

    def start(**environment):
        for name in ("DISCORD_TOKEN", "DISCORD_TOKEN_FILE"):
            assert name not in os.environ
        given = {"PARLOUR_DISCORD__API_BASE": rest.url, **environment}
        begun.append(Terminal("setup", folder=tmp_path, **given))
        return begun[-1]

    yield start
    for each in begun:
        each.close()


def env(tmp_path):
    return (tmp_path / ".env").read_text("utf-8")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_from_nothing_to_a_bot_that_can_run(terminal, tmp_path, rest):
    rest.add_server(7, "Hall", permissions=0, channels=[])
    person = terminal()
    person.answer("Token", TOKEN)
    person.answer("Add a language model?", "n")
    assert person.end() == 0
    assert TOKEN not in person.seen
    assert "The token works: Table, application 114, only its owner may invite it." in person.seen
    assert "Message content intent is off" in person.seen
    assert f"/applications/{APPLICATION}/bot" in person.seen
    assert INVITE in person.seen and f"permissions={all_bits()}" in person.seen
    assert "It is in Hall." in person.seen
    assert "python bot.py run" in person.seen
    assert env(tmp_path) == f"DISCORD_TOKEN={TOKEN}\n"
    assert mode(tmp_path / ".env") == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [".env"]


def test_a_wrong_token_is_asked_for_again_and_three_end_it_with_nothing_changed(terminal, tmp_path):
    person = terminal()
    for _ in range(3):
        person.answer("Token", "nonsense")
    assert person.end() == 1
    assert person.seen.count("Discord does not know this token") == 3
    assert "Nothing was changed" in person.seen
    assert "Traceback" not in person.seen
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("prompt", ["Token", "Add a language model?", "Address of its server"])
def test_control_c_leaves_nothing_half_written(terminal, tmp_path, prompt):
    (tmp_path / ".env").write_text("OTHER=1\n", "utf-8")
    person = terminal()
    if prompt != "Token":
        person.answer("Token", TOKEN)
    if prompt == "Address of its server":
        person.answer("Add a language model?", "y")
    person.answer(prompt, CONTROL_C)
    assert person.end() == 130
    assert "Traceback" not in person.seen
    kept = "OTHER=1\n" + (f"DISCORD_TOKEN={TOKEN}\n" if prompt != "Token" else "")
    assert env(tmp_path) == kept
    assert [one.name for one in tmp_path.iterdir()] == [".env"]


def test_other_lines_stay_and_another_token_is_replaced_only_after_a_yes(terminal, tmp_path):
    before = "# mine\nA=1\nexport DISCORD_TOKEN='old'\nB=2\n"
    (tmp_path / ".env").write_text(before, "utf-8")
    person = terminal()
    person.wait_for("A token is set, but: Discord does not know this token")
    person.answer("Token", TOKEN)
    person.answer("Replace the token in .env?", "n")
    person.answer("Add a language model?", "n")
    assert person.end() == 0
    assert env(tmp_path) == before
    person = terminal()
    person.answer("Token", TOKEN)
    person.answer("Replace the token in .env?", "y")
    person.answer("Add a language model?", "n")
    assert person.end() == 0
    assert env(tmp_path) == f"# mine\nA=1\nB=2\nDISCORD_TOKEN={TOKEN}\n"


def test_a_model_is_written_asked_anew_where_it_makes_no_sense_and_tried(terminal, tmp_path):
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\n", "utf-8")
    (tmp_path / ".env").chmod(0o644)
    person = terminal()
    person.answer("Go on with Table", "")
    person.answer("Add a language model?", "y")
    for url in ("ftp://nowhere", "http://127.0.0.1:9/v1"):
        person.answer("Address of its server", url)
        person.answer("What the server calls the model", 'a "quoted" name')
        person.answer("What players call it", "small")
        person.answer("Key", "sk-canary")
    assert person.end() == 0
    assert "needs an address that begins with http:// or https://" in person.seen
    assert "cannot be reached" in person.seen
    assert "Try it again later: python bot.py models test small." in person.seen
    assert "sk-canary" not in person.seen
    assert (tmp_path / "models.toml").read_text("utf-8").splitlines() == [
        "[small]",
        'base_url = "http://127.0.0.1:9/v1"',
        'model = "a \\"quoted\\" name"',
        'api_key = "sk-canary"',
    ]
    assert mode(tmp_path / "models.toml") == mode(tmp_path / ".env") == 0o600


def test_a_script_takes_the_token_from_the_environment(parlour, rest, tmp_path):
    done = parlour("setup", "--yes", DISCORD_TOKEN=TOKEN, PARLOUR_DISCORD__API_BASE=rest.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert INVITE in done.stdout
    assert env(tmp_path) == f"DISCORD_TOKEN={TOKEN}\n"


def test_a_token_in_a_file_of_its_own_stays_there(parlour, rest, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n", "utf-8")
    done = parlour("setup", "--yes", DISCORD_TOKEN_FILE="token", PARLOUR_DISCORD__API_BASE=rest.url)
    assert done.returncode == 0, done.stderr
    assert "The token stays in token." in done.stdout
    assert not (tmp_path / ".env").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        ((), {}, "there is no terminal here"),
        (("--yes",), {}, "There is no Discord token"),
        (("--yes",), {"DISCORD_TOKEN": "wrong"}, "Discord does not know this token"),
        (("--yes",), {"DISCORD_TOKEN": "two words"}, "characters no token has"),
        (("--yes",), {"DISCORD_TOKEN_FILE": "gone"}, "names gone, which cannot be read"),
    ],
)
def test_what_cannot_work_without_questions_is_one_sentence(
    parlour, rest, tmp_path, arguments, environment, sentence
):
    done = parlour("setup", *arguments, **environment, PARLOUR_DISCORD__API_BASE=rest.url)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(parlour, rest, tmp_path):
    (tmp_path / ".env").mkdir()
    done = parlour("setup", "--yes", DISCORD_TOKEN=TOKEN, PARLOUR_DISCORD__API_BASE=rest.url)
    assert done.returncode == 1
    assert ".env cannot be read; correct it or move it away." in done.stderr
