"""Makes small GGUF models and LoRA adapters out of nothing, the same ones each time.

Their vocabulary is every byte, a few control tokens, and words merged from bytes. Weights are
random, or (`talking`) a table of which letter follows which, so that the text looks like words and
ends by itself.  Source of the layout: GGUF's specification, version 3.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

CONTROL = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")
UNK, BOS, EOS, START, END = range(5)
BYTES_FROM = len(CONTROL)
"""The token of byte 0."""
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
ALIGNMENT = 32
F32, Q8_0 = 0, 8


@dataclass(frozen=True)
class Shape:
    """How big a model is."""

    layers: int
    width: int
    heads: int
    key_heads: int
    inner: int
    merges: int = 250
    """Words in the vocabulary; 1 or more."""
    weights: int = F32
    context: int = 32768


TINY = Shape(layers=2, width=128, heads=4, key_heads=2, inner=256)
"""About 0.4 million parameters."""
TALKING = Shape(layers=1, width=512, heads=4, key_heads=2, inner=32, merges=1)
MEDIUM = Shape(12, 768, 12, 4, 2048, merges=32768 - 261, weights=Q8_0)
"""126 million parameters."""


@dataclass(frozen=True)
class Tensor:
    """Weights as they lie in the file."""

    name: str
    shape: Sequence[int]
    """The length of a row first."""
    kind: int
    data: bytes


def tiny(path: Path, *, shape: Shape = TINY, seed: int = 0, unruly: bool = False) -> Path:
    """Write a model with random weights; its text is noise that never ends by itself.

    An unruly one takes control tokens for as likely as others.
    """
    rng = np.random.default_rng(seed)
    return write(path, settings(shape), random_weights(shape, rng, unruly=unruly))


def talking(path: Path) -> Path:
    """Write a model whose text looks like words, in sentences that come to an end."""
    return write(path, settings(TALKING), letter_weights(TALKING))


def adapter(path: Path, *, shape: Shape = TINY, seed: int = 1, strength: float = 0.5) -> Path:
    """Write a random LoRA adapter of rank 4."""
    rng = np.random.default_rng(seed)
    said = {
        "general.architecture": "llama",
        "general.type": "adapter",
        "adapter.type": "lora",
        "adapter.lora.alpha": 8.0,
    }
    return write(path, said, adapter_weights(shape, rng, strength))


def settings(shape: Shape) -> Mapping[str, Any]:
    """Return what the file says about a model of this shape."""
    tokens, merges = vocabulary(shape.merges)
    plain = len(tokens) - len(CONTROL)
    return {
        "general.architecture": "llama",
        "general.name": "made up",
        "llama.context_length": shape.context,
        "llama.embedding_length": shape.width,
        "llama.block_count": shape.layers,
        "llama.feed_forward_length": shape.inner,
        "llama.attention.head_count": shape.heads,
        "llama.attention.head_count_kv": shape.key_heads,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": shape.width // shape.heads,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": [*CONTROL, *map(shown, tokens[len(CONTROL) :])],
        "tokenizer.ggml.token_type": [2] + [3] * (len(CONTROL) - 1) + [1] * plain,
        "tokenizer.ggml.merges": [f"{shown(one)} {shown(other)}" for one, other in merges],
        "tokenizer.ggml.bos_token_id": BOS,
        "tokenizer.ggml.eos_token_id": EOS,
        "tokenizer.ggml.eot_token_id": END,
        "tokenizer.ggml.unknown_token_id": UNK,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.chat_template": TEMPLATE,
    }


def matrices(shape: Shape) -> Mapping[str, tuple[int, int]]:
    """Return a layer's matrices as (rows, length of a row)."""
    keys = shape.width // shape.heads * shape.key_heads
    return {
        "attn_q": (shape.width, shape.width),
        "attn_k": (keys, shape.width),
        "attn_v": (keys, shape.width),
        "attn_output": (shape.width, shape.width),
        "ffn_gate": (shape.inner, shape.width),
        "ffn_up": (shape.inner, shape.width),
        "ffn_down": (shape.width, shape.inner),
    }


def random_weights(
    shape: Shape, rng: np.random.Generator, *, unruly: bool = False
) -> Iterator[Tensor]:
    """Give all weights; control tokens get none, so they are never among the likeliest."""
    words = BYTES_FROM + 256 + shape.merges
    silent = 0 if unruly else BYTES_FROM
    yield drawn("token_embd.weight", (words, shape.width), 1.0, shape.weights, rng)
    yield drawn(
        "output.weight", (words, shape.width), 2 * shape.width**-0.5, shape.weights, rng, silent
    )
    yield exact("output_norm.weight", np.ones(shape.width))
    for layer in range(shape.layers):
        yield exact(f"blk.{layer}.attn_norm.weight", np.ones(shape.width))
        yield exact(f"blk.{layer}.ffn_norm.weight", np.ones(shape.width))
        for name, size in matrices(shape).items():
            deviation = size[1] ** -0.5 * (0.5 if name in ("attn_output", "ffn_down") else 1)
            yield drawn(f"blk.{layer}.{name}.weight", size, deviation, shape.weights, rng)


def letter_weights(shape: Shape) -> Iterator[Tensor]:
    """Give weights that look a letter up in a table; the layers add nothing."""
    chances = np.log(followers(shape.merges))
    one_hot = np.eye(len(chances), shape.width)
    yield exact("token_embd.weight", one_hot)
    table = np.zeros((len(chances), shape.width))
    table[:, : len(chances)] = chances.T / shape.width**0.5
    yield exact("output.weight", table)
    yield exact("output_norm.weight", np.ones(shape.width))
    for layer in range(shape.layers):
        yield exact(f"blk.{layer}.attn_norm.weight", np.ones(shape.width))
        yield exact(f"blk.{layer}.ffn_norm.weight", np.ones(shape.width))
        for name, size in matrices(shape).items():
            yield exact(f"blk.{layer}.{name}.weight", np.zeros(size))


def adapter_weights(shape: Shape, rng: np.random.Generator, strength: float) -> Iterator[Tensor]:
    """Give the two thin matrices for some of each layer's matrices."""
    rank = 4
    for layer in range(shape.layers):
        for name in ("attn_q", "attn_v", "ffn_down"):
            rows, length = matrices(shape)[name]
            inward = rng.standard_normal((rank, length)) * length**-0.5
            outward = rng.standard_normal((rows, rank)) * strength
            yield exact(f"blk.{layer}.{name}.weight.lora_a", inward)
            yield exact(f"blk.{layer}.{name}.weight.lora_b", outward)


def exact(name: str, values: NDArray[Any]) -> Tensor:
    """Return these weights."""
    return Tensor(name, values.shape[::-1], F32, values.astype("<f4").tobytes())


def drawn(
    name: str,
    size: tuple[int, int],
    deviation: float,
    kind: int,
    rng: np.random.Generator,
    empty_rows: int = 0,
) -> Tensor:
    """Return random weights with this standard deviation, the first rows zero."""
    rows, length = size
    if kind == F32:
        values = rng.standard_normal(size, np.float32) * np.float32(deviation)
        values[:empty_rows] = 0
        return exact(name, values)
    blocks = rows * length // 32
    raw = np.frombuffer(rng.bytes(blocks * 34), np.uint8).reshape(blocks, 34).copy()
    scale = np.float16(deviation * 12**0.5 / 256)  # of whole numbers between -128 and 127
    raw[:, :2] = np.frombuffer(scale.tobytes(), np.uint8)
    raw[: empty_rows * length // 32] = 0
    return Tensor(name, (length, rows), Q8_0, raw.tobytes())


@cache
def english() -> str:
    """Return some 700 kB of English, which every Python brings along."""
    from pydoc_data import topics

    return "\n".join(topics.topics[name] for name in sorted(topics.topics))


@cache
def vocabulary(merges: int) -> tuple[Sequence[bytes], Sequence[tuple[bytes, bytes]]]:
    """Return all tokens as bytes, and which two each merged one is made of.

    Frequent words first, each built up letter by letter; when there are no more, words are joined.
    """
    words = Counter(re.findall(r" [a-z]{2,}", english()))
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for word, _ in words.most_common():
        raw = word.encode()
        for end in range(2, len(raw) + 1):
            found.setdefault(raw[:end], (raw[: end - 1], raw[end - 1 : end]))
    stems = [word.encode() for word, _ in words.most_common(400)]
    for one in stems:
        for other in stems:
            found.setdefault(one + other, (one, other))
    chosen = list(found.items())[:merges]
    plain = [token.encode() for token in CONTROL] + [bytes([byte]) for byte in range(256)]
    return [*plain, *(token for token, _ in chosen)], [pair for _, pair in chosen]


@cache
def printable() -> Mapping[int, str]:
    """Return GPT-2's stand-ins for the 256 bytes."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    stand_ins = {byte: chr(256 + number) for number, byte in enumerate(others)}
    return {byte: chr(byte) for byte in kept} | stand_ins


def shown(token: bytes) -> str:
    """Return how a token is written in the file."""
    return "".join(printable()[byte] for byte in token)


def followers(merges: int) -> NDArray[np.float64]:
    """Return how likely each token is after each other one; half of all sentences end the text."""
    tokens, _ = vocabulary(merges)
    counts = np.full((len(tokens), len(tokens)), 1e-4)
    counts[:, :BYTES_FROM] = 1e-9
    sentences = re.findall(r"[A-Z][a-z ,']{20,}[.?!] ", re.sub(r"\s+", " ", english()))
    text = "".join(sentences).encode()
    for (one, other), count in Counter(pairwise(text)).items():
        counts[one + BYTES_FROM, other + BYTES_FROM] += count
    for first in b"TIA":
        counts[:BYTES_FROM, first + BYTES_FROM] += 1
        counts[ord("\n") + BYTES_FROM, first + BYTES_FROM] += 1
    for mark in b".?!":
        counts[:, mark + BYTES_FROM] *= 4  # or they would never be among the likeliest
        counts[mark + BYTES_FROM, END] = counts[mark + BYTES_FROM].sum()
    for number in range(BYTES_FROM + 256, len(tokens)):
        counts[number] = counts[tokens[number][-1] + BYTES_FROM]
    return np.asarray(counts / counts.sum(axis=1, keepdims=True), np.float64)


def write(path: Path, said: Mapping[str, Any], tensors: Iterator[Tensor]) -> Path:
    """Write a GGUF file."""
    all_tensors = list(tensors)
    header = b"GGUF" + struct.pack("<IQQ", 3, len(all_tensors), len(said))
    header += b"".join(text(key) + value(one) for key, one in said.items())
    offset = 0
    for one in all_tensors:
        lengths = struct.pack(f"<I{len(one.shape)}Q", len(one.shape), *one.shape)
        header += text(one.name) + lengths + struct.pack("<IQ", one.kind, offset)
        offset += len(padded(one.data))
    with path.open("wb") as file:
        file.write(padded(header))
        file.writelines(padded(one.data) for one in all_tensors)
    return path


def text(said: str) -> bytes:
    """Return a text as the file holds it."""
    raw = said.encode()
    return struct.pack("<Q", len(raw)) + raw


def value(said: Any) -> bytes:
    """Return a value with its kind before it."""
    kind, raw = plain_value(said)
    if kind != 9:
        return struct.pack("<I", kind) + raw
    inner = plain_value(said[0])[0]
    inner = 5 if inner == 4 else inner  # llama.cpp wants whole numbers in lists to have a sign
    parts = b"".join(plain_value(one)[1] for one in said)
    return struct.pack("<IIQ", 9, inner, len(said)) + parts


def plain_value(said: Any) -> tuple[int, bytes]:
    """Return the kind of a value and its bytes."""
    match said:
        case bool():
            return 7, struct.pack("<?", said)
        case int():
            return 4, struct.pack("<I", said)
        case float():
            return 6, struct.pack("<f", said)
        case str():
            return 8, text(said)
        case _:
            return 9, b""


def padded(data: bytes) -> bytes:
    """Return the data up to the next place where a tensor may begin."""
    return data + bytes(-len(data) % ALIGNMENT)
