"""`setup`: from nothing to a bot that can run, question by question."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

import typer

from bot.cli.discord_checks import (
    ENV_FILE,
    has_token,
    intent_line,
    server_names,
    title,
    with_token,
)
from bot.cli.env_file import open_to_others, put, value_in, write_private
from bot.cogs.preflight import PORTAL, Application, invite_link, look
from bot.errors import OperatorError
from bot.settings import NOT_SET_UP, Settings
from games.core import listed

TOKEN: Final = "DISCORD_TOKEN"  # noqa: S105  # the name of the variable
TRIES: Final = 3
WHERE: Final = f"""\
Parlour needs the token of a Discord application of yours:
  1. Open {PORTAL} and choose New Application.
  2. Open Bot in it, press Reset Token, and copy the token.
"""


def set_up(*, yes: bool) -> None:
    """Ask for what is needed, check it and keep it; with `yes`, ask nothing.

    Raises OperatorError.
    """
    if not yes and not sys.stdin.isatty():
        raise OperatorError(
            f"setup asks questions, and there is no terminal here: set {TOKEN} and use "
            "“python bot.py setup --yes”."
        )
    settings = Settings()
    token, application = _application(settings, yes=yes)
    _say(f"The token works: {title(application)}.")
    _keep(token, settings, yes=yes)
    _say(f"{intent_line(application)}.")
    _say(f"Invite the bot with this link:\n  {invite_link(application.application_id)}")
    _servers(settings, token)
    _models(settings.models, yes=yes)
    _say("All set. Next: python bot.py run (python bot.py doctor checks the channels).")


def _application(settings: Settings, *, yes: bool) -> tuple[str, Application]:
    """Return a token that works, and what it belongs to.  Raises OperatorError."""
    if yes and not has_token(settings):
        raise OperatorError(NOT_SET_UP)
    if has_token(settings):
        try:
            token = settings.token()
            application = asyncio.run(look(with_token(settings, token)))
        except OperatorError as why:
            if yes:
                raise
            _say(f"A token is set, but: {why}")
        else:
            if yes or typer.confirm(f"Go on with {title(application)}?", default=True):
                return token, application
    _say(WHERE)
    return _asked(settings)


def _asked(settings: Settings) -> tuple[str, Application]:
    for _ in range(TRIES):
        token = typer.prompt("Token (it is not shown)", hide_input=True).strip()
        try:
            return token, asyncio.run(look(with_token(settings, token)))
        except OperatorError as why:
            _say(str(why))
    raise OperatorError("Nothing was changed. To begin again: python bot.py setup.")


def _keep(token: str, settings: Settings, *, yes: bool) -> None:
    """Write a token into .env, unless it is kept already.  Raises OperatorError."""
    old = value_in(ENV_FILE, TOKEN)
    if old != token and settings.discord_token_file and settings.token() == token:
        _say(f"The token stays in {settings.discord_token_file}.")
        return
    if old == token and not open_to_others(ENV_FILE):
        _say(f"{ENV_FILE} holds the token already.")
        return
    replaces = old not in ("", token)
    if replaces and not yes and not typer.confirm(f"Replace the token in {ENV_FILE}?"):
        _say(f"{ENV_FILE} was left as it is.")
        return
    put(ENV_FILE, TOKEN, token)
    how = "The token in it was replaced" if replaces else "The token is in it"
    _say(f"{ENV_FILE} is written. {how}, and only you may read it.")
    if os.environ.get(TOKEN, token) != token:
        _say(f"Note that {TOKEN} in the environment holds another token, which goes first.")


def _servers(settings: Settings, token: str) -> None:
    names = asyncio.run(server_names(with_token(settings, token)))
    _say(f"It is in {listed(names)}." if names else "It is in no server yet.")


def _models(path: Path, *, yes: bool) -> None:
    from bot.models.config import load_models

    for name in load_models(path):
        if yes or typer.confirm(f"Try the model {name}?", default=True):
            _try(name)
    if not yes and typer.confirm("Add a language model? House bots need none."):
        name = _add_model(path)
        _try(name)


def _try(name: str) -> None:
    from bot.cli.models import test_model

    try:
        test_model(name)
    except OperatorError as why:
        _say(f"{why}\nTry it again later: python bot.py models test {name}.")


def _add_model(path: Path) -> str:
    """Ask for a model, write it into the file of models, and return its name."""
    from bot.models.config import load_models
    from bot.models.entry import entry

    while True:
        url = typer.prompt("Address of its server", default="http://127.0.0.1:11434/v1")
        model = typer.prompt("What the server calls the model", default="qwen3:8b")
        name = typer.prompt("What players call it", default="small")
        key = typer.prompt("Key (not shown; empty: none)", default="", hide_input=True)
        try:
            text = entry(name, url, model, key)
            if name in load_models(path):
                raise OperatorError(f"{path} has a model {name} already; take another name.")
        except OperatorError as why:
            _say(str(why))
            continue
        before = path.read_text("utf-8").rstrip() + "\n\n" if path.exists() else ""
        write_private(path, before + text)
        _say(f"{path} is written; only you may read it.")
        return str(name)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
