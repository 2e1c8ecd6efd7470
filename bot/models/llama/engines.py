"""The workers of all local models: whoever needs the same file shares one of them."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import OperatorError
from bot.models.llama.folder import ModelsFolder
from bot.models.llama.header import trained_context
from bot.models.llama.process import CHANGED, EngineProcess
from bot.models.llama.registry import CHATML, Adapter, LocalModelSettings
from bot.models.llama.settings import EngineSettings, Facts
from bot.models.llama.stamps import Stamps, agree
from bot.models.llama.worker import NOT_INSTALLED

if TYPE_CHECKING:  # it needs jinja2, which comes with the extra `local`
    from bot.models.llama.templates import ChatTemplate

Message = Mapping[str, str]


class Loaded:
    """A model that is ready to be asked, with its template."""

    def __init__(
        self,
        process: EngineProcess,
        stamps: Stamps,
        facts: Facts,
        template: "ChatTemplate",
        stops: Sequence[str],
    ) -> None:
        self.process, self.stamps, self.facts = process, stamps, facts
        self.stops = tuple(stops)
        """Texts at which an answer ends that the model itself may not know as ends."""
        self._template = template
        self._rendering = asyncio.Lock()

    async def segments(self, messages: Sequence[Message]) -> list[tuple[str, bool]]:
        """Return a prompt; in a thread, as nobody knows what a template does.

        Raises OperatorError.
        """
        today = datetime.now(UTC).astimezone().date()
        async with self._rendering:
            found = await asyncio.to_thread(self._template.segments, messages, today)
        return [(segment.text, segment.special) for segment in found]


class LocalEngines:
    """Owns the workers; `tables` gives the models of models.toml, some of which share a file.

    `spill` is a folder for conversations that have to leave a cache.
    """

    def __init__(
        self,
        folder: ModelsFolder,
        tables: Callable[[], Mapping[str, object]] = dict,
        spill: Path | None = None,
    ) -> None:
        self._folder = folder
        self._tables = tables
        self._spill = spill
        self._processes: list[EngineProcess] = []
        self._loaded: dict[str, Loaded] = {}
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By file; a checksum may take long, and models of other files need not wait for it."""

    def fitting(self, model: LocalModelSettings) -> LocalModelSettings:
        """Return a model's settings, its prompts no longer than its file has learnt to read.

        A file that is not there is told of by whoever asks the model.
        """
        try:
            trained = trained_context(self._folder.file(model.file))
        except OperatorError:
            return model
        room = _room_of_prompts(trained, model.max_tokens) if trained else model.context
        return model.model_copy(update={"context": min(model.context, room)})

    async def loaded(self, model: LocalModelSettings) -> Loaded:
        """Wait until a model is ready.  Raises OperatorError with the file and the reason."""
        key = model.model_dump_json()
        async with self._opening[model.file]:
            stamps = await asyncio.to_thread(self._folder.stamps, model)
            found = self._loaded.get(key)
            if found and found.stamps == stamps and found.process in self._processes:
                return found
            process = await self._process(model, stamps)
        facts = await process.opened()
        template, stops = await asyncio.to_thread(self._template, model, facts)
        self._loaded[key] = Loaded(process, stamps, facts, template, stops)
        return self._loaded[key]

    async def close(self) -> None:
        """End all workers."""
        await asyncio.gather(*(process.close() for process in self._processes))

    async def _process(self, model: LocalModelSettings, stamps: Stamps) -> EngineProcess:
        """Return the process for a model, its checksum compared.  Raises OperatorError."""
        if find_spec("llama_cpp") is None:
            raise OperatorError(NOT_INSTALLED)
        own = await asyncio.to_thread(self._settings, model)
        process = next((one for one in self._processes if one.settings.path == own.path), None)
        if process is not None and not agree(process.stamps, stamps):
            self._processes.remove(process)
            await process.close(CHANGED)
            process = None
        if process is not None and _both(process.settings, own) == process.settings:
            return process
        wanted, stamps = await asyncio.to_thread(self._together, model, own, stamps)
        if process is not None:
            process.reopen(_both(process.settings, wanted), {**stamps, **process.stamps})
            return process
        self._processes.append(EngineProcess(wanted, stamps))
        return self._processes[-1]

    def _settings(self, model: LocalModelSettings) -> EngineSettings:
        """Return what opens a model alone, its checksum compared.  Raises OperatorError."""
        found = self._folder.engine_settings(_named(model))
        spill = self._spill if model.spill else None
        return replace(found, spill=spill, spill_bytes=model.spill << 20)

    def _together(
        self, model: LocalModelSettings, own: EngineSettings, stamps: Stamps
    ) -> tuple[EngineSettings, Stamps]:
        """Return what serves a model and all others with its file, and all their files."""
        for other in self._tables().values():
            if isinstance(other, LocalModelSettings) and other.file == model.file:
                with suppress(OperatorError):  # told to whoever asks that other model
                    stamps = {**self._folder.stamps(other), **stamps}
                    own = _both(own, self._settings(_unchecked(other)))
        return own, stamps

    def _template(
        self, model: LocalModelSettings, facts: Facts
    ) -> tuple["ChatTemplate", Sequence[str]]:
        from bot.models.llama.templates import ChatTemplate

        source = self._folder.template(model) or facts.chat_template
        chatml = source in (None, CHATML)
        template = ChatTemplate(None if chatml else source, model.file, facts.bos, facts.eos)
        return template, ("<|im_end|>",) if chatml else ()


def _room_of_prompts(trained: int, answer: int) -> int:
    """Return the tokens that prompts may have where a conversation has so many in all.

    Prompts are measured in characters, four to a token: many languages need more tokens than that.
    """
    return (trained - min(answer, trained // 2)) * 3 // 4


def adapter_name(adapter: Adapter) -> str:
    """Return what the engine calls an adapter, whichever model names it."""
    return f"{adapter.file} {adapter.scale:g}"


def _both(one: EngineSettings, other: EngineSettings) -> EngineSettings:
    """Return the first settings, with room for what the second ones want."""
    return replace(
        one,
        context=max(one.context, other.context),
        sequences=max(one.sequences, other.sequences),
        adapters={**other.adapters, **one.adapters},
        spill=one.spill or other.spill,
        spill_bytes=max(one.spill_bytes, other.spill_bytes),
    )


def _unchecked(model: LocalModelSettings) -> LocalModelSettings:
    """Return a model whose checksum is compared only when it is asked itself."""
    return model.model_copy(update={"sha256": None})


def _named(model: LocalModelSettings) -> LocalModelSettings:
    """Return a model whose adapters have the engine's names for them."""
    adapters = {adapter_name(adapter): adapter for adapter in model.adapters.values()}
    return model.model_copy(update={"adapters": adapters})
