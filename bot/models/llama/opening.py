"""Opening a model: refuse what is broken, take as much of the GPU as there is, try one token."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bot.models.llama.batch import Batch
from bot.models.llama.header import BrokenModel, read_header
from bot.models.llama.library import lib
from bot.models.llama.native import Context, Model
from bot.models.llama.scoring import AT_ONCE
from bot.models.llama.settings import EngineSettings, Facts

_SHARES: Final = (4, 3, 2, 1, 0)
"""Quarters of the layers that are tried on a GPU that has not enough memory for all of them."""


@dataclass(frozen=True)
class Opened:
    """A model that is ready to answer."""

    model: Model
    context: Context
    adapters: Mapping[str, tuple[Any, float]]
    facts: Facts
    outputs: int
    """How many logits one batch may ask for."""

    def close(self) -> None:
        """Free everything."""
        self.context.close()
        self.model.close()


def open_model(settings: EngineSettings) -> Opened:
    """Load the file and its adapters.  Raises BrokenModel with the file's name and the reason."""
    header = read_header(settings.path)
    for file, _ in settings.adapters.values():
        read_header(file)
    # llama.cpp ends the process where there is less room for logits than for conversations.
    outputs = max(settings.sequences + AT_ONCE, 4 * AT_ONCE)
    model, context = _load(settings, outputs, _layers(header.values))
    try:
        adapters = {
            name: (model.adapter(file), scale) for name, (file, scale) in settings.adapters.items()
        }
        _try_out(settings, model, context)
    except BrokenModel:
        context.close()
        model.close()
        raise
    longest = min(context.cells, model.trained_context or context.cells)
    facts = Facts(
        name=str(header.values.get("general.name") or settings.path.stem),
        chat_template=model.chat_template(),
        bos=model.name_of(model.bos),
        eos=model.name_of(model.eos),
        adds_bos=model.adds_bos,
        vocabulary=model.vocabulary_size,
        trained_context=model.trained_context,
        longest=longest,
        only_embeds=_only_embeds(header.values),
    )
    return Opened(model, context, adapters, facts, outputs)


def threads(settings: EngineSettings) -> int:
    """Return how many threads compute."""
    if settings.threads is not None:
        return settings.threads
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _load(settings: EngineSettings, outputs: int, layers: int) -> tuple[Model, Context]:
    """Load with as many layers on the GPU as there is room for, where that is left open."""
    tried = [settings.gpu_layers]
    if settings.gpu_layers < 0 and lib.llama_supports_gpu_offload():
        tried = [-1 if share == 4 else layers * share // 4 for share in _SHARES]
    for on_gpu in tried:
        try:
            model = Model(settings.path, on_gpu)
        except BrokenModel:
            if on_gpu == tried[-1]:
                raise
            continue
        try:
            return model, _context(settings, model, outputs)
        except BrokenModel:
            model.close()
            if on_gpu == tried[-1]:
                raise
    raise AssertionError("the last try has returned or raised")


def _context(settings: EngineSettings, model: Model, outputs: int) -> Context:
    return Context(
        model,
        n_ctx=settings.context,
        n_batch=settings.batch,
        n_ubatch=settings.batch,
        n_seq_max=settings.sequences + AT_ONCE,
        n_outputs_max=outputs,
        n_threads=threads(settings),
        n_threads_batch=threads(settings),
    )


def _layers(values: Mapping[str, Any]) -> int:
    found = values.get(f"{values['general.architecture']}.block_count", 0)
    return int(found)


def _only_embeds(values: Mapping[str, Any]) -> bool:
    """Return whether a file says that its tokens see later ones, or that it pools them."""
    family = values["general.architecture"]
    causal, pooling = values.get(f"{family}.attention.causal"), values.get(f"{family}.pooling_type")
    return causal is False or bool(pooling)


def _try_out(settings: EngineSettings, model: Model, context: Context) -> None:
    """Compute one token, so that weights that are no numbers are found before anybody asks."""
    if not model.writes:
        raise BrokenModel(f"The model {settings.path.name} cannot be used: it writes no text.")
    batch = Batch(1)
    batch.add([max(model.bos, 0)], 0, 0, wanted="last")
    if context.decode(batch) or not np.isfinite(context.logits(0)).all():
        said = "it computes no numbers, so its file is damaged; load it down again"
        raise BrokenModel(f"The model {settings.path.name} cannot be used: {said}.")
    context.cut(0, 0)
