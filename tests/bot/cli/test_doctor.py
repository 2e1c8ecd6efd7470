"""`doctor`, where Discord and models are set up: what is well, what could be better, what fails."""

import re
from datetime import timedelta

import pytest

from bot.cogs.needed import all_bits
from tests.discord_rest import TOKEN, Rest
from tests.faulty_model import FaultyModel

MANAGE_WEBHOOKS = 1 << 29
SEND_IN_THREADS = 1 << 38


@pytest.fixture
def rest():
    with Rest().running() as rest:
        yield rest


@pytest.fixture
def doctor(parlour, rest):
    """Return a function that runs `doctor` and returns its exit code and its lines."""

    def run(**environment):
        given = {"DISCORD_TOKEN": TOKEN, "PARLOUR_DISCORD__API_BASE": rest.url, **environment}
        done = parlour("doctor", **given)
        assert TOKEN not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout.splitlines()

    return run


def test_without_a_token_discord_is_passed_over_with_a_line(doctor, rest):
    code, lines = doctor(DISCORD_TOKEN="")
    assert code == 0
    assert "ok    Discord is not set up: there is no token (python bot.py setup)" in lines
    assert rest.asked == []


def test_each_channel_that_lacks_something_is_named_with_what_fails(doctor, rest):
    rest.application["flags"] = 1 << 19
    rest.add_server(
        7,
        "Hall",
        permissions=all_bits(),
        channels=[
            ("open", 0, []),
            ("quiet", 0, [(7, 0, MANAGE_WEBHOOKS | SEND_IN_THREADS)]),
            ("secret", 0, [(7, 0, 1 << 10)]),
        ],
    )
    code, lines = doctor()
    assert code == 0
    assert (
        "ok    Discord knows the token: Table, application 114, only its owner may invite it"
        in lines
    )
    assert any(line.startswith("ok    Message content intent is on") for line in lines)
    assert "ok    The clock agrees with Discord's" in lines
    assert "ok    Server “Hall”: nothing is missing in 1 text channels, 1 hidden from it" in lines
    assert (
        "warn  Server “Hall”, #quiet lacks Send Messages in Threads and Manage Webhooks: "
        "it cannot speak in a match; models speak under the bot's own name and picture" in lines
    )


def test_what_works_less_well_is_a_warning_and_no_failure(doctor, rest, tmp_path):
    (tmp_path / ".env").write_text("A=1\n", "utf-8")
    (tmp_path / ".env").chmod(0o644)
    rest.clock = timedelta(seconds=-30)
    code, lines = doctor()
    warnings = "\n".join(line for line in lines if line.startswith("warn  "))
    assert code == 0
    assert "Message content intent is off" in warnings
    assert re.search("The clock here is 3[01] s ahead of Discord's", warnings)
    assert ".env holds secrets and others may read it: chmod 600 .env" in warnings
    assert "The bot is in no server yet; invite it with https://discord.com/oauth2/" in warnings


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DISCORD_TOKEN": "wrong"}, "FAIL  Discord does not know this token"),
        ({"PARLOUR_DISCORD__API_BASE": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
def test_what_cannot_work_fails(doctor, environment, sentence):
    code, lines = doctor(**environment)
    assert code == 1
    assert sentence in lines[-1]


def test_a_server_that_has_just_thrown_the_bot_out_does_not_hide_what_came_before(doctor, rest):
    rest.add_server(7, "Hall", permissions=all_bits(), channels=[("open", 0, [])])
    rest.paths["/users/@me/guilds"].append({"id": "9", "name": "Gone"})
    code, lines = doctor()
    assert code == 0
    assert "ok    Server “Hall”: nothing is missing in 1 text channels" in lines
    assert "warn  Server “Gone” does not let the bot look at its channels" in lines


async def test_models_that_are_set_up_are_asked_for_a_sign_of_life(parlour, tmp_path):
    import asyncio

    async with FaultyModel().running() as server:
        (tmp_path / "models.toml").write_text(
            f'[small]\nbase_url = "{server.url}"\nmodel = "tiny"\n'
            '[gone]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "tiny"\n',
            "utf-8",
        )
        done = await asyncio.to_thread(parlour, "doctor")
    assert done.returncode == 1
    assert "ok    Model small at http://127.0.0.1" in done.stdout
    assert "FAIL  " in done.stdout and "gone" in done.stdout
