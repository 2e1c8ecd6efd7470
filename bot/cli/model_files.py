"""`models add`, `models remove` and `models fetch`: files of this machine as models."""

import asyncio
import os
import re
import sys
from pathlib import Path

from bot.cli.env_file import PRIVATE, write_private
from bot.errors import OperatorError
from bot.settings import Settings


def add_model(file: str, name: str) -> None:
    """Name a file of the models folder in models.toml.  Raises OperatorError."""
    from bot.models.config import is_model_name
    from bot.models.llama.folder import ModelsFolder
    from bot.models.tables import with_table

    settings = Settings()
    folder = ModelsFolder(settings.model_files)
    path = folder.file(_below(file, folder.path))
    below = path.relative_to(folder.path.resolve()).as_posix()
    name = name or _name_of(path)
    if not is_model_name(name):
        raise OperatorError("A name has letters, digits, dots and hyphens, 40 at most; say --name.")
    _check(path)
    _say(f"Reading {below} for its checksum ...")
    table = {"file": below, "sha256": folder.sha256(path)}
    _rewrite(settings.models, with_table(_text_of(settings.models), name, table))
    _say(f"{settings.models} has the model {name} now; seat it with --seat Bo=model:{name}.")


def remove_model(name: str) -> None:
    """Take a model out of models.toml; its file stays.  Raises OperatorError."""
    from bot.models.config import find_model
    from bot.models.llama.registry import LocalModelSettings
    from bot.models.tables import without_table

    settings = Settings()
    model = find_model(name, settings.models)
    _rewrite(settings.models, without_table(_text_of(settings.models), name))
    _say(f"{settings.models} has no model {name} any more; the file before is {_kept(settings)}.")
    if isinstance(model, LocalModelSettings):
        _say(f"{settings.model_files / model.file} stays where it is.")


def fetch_model(repo: str, file: str) -> None:
    """Get a model file from the hub into the models folder.  Raises OperatorError."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from bot.models.llama.fetch import fetch

    settings = Settings()
    token = os.environ.get("HF_TOKEN", "").strip()
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    shown = Progress(
        TextColumn("{task.description}"), *columns, console=console, disable=not console.is_terminal
    )
    with shown as progress:
        task = progress.add_task(file, total=None)

        def tell(have: int, all_: int | None) -> None:
            progress.update(task, completed=have, total=all_)

        work = fetch(settings.models_hub, repo, file, settings.model_files, tell, token)
        fetched = asyncio.run(work)
    how = "as the hub says" if fetched.checked else "which the hub does not tell: compare it"
    _say(f"{fetched.path}: {fetched.size} bytes, SHA-256 {fetched.sha256}, {how}.")
    _say(f"Next: python bot.py models add {fetched.path.name}")


def _below(file: str, folder: Path) -> str:
    """Return a path as the folder knows it; a shell completes it from where it stands."""
    typed, root = Path(file).absolute(), folder.absolute()
    if not (folder / file).exists() and typed.is_relative_to(root):
        return typed.relative_to(root).as_posix()
    return file


def _name_of(path: Path) -> str:
    return re.sub(r"[^a-z0-9.-]+", "-", path.stem.lower()).strip("-.")[:40]


def _check(path: Path) -> None:
    if path.suffix.lower() != ".gguf":
        raise OperatorError(f"{path.name} must end in .gguf.")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise OperatorError(f"{path.name} is no GGUF file.")


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as why:
        raise OperatorError(f"{path} cannot be read: {why}.") from None


def _kept(settings: Settings) -> Path:
    return settings.models.with_name(f"{settings.models.name}.bak")


def _rewrite(path: Path, text: str) -> None:
    """Write a file whole, with the rights it had, after keeping what it said beside it."""
    mode = PRIVATE
    if path.exists():
        mode = path.stat().st_mode & 0o777
        write_private(path.with_name(f"{path.name}.bak"), _text_of(path))
    write_private(path, text)
    if mode != PRIVATE:
        path.chmod(mode)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
