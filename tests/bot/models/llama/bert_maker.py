"""Makes a small model that only embeds texts: every token is seen by all others, as in BERT."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.gguf_maker import TINY, Tensor, exact, settings, write

TOKENS = 512
"""Longest text."""


def bert(path: Path) -> Path:
    """Write a model of random weights whose embeddings are the mean over all tokens."""
    said = {key: value for key, value in settings(TINY).items() if key.startswith("tokenizer.ggml")}
    own = {
        "context_length": TOKENS,
        "embedding_length": TINY.width,
        "block_count": TINY.layers,
        "feed_forward_length": TINY.inner,
        "attention.head_count": TINY.heads,
        "attention.layer_norm_epsilon": 1e-5,
        "attention.causal": False,
        "pooling_type": 1,
    }
    said |= {"general.architecture": "bert", "tokenizer.ggml.token_type_count": 2}
    said |= {f"bert.{key}": value for key, value in own.items()}
    return write(path, said, _weights(len(said["tokenizer.ggml.tokens"])))


def _weights(words: int) -> Iterator[Tensor]:
    width, inner = TINY.width, TINY.inner
    matrices = {
        **dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (width, width)),
        "ffn_up": (inner, width),
        "ffn_down": (width, inner),
    }
    rng = np.random.default_rng(0)

    def drawn(name: str, *size: int) -> Tensor:
        return exact(name, rng.standard_normal(size) * 0.05)

    def norm(name: str) -> Iterator[Tensor]:
        yield exact(f"{name}.weight", np.ones(width))
        yield drawn(f"{name}.bias", width)

    yield drawn("token_embd.weight", words, width)
    yield drawn("token_types.weight", 2, width)
    yield drawn("position_embd.weight", TOKENS, width)
    yield from norm("token_embd_norm")
    for block in range(TINY.layers):
        yield from norm(f"blk.{block}.attn_output_norm")
        yield from norm(f"blk.{block}.layer_output_norm")
        for name, size in matrices.items():
            yield drawn(f"blk.{block}.{name}.weight", *size)
            yield drawn(f"blk.{block}.{name}.bias", size[0])
