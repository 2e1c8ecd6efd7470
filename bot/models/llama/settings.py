"""With what an engine is opened; plain values that need no native library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MOST_SEQUENCES: Final = 248
"""llama.cpp takes 256; the engine needs a few for rating options."""


@dataclass(frozen=True)
class EngineSettings:
    """One model file, and how much of the machine it may have.  Raises ValueError."""

    path: Path
    context: int = 8192
    """Tokens of all conversations together."""
    gpu_layers: int = -1
    """Layers computed on the GPU; -1 for as many as fit."""
    sequences: int = 16
    """Conversations that are kept, under way or resting."""
    adapters: Mapping[str, tuple[Path, float]] = field(default_factory=dict)
    """LoRA files with their scales, by name."""
    threads: int | None = None
    """None for one on each processor."""
    batch: int = 512
    """Tokens of a step, at most."""
    chunk: int = 256
    """Of those, tokens of prompts, while answers are under way."""
    share: bool = True
    """Whether prompts share what they begin with alike."""
    spill: Path | None = None
    """A folder for conversations that have to leave the context."""
    spill_bytes: int = 1 << 30
    """The most of them on disk."""

    def __post_init__(self) -> None:
        claims = {
            f"sequences must be between 1 and {MOST_SEQUENCES}": 1
            <= self.sequences
            <= MOST_SEQUENCES,
            "context must be 64 or more": 64 <= self.context < 1 << 28,
            "batch must hold a token of each sequence": self.sequences < self.batch <= 1 << 14,
            "chunk must be 1 or more": self.chunk >= 1,
            "threads must be 1 or more": self.threads is None or self.threads >= 1,
        }
        for claim, holds in claims.items():
            if not holds:
                raise ValueError(claim)


@dataclass(frozen=True)
class Facts:
    """What a loaded model says about itself."""

    name: str
    chat_template: str | None
    """Jinja, unrendered."""
    bos: str
    """How the token that begins a text is written; "" for none."""
    eos: str
    adds_bos: bool
    """Whether a text for this model begins with that token."""
    vocabulary: int
    """Tokens it knows."""
    trained_context: int
    longest: int
    """Tokens that one conversation may have."""
    only_embeds: bool
    """Whether it is made for embeddings alone: what it would write is nothing, or a crash."""
