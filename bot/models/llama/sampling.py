"""Choosing tokens: a chain of llama.cpp's samplers, and a grammar that is asked afterwards.

Masking a whole vocabulary with a grammar takes milliseconds. So a token is chosen first, and only
where the grammar refuses it are others masked: at first those near the top, and all of them where
the ones near the top do not settle it.
"""

import codecs
import ctypes
import math
import time
from collections.abc import Sequence
from random import Random
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.models.llama.jobs import Logprob, Sampling
from bot.models.llama.library import lib
from bot.models.llama.metrics import Counts
from bot.models.llama.native import Context, Floats, Model

NEAR_THE_TOP: Final = 1024
"""Tokens that are masked first."""
REMEMBERED: Final = 64
"""Tokens back to which repeat_penalty looks."""
_CANDIDATE: Final = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
Candidates = NDArray[Any]


class NoNumbers(ArithmeticError):
    """The model has computed something that llama.cpp's samplers may abort the process over."""


class Sampler:
    """Chooses the tokens of one answer.  Raises ValueError for a grammar that cannot be read."""

    def __init__(self, model: Model, sampling: Sampling, prompt: Sequence[int]) -> None:
        self._model, self._sampling = model, sampling
        self._grammar: Any = None
        self._begun_character = b""
        if sampling.grammar is not None:
            rules = sampling.grammar.encode("utf-8", "replace")
            self._grammar = lib.llama_sampler_init_grammar(model.vocabulary, rules, b"root")
            if not self._grammar:
                raise ValueError("the grammar cannot be read")
        self._chain = _chain(model, sampling)
        if sampling.repeat_penalty != 1:
            for token in prompt[-REMEMBERED:]:
                lib.llama_sampler_accept(self._chain, token)

    def choose(self, context: Context, place: int, counts: Counts) -> int | None:
        """Return the next token; None where the grammar allows none.  Raises NoNumbers."""
        if math.isnan(lib.llama_get_logits_ith(context.handle, place)[0]):
            raise NoNumbers("the model's answer is not made of numbers; its file may be damaged")
        if self._grammar is None:
            began = time.perf_counter()
            token: int = lib.llama_sampler_sample(self._chain, context.handle, place)
            counts.native_seconds += time.perf_counter() - began
            return token
        return self._choose_allowed(context.logits(place), counts)

    def close(self) -> None:
        """Free what llama.cpp keeps."""
        lib.llama_sampler_free(self._chain)
        if self._grammar is not None:
            lib.llama_sampler_free(self._grammar)

    def _choose_allowed(self, logits: Floats, counts: Counts) -> int | None:
        token: int | None = self._pick(_candidates(logits))
        counts.grammar_checks += 1
        if token is None or not self._allows(token):
            counts.grammar_refusals += 1
            token = self._choose_masked(logits)
        if token is not None:  # the grammar aborts the process over a token that it has refused
            lib.llama_sampler_accept(self._grammar, token)
            lib.llama_sampler_accept(self._chain, token)
            self._begun_character = self._characters_after(token) or b""
        return token

    def _allows(self, token: int) -> bool:
        if self._model.unwritten[token] or self._characters_after(token) is None:
            return False  # llama.cpp would take its name for text, or its bytes for a character
        one = np.zeros(1, _CANDIDATE)
        one["id"], one["logit"] = token, 1.0
        _apply(self._grammar, one)
        return bool(np.isfinite(one["logit"][0]))

    def _characters_after(self, token: int) -> bytes | None:
        """Return the bytes of a character that a token leaves unfinished; None for no UTF-8.

        llama.cpp reads overlong forms as the characters they stand for.
        """
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(self._begun_character + self._model.piece(token))
        except UnicodeDecodeError:
            return None
        begun = decoder.getstate()[0]
        surrogate = begun[:1] == b"\xed" and begun[1:] >= b"\xa0"  # refused a byte later, too late
        return None if surrogate else begun

    def _choose_masked(self, logits: Floats) -> int | None:
        """Pick the first token that is both allowed and UTF-8."""
        while (token := self._pick_masked(logits)) is not None:
            if self._characters_after(token) is not None:
                return token
            logits = logits.copy()
            logits[token] = -np.inf
        return None

    def _pick_masked(self, logits: Floats) -> int | None:
        """Pick among the allowed tokens, as if all had been masked."""
        if len(logits) > NEAR_THE_TOP:
            near = np.argpartition(logits, -NEAR_THE_TOP)[-NEAR_THE_TOP:].astype(np.int32)
            allowed = self._masked(_candidates(logits, np.sort(near)))
            if len(allowed) and self._settles(allowed["logit"].max(), logits[near].min()):
                return self._pick(allowed)
        return self._pick(self._masked(_candidates(logits)))

    def _settles(self, best: float, threshold: float) -> bool:
        """Tell whether no token below the threshold would be chosen beside the best one."""
        sampling = self._sampling
        if sampling.repeat_penalty != 1:
            return False
        if sampling.temperature == 0:
            return True
        return sampling.min_p > 0 and threshold < best + math.log(sampling.min_p)

    def _masked(self, candidates: Candidates) -> Candidates:
        candidates = candidates[~self._model.unwritten[candidates["id"]]]
        _apply(self._grammar, candidates)
        return np.ascontiguousarray(candidates[np.isfinite(candidates["logit"])])

    def _pick(self, candidates: Candidates) -> int | None:
        if not len(candidates):
            return None
        array = _apply(self._chain, candidates)
        token: int = array.data[array.selected].id
        return token


def logprob_of(model: Model, token: int, logits: Floats, top: int) -> Logprob:
    """Return a token's log-probability, and those of the likeliest tokens."""
    logprobs = log_softmax(logits)
    found = np.argpartition(-logprobs, top)[:top]
    likeliest = sorted(found.tolist(), key=lambda one: -logprobs[one])
    return Logprob(
        token=token,
        text=model.name_of(token),
        logprob=float(logprobs[token]),
        top=[(model.name_of(one), float(logprobs[one])) for one in likeliest],
    )


def log_softmax(logits: Floats) -> NDArray[np.float64]:
    """Return natural log-probabilities, [vocabulary] or [n, vocabulary]."""
    wide = logits.astype(np.float64)
    wide -= wide.max(axis=-1, keepdims=True)
    return np.asarray(wide - np.log(np.exp(wide).sum(axis=-1, keepdims=True)), np.float64)


def _chain(model: Model, sampling: Sampling) -> Any:
    """Return the samplers in the order that llama.cpp's own programs keep."""
    members = []
    if sampling.repeat_penalty != 1:
        size, penalty = model.vocabulary_size, sampling.repeat_penalty
        members.append(lib.llama_sampler_init_penalties(size, REMEMBERED, penalty, 0.0, 0.0))
    if sampling.temperature == 0:
        members.append(lib.llama_sampler_init_greedy())
    else:
        seed = Random().getrandbits(32) if sampling.seed is None else sampling.seed
        members += [
            lib.llama_sampler_init_top_k(sampling.top_k),
            lib.llama_sampler_init_top_p(sampling.top_p, 1),
            lib.llama_sampler_init_min_p(sampling.min_p, 1),
            lib.llama_sampler_init_temp(sampling.temperature),
            lib.llama_sampler_init_dist(seed % 0xFFFFFFFF),  # the last number means a random one
        ]
    chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    for member in members:
        lib.llama_sampler_chain_add(chain, member)
    return chain


def _candidates(logits: Floats, tokens: NDArray[np.int32] | None = None) -> Candidates:
    ids = np.arange(len(logits), dtype=np.int32) if tokens is None else tokens
    made = np.zeros(len(ids), _CANDIDATE)
    made["id"] = ids
    made["logit"] = logits if tokens is None else logits[tokens]
    return made


def _apply(sampler: Any, candidates: Candidates) -> Any:
    """Let a sampler work on candidates in place; what it returns says what it has selected."""
    data = ctypes.cast(candidates.ctypes.data, ctypes.POINTER(lib.llama_token_data))
    array = lib.llama_token_data_array(data=data, size=len(candidates), selected=-1, sorted=False)
    lib.llama_sampler_apply(sampler, ctypes.byref(array))
    return array
