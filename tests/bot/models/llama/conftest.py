"""Engines on models that the tests make themselves."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.models.llama.client import LocalModel
from bot.models.llama.engines import LocalEngines
from bot.models.llama.jobs import Job, Logprob, Piece, Sampling
from bot.models.llama.registry import LocalModelSettings
from bot.models.llama.settings import EngineSettings
from bot.models.opened import local_engines
from bot.settings import Settings
from tests import gguf_maker

PATIENCE = 60.0
"""Seconds after which a test gives up on a piece."""
CLOSE = 0.02
"""By how much log-probabilities may differ that are computed in different company."""


class Answer:
    """All pieces of one answer, put together."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def done(self) -> str | None:
        return self.pieces[-1].done

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)

    @property
    def logprobs(self) -> Sequence[Logprob]:
        return [one for piece in self.pieces for one in piece.logprobs]

    @property
    def reused(self) -> int:
        return self.pieces[-1].reused


def agree(one: Answer, other: Answer) -> bool:
    """Tell whether two answers are the same, up to where two tokens were as good as equal.

    Numbers that are added up in another order differ in their last digits. Both answers need
    log-probabilities of the two likeliest tokens.
    """
    for mine, theirs in zip(one.logprobs, other.logprobs, strict=True):
        (_, best), (_, second) = mine.top
        if mine.token != theirs.token:
            return best - second < CLOSE
        if abs(mine.logprob - theirs.logprob) > CLOSE:
            return False
    return one.text == other.text


class Asker:
    """An engine, and a patient reader of its answers."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.heard: list[Piece] = []

    def job(self, name: str, prompt: str | Sequence[int], **given: Any) -> Job:
        """Return a job; what `Job` does not know is meant for its sampling."""
        tokens = self.engine.tokenize(prompt, bos=True) if isinstance(prompt, str) else prompt
        own = {"group", "adapter", "deadline", "options"}
        sampling = {"temperature": 0.0, "max_tokens": 16, "top_logprobs": 2} | {
            key: value for key, value in given.items() if key not in own
        }
        rest = {key: value for key, value in given.items() if key in own}
        return Job(name, tokens, Sampling(**sampling), **rest)

    def ask(self, *jobs: Job) -> list[Answer]:
        """Submit jobs together and wait for all of them."""
        for job in jobs:
            self.engine.submit(job)
        return self.wait(*(job.job_id for job in jobs))

    def wait(self, *names: str) -> list[Answer]:
        """Wait until these jobs have ended."""
        answers: dict[str, Answer] = defaultdict(Answer)
        for piece in self.heard:
            answers[piece.job_id].pieces.append(piece)
        while not all(name in answers and answers[name].done for name in names):
            piece = self.next()
            answers[piece.job_id].pieces.append(piece)
        return [answers[name] for name in names]

    def next(self) -> Piece:
        """Wait for one piece of any job."""
        piece = self.engine.pieces().get(timeout=PATIENCE)
        self.heard.append(piece)
        return piece

    def say(self, name: str, prompt: str | Sequence[int], **given: Any) -> Answer:
        """Ask one thing."""
        return self.ask(self.job(name, prompt, **given))[0]


@pytest.fixture(scope="session", name="agree")
def the_same() -> Callable[[Answer, Answer], bool]:
    return agree


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with tiny, unruly and talking.gguf, and the adapters red and blue.gguf."""
    folder = tmp_path_factory.mktemp("models")
    gguf_maker.tiny(folder / "tiny.gguf")
    gguf_maker.tiny(folder / "unruly.gguf", unruly=True)
    gguf_maker.talking(folder / "talking.gguf")
    gguf_maker.adapter(folder / "red.gguf", seed=1)
    gguf_maker.adapter(folder / "blue.gguf", seed=2)
    return folder


@pytest.fixture
def open_engine(models: Path) -> Iterator[Callable[..., Asker]]:
    """Open engines on tiny.gguf, or another file of the folder; they are closed at the end."""
    if find_spec("llama_cpp") is None:
        pytest.skip("needs the extra `local`: make local")
    from bot.models.llama.engine import Engine

    opened = []

    def opening(file: str = "tiny.gguf", **given: Any) -> Asker:
        given.setdefault("context", 2048)
        engine = Engine(EngineSettings(path=models / file, **given))
        opened.append(engine)
        return Asker(engine)

    yield opening
    for engine in opened:
        engine.close()


@pytest.fixture
def llama() -> Callable[..., EngineSettings]:
    """Return settings for an engine in a process of its own; skips where llama.cpp is missing."""
    if find_spec("llama_cpp") is None:
        pytest.skip("needs the extra `local`: make local")
    return lambda path, **given: EngineSettings(path=path, **{"context": 4096, **given})


@pytest.fixture
def settings(models: Path, tmp_path: Path, llama: Any) -> Settings:
    """Return settings with a models.toml that names tiny and talking."""
    table = tmp_path / "models.toml"
    table.write_text(
        "".join(
            f'[{name}]\nfile = "{name}.gguf"\nmax_tokens = 40\n' for name in ("tiny", "talking")
        )
    )
    return Settings(data=tmp_path, models=table, models_folder=models)


@pytest.fixture
async def engines(settings: Settings) -> AsyncIterator[LocalEngines]:
    found = local_engines(settings)
    yield found
    await found.close()


@pytest.fixture
def local(engines: LocalEngines) -> Callable[..., LocalModel]:
    """Return a function that makes a model of a file in the folder."""

    def make(name: str, **given: Any) -> LocalModel:
        given = {"name": name, "file": f"{name}.gguf", **given}
        return LocalModel(LocalModelSettings.model_validate(given), engines)

    return make
