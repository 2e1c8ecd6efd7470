"""A local model behind OpenAI's interface, for other programs and bots of this machine.

It listens on loopback only, and answers no web page: not to its origin, nor to a name that a page
has let point here.
"""

import json
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.errors import OperatorError
from bot.models.llama import openai_shapes as shapes
from bot.models.llama.asking import DEADLINE, NotAccepted, Question, Unanswered
from bot.models.llama.client import LocalModel, in_words, whole
from bot.models.llama.engines import Loaded, LocalEngines
from bot.models.llama.grammar import NoGrammar
from bot.models.llama.openai_stream import Streamed
from bot.models.llama.registry import LocalModelSettings

HERE: Final = "127.0.0.1"
_NAMES: Final = frozenset({HERE, "localhost", "::1", "[::1]"})
_MOST_BYTES: Final = 16 << 20
_EVENTS: Final = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
_TOTALS: Final = frozenset({
    "tokens_in", "tokens_reused", "tokens_out", "jobs", "steps", "adapter_switches", "evicted",
    "spilled", "restored", "preempted", "grammar_checks", "grammar_refusals", "native_seconds",
    "busy_seconds", "restarts",
})  # fmt: skip
"""Figures that only grow; those of the worker begin anew with each of them."""

Shape = TypeVar("Shape", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves one model, also under NAME:ADAPTER with each of its adapters."""

    def __init__(self, settings: LocalModelSettings, engines: LocalEngines) -> None:
        self._settings, self._engines = settings, engines

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator[int]:
        """Serve until the end of the block; gives the port.  Raises OperatorError."""
        await self._engines.loaded(self._settings)
        app = web.Application(middlewares=[self._guarded], client_max_size=_MOST_BYTES)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/embeddings", self._embeddings)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/health", self._health)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=2)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HERE, port)
            await site.start()
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    @property
    def _names(self) -> list[str]:
        own = self._settings
        return [own.name, *(f"{own.name}:{adapter}" for adapter in own.adapters)]

    def _model(self, name: str, user: str = "") -> LocalModel:
        if name not in self._names:
            raise _refusal(404, f"There is no model {name[:80]!r} here; /v1/models has all.")
        _, _, adapter = name.partition(":")
        own = self._settings.model_copy(update={"adapter": adapter}) if adapter else self._settings
        return LocalModel(own, self._engines, user)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        asked = await _read(request, shapes.ChatRequest)
        model = self._model(asked.model, asked.user)
        loaded = await self._engines.loaded(model.settings)
        segments = await loaded.segments([message.plain for message in asked.messages])
        given = {"seed": random.getrandbits(31), **asked.sampling()}
        question = model.question(segments, **given, stops=(*asked.stops, *loaded.stops))
        if asked.stream:
            return await self._streamed(request, asked, loaded, question)
        said = await whole(loaded, question, time.monotonic() + self._settings.seconds)
        message = {"role": "assistant", "content": said.text, "refusal": None}
        choice = shapes.choice("message", message, said.logprobs, said.done)
        used = shapes.usage(said.prompt, said.tokens, said.reused)
        return web.json_response(shapes.chat(_answer_id(), asked.model, choice, used))

    async def _streamed(
        self, request: web.Request, asked: shapes.ChatRequest, loaded: Loaded, question: Question
    ) -> web.StreamResponse:
        """Send the parts as they come; `write` waits for whoever reads slowly."""
        with_usage = asked.stream_options is not None and asked.stream_options.include_usage
        told = Streamed(_answer_id(), asked.model, with_usage=with_usage)
        async with aclosing(loaded.process.stream(question, self._settings.seconds)) as parts:
            first = list(told.take(await anext(parts)))  # a refusal gets a status of its own
            response = web.StreamResponse(headers=_EVENTS)
            await response.prepare(request)
            try:
                for data in (told.begin(), *first):
                    await response.write(_event(data))
                async for part in parts:
                    for data in told.take(part):
                        await response.write(_event(data))
                await response.write(b"data: [DONE]\n\n")
            except (Unanswered, OperatorError) as why:
                await response.write(_event(shapes.error(self._told(why), "server_error")))
        return response

    async def _embeddings(self, request: web.Request) -> web.Response:
        asked = await _read(request, shapes.EmbeddingRequest)
        loaded = await self._engines.loaded(self._model(asked.model).settings)
        ends = time.monotonic() + self._settings.seconds
        found = [await loaded.process.embed(text, ends - time.monotonic()) for text in asked.texts]
        vectors, counts = zip(*found, strict=True)
        return web.json_response(
            shapes.embeddings(asked.model, vectors, asked.encoding_format, sum(counts))
        )

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response(shapes.models(self._names))

    async def _health(self, _: web.Request) -> web.Response:
        """Tell whether the model itself answers."""
        try:
            loaded = await self._engines.loaded(self._settings)
            found = await loaded.process.metrics(2.0)
        except (Unanswered, OperatorError):
            return web.json_response({"status": "unavailable"}, status=503)
        told = {name: found[name] for name in ("active", "queued", "restarts")}
        return web.json_response({"status": "ok", "model": self._settings.name, **told})

    async def _metrics(self, _: web.Request) -> web.Response:
        loaded = await self._engines.loaded(self._settings)
        found = await loaded.process.metrics()
        return web.Response(text=exposed(self._settings.name, found))

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let only programs of this machine in, and tell everything that goes wrong as JSON."""
        host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
        if host not in _NAMES or "Origin" in request.headers:
            return web.json_response(shapes.error("Web pages are not served."), status=403)
        try:
            return await handler(request)
        except web.HTTPException as why:
            if why.content_type == "application/json":
                raise
            return web.json_response(shapes.error(f"{why.reason}."), status=why.status)
        except NoGrammar as why:
            return web.json_response(shapes.error(str(why)), status=400)
        except (Unanswered, OperatorError) as why:
            kind = "invalid_request_error" if isinstance(why, NotAccepted) else "server_error"
            return web.json_response(shapes.error(self._told(why), kind), status=_status(why))

    def _told(self, why: Unanswered | OperatorError) -> str:
        """Return a sentence that says why there is no answer."""
        if isinstance(why, OperatorError):
            return str(why)
        return f"The model {self._settings.name} {in_words(why, self._settings.seconds)}."


def _status(why: Unanswered | OperatorError) -> int:
    if isinstance(why, NotAccepted):
        return 400
    return 504 if str(why) == DEADLINE else 503


def exposed(model: str, figures: Mapping[str, float]) -> str:
    """Return figures in the text format of Prometheus."""
    lines = []
    for name, value in figures.items():
        full = f"parlour_model_{name}" + ("_total" if name in _TOTALS else "")
        lines.append(f"# TYPE {full} {'counter' if name in _TOTALS else 'gauge'}")
        lines.append(f'{full}{{model="{model}"}} {value}')
    return "\n".join([*lines, ""])


async def _read(request: web.Request, shape: type[Shape]) -> Shape:
    if request.content_type != "application/json":
        raise _refusal(415, "The request needs the content type application/json.")
    try:
        return shape.model_validate_json(await request.read())
    except ValidationError as why:
        fault = why.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise _refusal(400, f"{where or 'The request'}: {fault['msg']}.") from None


def _answer_id() -> str:
    return f"chatcmpl-{secrets.token_hex(12)}"


def _event(data: object) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def _refusal(status: int, said: str) -> web.HTTPException:
    kind = {400: web.HTTPBadRequest, 404: web.HTTPNotFound, 415: web.HTTPUnsupportedMediaType}
    body = json.dumps(shapes.error(said))
    return kind[status](text=body, content_type="application/json")
