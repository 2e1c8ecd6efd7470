"""models.toml: the models that may take a seat, each under a name of its own."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.errors import ModelError, OperatorError
from bot.models.llama.registry import LocalModelSettings
from games.core import listed, quoted

MODELS_FILE: Final = Path("models.toml")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class ModelSettings(BaseModel):
    """One table of models.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    name: str
    """The name of the table, which is what players call the model."""
    base_url: str
    """Where the server's OpenAI-compatible interface begins; it mostly ends in /v1."""
    model: Annotated[str, Field(min_length=1)]
    """What the server calls the model."""
    api_key: SecretStr | None = None
    api_key_env: str | None = None
    """Name of the environment variable that holds the key."""
    api_key_file: str | None = None
    """File that holds the key; a relative path starts at the folder of models.toml."""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    """Longest answer, its thinking included."""
    seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    """Time for one whole answer, every new try included."""
    context: Annotated[int, Field(ge=500)] = 6000
    """Tokens that a prompt may hold."""
    price_in: Annotated[float, Field(ge=0, le=1_000_000)] = 0
    """Money for a million tokens of prompt, as budgets count it."""
    price_out: Annotated[float, Field(ge=0, le=1_000_000)] = 0
    """Money for a million tokens of answer, its thinking included."""
    persona: str | None = None
    """Who the model plays, where its seat has no character."""
    script: bool = False
    """Whether characters are given a script to go on with, as models trained that way expect."""
    json_schema: bool | Literal["auto"] = "auto"
    """Whether the server takes a JSON schema; "auto" tries and remembers."""
    headers: Annotated[Mapping[str, str], Field(repr=False)] = {}
    extra_body: Annotated[Mapping[str, Any], Field(repr=False)] = {}
    """What this server wants in each request beyond the usual."""

    @field_validator("base_url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
            raise ValueError("needs an address that begins with http:// or https://")
        if parts.username or parts.password:
            raise ValueError("must not hold a user or password; use api_key_env or headers")
        _ = parts.port  # raises ValueError where it is none
        return url

    @field_validator("headers")
    @classmethod
    def _fit_into_http(cls, headers: Mapping[str, str]) -> Mapping[str, str]:
        if not all(_fits_header(part) for pair in headers.items() for part in pair):
            raise ValueError("may hold visible ASCII characters only")
        return headers

    @model_validator(mode="after")
    def _has_one_key(self) -> Self:
        given = [name for name in _KEYS if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"has {listed(given)}, where one of them is enough")
        return self

    @property
    def server(self) -> str:
        """The server's address as errors may show it, without path and query."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def key(self) -> str | None:
        """Return the API key; None where none is set.  Raises ModelError."""
        key: str | None = None
        if self.api_key is not None:
            key = self.api_key.get_secret_value()
        elif self.api_key_env is not None:
            key = os.environ.get(self.api_key_env)
            if not key:
                raise ModelError(
                    f"The model {self.name} needs its key in the environment variable "
                    f"{self.api_key_env}, which is not set."
                )
        elif self.api_key_file is not None:
            key = self._key_in_file(Path(self.api_key_file))
        if key is not None and not _fits_header(key := key.strip()):
            raise ModelError(
                f"The key of the model {self.name} is empty or holds characters that no key has; "
                "copy it again."
            )
        return key

    def _key_in_file(self, path: Path) -> str:
        try:
            return path.read_text("utf-8")
        except (OSError, ValueError):
            raise ModelError(
                f"The key of the model {self.name} cannot be read from {path}; "
                "correct api_key_file or the file's permissions."
            ) from None


AnyModelSettings: TypeAlias = ModelSettings | LocalModelSettings
"""A model behind a server, or a file of this machine."""

SCRIPT: Final = "script"
"""The role of a message that is no message, but the whole text which a model goes on with."""
_KEYS: Final = ("api_key", "api_key_env", "api_key_file")


def _fits_header(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()


def is_model_name(name: str) -> bool:
    """Return whether a model may be called so."""
    return _NAME.fullmatch(name) is not None


def load_models(path: Path = MODELS_FILE) -> Mapping[str, AnyModelSettings]:
    """Return the models of a file, by name; none where there is no such file.

    Raises OperatorError with every fault of the file, one a line.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as why:
        raise OperatorError(f"{path} cannot be read: {why}.") from None
    except tomllib.TOMLDecodeError as why:
        raise OperatorError(f"{path} is not TOML: {why}.") from None
    models: dict[str, AnyModelSettings] = {}
    faults: list[str] = []
    for name, table in tables.items():
        try:
            models[name] = _settings(name, table, path.parent)
        except ValidationError as why:
            faults += _faults(name, why)
        except ValueError as why:
            faults.append(str(why))
    if faults:
        raise OperatorError("\n".join([f"{path} needs a correction:", *faults]))
    return models


def find_model(name: str, path: Path = MODELS_FILE) -> AnyModelSettings:
    """Return one model of a file.  Raises OperatorError."""
    models = load_models(path)
    if name in models:
        return models[name]
    if not models:
        raise OperatorError(
            f"No models are set up: copy models.example.toml to {path} and change it to suit."
        )
    raise OperatorError(f"{path} has no model {quoted(name)}; it has {listed(models)}.")


def usual_model(path: Path = MODELS_FILE) -> str:
    """Return the first model of a file, taken where none is named; "" where there is none."""
    return next(iter(load_models(path)), "")


def _settings(name: str, table: object, folder: Path) -> AnyModelSettings:
    if not isinstance(table, dict):
        raise ValueError(f"{name}: every setting stands below the name of a model, as in [{name}]")  # noqa: TRY004  # told to the operator like every other fault
    if not is_model_name(name):
        raise ValueError(f"[{name}]: a name has letters, digits, dots and hyphens, 40 at most")
    if "file" in table:
        return LocalModelSettings.model_validate({**table, "name": name})
    if isinstance(file := table.get("api_key_file"), str):
        table = {**table, "api_key_file": str(folder / Path(file).expanduser())}
    return ModelSettings.model_validate({**table, "name": name})


def _faults(name: str, error: ValidationError) -> list[str]:
    """Return what pydantic found, without the values that were given: one may be a key."""
    return [
        f"[{name}] {'.'.join(map(str, fault['loc'])) or 'it'}: "
        + fault["msg"].removeprefix("Value error, ")
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    ]
