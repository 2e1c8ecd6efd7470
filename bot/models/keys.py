"""API keys at rest: sealed with a master key that is kept apart from the database.

Whoever has a copy of the database has no key. A sealed key opens only for the model and the
address that it was given for, so that no row can be made to send it elsewhere.
"""

import json
import os
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from bot.administration import ServerModel
from bot.errors import OperatorError, ShownToUser
from bot.settings import Settings

_SHORTEST_SHOWN: Final = 12
"""Of a shorter key nothing is shown: four characters would be too much of it."""
_LONGEST: Final = 500


def mask(key: str) -> str:
    """Return how a key may be shown, such as "sk-…abcd"."""
    if len(key) < _SHORTEST_SHOWN:
        return "…"
    start, hyphen, _ = key.partition("-")
    return f"{start}-…{key[-4:]}" if hyphen and len(start) <= 3 else f"…{key[-4:]}"


class Keys:
    """Seals and opens keys; the newest master key seals, every one of them opens."""

    def __init__(self, settings: Settings) -> None:
        self._given = settings.master_key.get_secret_value()
        self._file = settings.master_key_path

    def seal(self, model: ServerModel, key: str) -> str:
        """Return a key as it may be stored; makes the master key where there is none yet.

        Raises:
            ShownToUser: it is no key.
            OperatorError: the master key can be neither read nor made.

        """
        key = key.strip()
        if not (
            0 < len(key) <= _LONGEST and key.isascii() and key.isprintable() and " " not in key
        ):
            raise ShownToUser("That is no API key: a key is one word of ASCII; copy it again.")
        if not self._given and not self._file.exists():
            _make(self._file)
        bound = json.dumps([_bound_to(model), key])
        return self._master().encrypt(bound.encode()).decode()

    def open(self, model: ServerModel, sealed: str) -> SecretStr | None:
        """Return the key of a model; None where it needs none.  Raises OperatorError."""
        if not sealed:
            return None
        try:
            bound_to, key = json.loads(self._master().decrypt(sealed.encode()))
        except (InvalidToken, ValueError):
            raise OperatorError(
                f"The key of the model {model.name} cannot be opened with this master key: "
                f"put the right one back into {self._where}, or add the model again."
            ) from None
        if bound_to != _bound_to(model):
            raise OperatorError(
                f"The stored key of the model {model.name} was given for another server or "
                "address: add the model again."
            )
        return SecretStr(key)

    def renewed(self, sealed: str) -> str:
        """Return a sealed key under the newest master key.  Raises OperatorError."""
        try:
            return self._master().rotate(sealed.encode()).decode()
        except InvalidToken:
            raise OperatorError(
                f"A stored key cannot be opened with any master key in {self._where}."
            ) from None

    @property
    def _where(self) -> str:
        return "PARLOUR_MASTER_KEY" if self._given else str(self._file)

    def _master(self) -> MultiFernet:
        text = self._given or _read(self._file)
        try:
            return MultiFernet([Fernet(line) for line in text.split()])
        except ValueError:  # its message may quote what was read
            raise OperatorError(
                f"{self._where} holds no master key: each line is one, 44 characters long."
            ) from None


def _bound_to(model: ServerModel) -> list[object]:
    return [model.guild, model.name, model.base_url]


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        raise OperatorError(
            f"The master key {file} cannot be read; put it back, or name another file in "
            "PARLOUR_MASTER_KEY_FILE."
        ) from None


def _make(file: Path) -> None:
    """Write a new master key that only this user can read; a file that is there stays."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(Fernet.generate_key() + b"\n")
                out.flush()
                os.fsync(out.fileno())
            _keep(part, file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as why:
        raise OperatorError(
            f"The master key {file} cannot be written ({why.strerror}): name another file in "
            "PARLOUR_MASTER_KEY_FILE, or give the key itself in PARLOUR_MASTER_KEY."
        ) from None


def _keep(part: Path, file: Path) -> None:
    """Give a whole file its name, unless another process was faster."""
    try:
        file.hardlink_to(part)
    except FileExistsError:
        return
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
