"""A table of models.toml that names a GGUF file of this machine, in the place of a server."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.models.llama.jobs import Sampling
from games.core import quoted

THIS_MACHINE: Final = "this machine"
CHATML: Final = "chatml"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_ADAPTER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def path_below(path: str) -> str:
    """Return a path that stays below a folder by its own words.  Raises ValueError."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith(("/", "~")) or ".." in parts:
        raise ValueError("must be a path below the models folder, such as small.gguf")
    if "\\" in path or ":" in path or not path.isprintable() or len(path) > 300:
        raise ValueError("has characters that no model file needs in its name")
    return path


def _as_gguf(path: str) -> str:
    if not path.lower().endswith(".gguf"):
        raise ValueError("must end in .gguf")
    return path_below(path)


class Adapter(BaseModel):
    """A LoRA file and how strongly it counts."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    file: str
    scale: Annotated[float, Field(ge=-10, le=10)] = 1.0

    _below = field_validator("file")(_as_gguf)


class LocalModelSettings(BaseModel):
    """One table of models.toml that has a `file` in the place of an address."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    """The name of the table, which is what players call the model."""
    file: str
    """The GGUF file, as a path below the models folder."""
    sha256: str | None = None
    """Checksum of the file; one that has another is not used."""
    context: Annotated[int, Field(ge=500)] = 6000
    """Tokens that a prompt may hold."""
    cache: Annotated[int, Field(ge=1000)] = 16_384
    """Tokens of all conversations together; what they begin with alike counts once."""
    conversations: Annotated[int, Field(ge=1, le=200)] = 16
    """How many go on at the same time."""
    spill: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """MiB on disk for conversations that have to leave the cache."""
    gpu_layers: Annotated[int, Field(ge=-1)] = -1
    """Layers computed on the GPU; -1 for as many as fit."""
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    """None for one on each processor."""
    template: str | None = None
    """Chat template instead of the file's own: "chatml", or a .jinja file below the folder."""
    adapters: Mapping[str, Adapter] = {}
    """LoRA files by name."""
    adapter: str | None = None
    """The one of them that is used where nothing else is said."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.8
    top_k: Annotated[int, Field(ge=0)] = 40
    top_p: Annotated[float, Field(gt=0, le=1)] = 0.95
    min_p: Annotated[float, Field(ge=0, le=1)] = 0.05
    repeat_penalty: Annotated[float, Field(ge=0.5, le=2)] = 1.0
    max_tokens: Annotated[int, Field(ge=1)] = 512
    """Longest answer."""
    seconds: Annotated[float, Field(gt=0, le=3600)] = 120
    """Time for one whole answer, the wait for its turn included."""
    script: bool = False
    """Whether characters are given a script to go on with, as models trained that way expect."""
    price_in: Annotated[float, Field(ge=0, le=1_000_000)] = 0
    """Money for a million tokens of prompt, as budgets count it."""
    price_out: Annotated[float, Field(ge=0, le=1_000_000)] = 0
    persona: str | None = None
    """Who the model plays, where its seat has no character."""

    _below = field_validator("file")(_as_gguf)

    @field_validator("sha256")
    @classmethod
    def _is_sha256(cls, text: str | None) -> str | None:
        if text is not None and not _SHA256.fullmatch(text):
            raise ValueError("must have 64 digits, 0 to 9 and a to f")
        return text

    @field_validator("template")
    @classmethod
    def _is_template(cls, template: str | None) -> str | None:
        if template is None or template == CHATML:
            return template
        if not template.endswith(".jinja"):
            raise ValueError('must be "chatml" or a file that ends in .jinja')
        return path_below(template)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if any(not _ADAPTER.fullmatch(name) for name in self.adapters):
            raise ValueError(
                "names an adapter badly: letters, digits, dots and hyphens, 40 at most"
            )
        if self.adapter is not None and self.adapter not in self.adapters:
            raise ValueError(f"has no adapter {quoted(self.adapter)}")
        if self.cache < self.context + self.max_tokens:
            raise ValueError("needs a cache of at least context and max_tokens together")
        return self

    @property
    def model(self) -> str:
        """What there is in the place of a server's name for the model."""
        return self.file

    @property
    def server(self) -> str:
        """What there is in the place of a server's address."""
        return THIS_MACHINE

    def sampling(self, **more: Any) -> Sampling:
        """Return how answers are drawn, with what one answer wants beside."""
        return Sampling(
            **{
                "temperature": self.temperature,
                "top_k": self.top_k,
                "top_p": self.top_p,
                "min_p": self.min_p,
                "repeat_penalty": self.repeat_penalty,
                "max_tokens": self.max_tokens,
                **more,
            }
        )
