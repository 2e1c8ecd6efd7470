"""The OpenAI SDK as Parlour uses it: one request, no retries, no redirects, bounded errors.

Importing this takes over a second, so it happens at a model's first call.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import httpx2
import openai

from bot.models.config import ModelSettings
from bot.models.faults import Fault, of_status
from bot.models.reply import MAX_BYTES, Reply

ERROR_BYTES: Final = 64_000
"""Read of the page that comes with an error; the SDK alone would read it without end."""
NO_KEY: Final = "none"
"""Sent where no key is set, or the SDK would send the one in OPENAI_API_KEY to any server."""


class Connection:
    """The way to one model's server."""

    def __init__(self, settings: ModelSettings) -> None:
        key = settings.key()
        self._server = settings.server
        self.secrets = {text for text in settings.headers.values() if len(text) > 5}
        """What no error may show."""
        if key:
            self.secrets.add(key)
        headers: dict[str, Any] = {
            "OpenAI-Organization": openai.Omit(),  # these two would come from the environment,
            "OpenAI-Project": openai.Omit(),  # whoever runs the server
            **settings.headers,
        }
        self._client = openai.AsyncOpenAI(
            api_key=key or NO_KEY,
            admin_api_key="",
            base_url=settings.base_url,
            timeout=settings.seconds,
            max_retries=0,
            default_headers=headers,
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False, event_hooks={"response": [_shorten_error]}
            ),
        )
        self._chat = self._client.chat.completions.with_streaming_response.create
        self._go_on = self._client.completions.with_streaming_response.create

    async def send(self, request: Mapping[str, Any], optional: set[str], reply: Reply) -> None:
        """Send one request and read its answer into `reply`; one with a "prompt" goes on with it.

        `optional` names the parts of the request that may be left out. Raises Fault.
        """
        with self._faults([part for part in request if part in optional]):
            create: Any = self._go_on if "prompt" in request else self._chat
            async with create(**request) as response:
                await reply.read(response.iter_bytes())

    async def embed(self, model: str, texts: Sequence[str]) -> bytes:
        """Return the body of the answer to a request for embeddings.  Raises Fault."""
        body = bytearray()
        create = self._client.embeddings.with_streaming_response.create
        with self._faults(()):
            async with create(model=model, input=list(texts), encoding_format="float") as response:
                async for part in response.iter_bytes():
                    body += part
                    if len(body) > MAX_BYTES:
                        raise Fault("sent far more than embeddings; look at the server")
        return bytes(body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @contextmanager
    def _faults(self, sent: Iterable[str]) -> Iterator[None]:
        """Raise what the SDK raises as a Fault; `sent` names what could be left out."""
        try:
            yield
        except openai.APIStatusError as why:
            raise of_status(
                why.status_code, why.response.headers, why.body, sent, self.secrets
            ) from None
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as why:
            if isinstance(why.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout):
                said = f"cannot be reached at {self._server}; start its server or correct base_url"
            else:
                said = "broke off the connection; look at the server's log"
            raise Fault(said, again=True) from None


async def _shorten_error(response: httpx2.Response) -> None:
    if not response.is_success:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Shortened(response.stream)


class _Shortened(httpx2.AsyncByteStream):
    """The beginning of a body."""

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._body:
            yield part[: ERROR_BYTES - read]
            read += len(part)
            if read >= ERROR_BYTES:
                return

    async def aclose(self) -> None:
        await self._body.aclose()
