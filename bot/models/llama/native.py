"""A model and a context of llama.cpp, with plain names."""

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.models.llama.batch import Batch
from bot.models.llama.header import BrokenModel
from bot.models.llama.library import complaint, forget_complaints, lib
from bot.models.llama.signs import give_signs

Floats = NDArray[np.float32]
_HIDDEN: Final = lib.LLAMA_TOKEN_ATTR_UNKNOWN | lib.LLAMA_TOKEN_ATTR_CONTROL


class Model:
    """The weights and the vocabulary of one file.  Raises BrokenModel."""

    def __init__(self, path: Path, gpu_layers: int) -> None:
        wanted = lib.llama_model_default_params()
        wanted.n_gpu_layers = gpu_layers
        forget_complaints()
        self.handle = lib.llama_model_load_from_file(str(path).encode(), wanted)
        if not self.handle:
            raise BrokenModel(f"The model {path.name} cannot be loaded: {complaint()}.")
        self.vocabulary = lib.llama_model_get_vocab(self.handle)
        self.vocabulary_size: int = lib.llama_vocab_n_tokens(self.vocabulary)
        self.trained_context: int = lib.llama_model_n_ctx_train(self.handle)
        self.width: int = lib.llama_model_n_embd_out(self.handle)
        self.adds_bos: bool = lib.llama_vocab_get_add_bos(self.vocabulary)
        self.bos: int = lib.llama_vocab_bos(self.vocabulary)
        self.eos: int = lib.llama_vocab_eos(self.vocabulary)
        self.writes: bool = lib.llama_model_has_decoder(self.handle) and not bool(
            lib.llama_model_has_encoder(self.handle)
        )
        """Whether it continues a text, as models that only embed texts or translate do not."""
        self.cuts: bool = not (
            lib.llama_model_is_recurrent(self.handle) or lib.llama_model_is_hybrid(self.handle)
        )
        """Whether a part of a conversation can be kept; recurrent states are whole or nothing."""
        self._pieces: dict[int, bytes] = {}
        hidden = [
            lib.llama_vocab_get_attr(self.vocabulary, token) & _HIDDEN and not self.ends(token)
            for token in range(self.vocabulary_size)
        ]
        self.unwritten: NDArray[np.bool_] = np.array(hidden, np.bool_)
        """Control tokens that do not end an answer: no text comes of them, [vocabulary]."""

    def adapter(self, path: Path) -> Any:
        """Load a LoRA adapter and return its handle.  Raises BrokenModel."""
        forget_complaints()
        handle = lib.llama_adapter_lora_init(self.handle, str(path).encode())
        if not handle:
            raise BrokenModel(f"The adapter {path.name} cannot be loaded: {complaint()}.")
        return handle

    def tokenize(self, text: str, *, special: bool, bos: bool) -> list[int]:
        """Return the tokens of a text; control tokens are read in it only where `special`."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        while True:
            found = (ctypes.c_int32 * room)()
            count: int = lib.llama_tokenize(
                self.vocabulary, raw, len(raw), found, room, bos, special
            )
            if count >= 0:
                return list(found[:count])
            room = -count

    def piece(self, token: int) -> bytes:
        """Return the bytes that a token stands for; none for a control token."""
        if token not in self._pieces:
            self._pieces[token] = self._written(token, special=False)
        return self._pieces[token]

    def name_of(self, token: int) -> str:
        """Return how a token is written, control tokens included; nothing where there is none."""
        return self._written(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def ends(self, token: int) -> bool:
        """Tell whether an answer ends with this token."""
        return bool(lib.llama_vocab_is_eog(self.vocabulary, token))

    def chat_template(self) -> str | None:
        """Return the Jinja template that the file brings along, unrendered."""
        found = lib.llama_model_chat_template(self.handle, None)
        return found.decode("utf-8", "replace") if found else None

    def close(self) -> None:
        """Free the weights, and the adapters with them."""
        lib.llama_model_free(self.handle)

    def _written(self, token: int, *, special: bool) -> bytes:
        size = 64
        while True:
            found = ctypes.create_string_buffer(size)
            count: int = lib.llama_token_to_piece(self.vocabulary, token, found, size, 0, special)
            if count >= 0:
                return found.raw[:count]
            size = -count


class Context:
    """The memory of many conversations with one model, and what computes them."""

    def __init__(self, model: Model, **wanted: Any) -> None:
        settings = lib.llama_context_default_params()
        for name, value in {"kv_unified": True, "no_perf": True, **wanted}.items():
            setattr(settings, name, value)
        forget_complaints()
        self.handle = lib.llama_init_from_model(model.handle, settings)
        if not self.handle:
            raise BrokenModel(f"There is no room for the context: {complaint()}.")
        give_signs(self.handle)
        self.model = model
        self.cells: int = lib.llama_n_ctx(self.handle)
        self._memory = lib.llama_get_memory(self.handle)

    def decode(self, batch: Batch) -> int:
        """Compute a batch; 0 done, 1 nothing done for want of room, anything else fatal."""
        code: int = lib.llama_decode(self.handle, batch.native)
        return code

    def logits(self, place: int) -> Floats:
        """Return the logits at a place of the batch, [vocabulary]; good until the next decode."""
        found = lib.llama_get_logits_ith(self.handle, place)
        return np.ctypeslib.as_array(found, shape=(self.model.vocabulary_size,))

    def copy(self, source: int, target: int, count: int) -> None:
        """Let a sequence share the first tokens of another one; nothing is computed or moved."""
        lib.llama_memory_seq_cp(self._memory, source, target, 0, count)

    def cut(self, sequence: int, count: int) -> None:
        """Forget a sequence but for its first tokens."""
        lib.llama_memory_seq_rm(self._memory, sequence, count if count else -1, -1)

    def save(self, sequence: int) -> NDArray[np.uint8]:
        """Return the state of a sequence as bytes."""
        size = lib.llama_state_seq_get_size(self.handle, sequence)
        kept = np.empty(size, np.uint8)
        size = lib.llama_state_seq_get_data(self.handle, _bytes_of(kept), size, sequence)
        return kept[:size]

    def restore(self, sequence: int, state: NDArray[np.uint8]) -> bool:
        """Put a saved state into an empty sequence; False where there is no room for it."""
        done = lib.llama_state_seq_set_data(self.handle, _bytes_of(state), len(state), sequence)
        return bool(done)

    def use(self, adapters: Sequence[tuple[Any, float]]) -> None:
        """Compute with these adapters and scales from now on."""
        handles = (lib.llama_adapter_lora_p_ctypes * len(adapters))(*(a for a, _ in adapters))
        scales = (ctypes.c_float * len(adapters))(*(scale for _, scale in adapters))
        lib.llama_set_adapters_lora(self.handle, handles, len(adapters), scales)

    def embedding(self, places: Sequence[int]) -> Floats:
        """Return what the model makes of sequence 0, [width]: a mean, if it cannot pool itself."""
        if lib.llama_pooling_type(self.handle) == lib.LLAMA_POOLING_TYPE_NONE:
            each = [lib.llama_get_embeddings_ith(self.handle, place) for place in places]
            rows = [np.ctypeslib.as_array(row, shape=(self.model.width,)) for row in each]
            return np.asarray(np.mean(rows, axis=0), np.float32)
        row = lib.llama_get_embeddings_seq(self.handle, 0)
        return np.ctypeslib.as_array(row, shape=(self.model.width,)).copy()

    def close(self) -> None:
        """Free the memory."""
        lib.llama_free(self.handle)


def _bytes_of(data: NDArray[np.uint8]) -> Any:
    return data.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
