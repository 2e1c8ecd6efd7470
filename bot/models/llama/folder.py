"""The folder of model files: which file a name stands for, and whether it is the right one."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.errors import OperatorError
from bot.models.llama.registry import CHATML, LocalModelSettings, path_below
from bot.models.llama.settings import EngineSettings
from bot.models.llama.stamps import Stamps, stamp
from games.core import quoted

_CHECKSUMS: Final = ".checksums.json"
_LONGEST_TEMPLATE: Final = 1_000_000
"""Bytes."""


class ModelsFolder:
    """Where the files lie; nothing outside of it is ever read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, name: str) -> Path:
        """Return a file below the folder, wherever links lead.  Raises OperatorError."""
        try:
            root = self.path.resolve()
            found = (root / path_below(name)).resolve(strict=True)
        except ValueError as why:
            raise OperatorError(f"The path {quoted(name, 80)} {why}.") from None
        except (OSError, RuntimeError):  # the latter for links in a circle
            raise OperatorError(
                f"There is no file {quoted(name, 80)} in {self.path}; put it there, or get it with "
                "“models fetch”."
            ) from None
        if not found.is_relative_to(root):
            raise OperatorError(
                f"{quoted(name, 80)} is a link that leads out of {self.path}; put the file itself "
                "there."
            )
        if not found.is_file():
            raise OperatorError(f"{quoted(name, 80)} in {self.path} is no file.")
        return found

    def engine_settings(self, model: LocalModelSettings) -> EngineSettings:
        """Return what opens a model, its checksum compared.  Raises OperatorError.

        Takes seconds where a big file is read for the first time.
        """
        path = self.file(model.file)
        if model.sha256 is not None and (found := self.sha256(path)) != model.sha256:
            raise OperatorError(
                f"The file of the model {model.name} is another one than its sha256 says "
                f"(it has {found}); get it again, or correct models.toml."
            )
        return EngineSettings(
            path=path,
            context=model.cache,
            gpu_layers=model.gpu_layers,
            sequences=model.conversations,
            adapters={
                name: (self.file(adapter.file), adapter.scale)
                for name, adapter in model.adapters.items()
            },
            threads=model.threads,
        )

    def stamps(self, model: LocalModelSettings) -> Stamps:
        """Return the files of a model as they are now.  Raises OperatorError."""
        names = [model.file, *(adapter.file for adapter in model.adapters.values())]
        try:
            return {path: stamp(path) for path in map(self.file, names)}
        except OSError as why:
            raise OperatorError(f"{model.file} cannot be read: {why.strerror}.") from None

    def template(self, model: LocalModelSettings) -> str | None:
        """Return the chat template that models.toml sets, "chatml" as it is; None for the file's.

        Raises OperatorError.
        """
        if model.template is None or model.template == CHATML:
            return model.template
        path = self.file(model.template)
        try:
            if path.stat().st_size > _LONGEST_TEMPLATE:
                raise OperatorError(f"The chat template {path.name} is too long.")
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise OperatorError(f"The chat template {path.name} cannot be read.") from None

    def sha256(self, path: Path) -> str:
        """Return the checksum of a file in lower case; read again only once the file changed.

        Raises OperatorError.
        """
        try:
            state = [*stamp(path)]
            known = self._known_checksums()
            key = str(path.relative_to(self.path.resolve()))
            if key not in known or known[key][:-1] != state:
                with path.open("rb") as file:
                    known[key] = [*state, hashlib.file_digest(file, "sha256").hexdigest()]
                self._keep_checksums(known)
        except OSError as why:
            raise OperatorError(f"{path} cannot be read: {why.strerror}.") from None
        return str(known[key][-1])

    def _known_checksums(self) -> dict[str, list[Any]]:
        try:
            found = json.loads((self.path / _CHECKSUMS).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        wanted = isinstance(found, dict) and all(
            isinstance(entry, list) and len(entry) == 4 for entry in found.values()
        )
        return found if wanted else {}

    def _keep_checksums(self, known: Mapping[str, list[Any]]) -> None:
        fresh = self.path / f"{_CHECKSUMS}.new"
        try:
            fresh.write_text(json.dumps(known, indent=1), "utf-8")
            fresh.replace(self.path / _CHECKSUMS)
        except OSError:  # a folder that may only be read: then each start reads the file again
            return
