"""A hub of model files: where it has a file, what it says about it, and where it sends on to.

Source: huggingface.co's addresses and its headers X-Linked-Etag (SHA-256 of a big file) and
X-Linked-Size; HTTP ranges, RFC 9110 section 14.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import aiohttp

from bot.errors import OperatorError
from games.core import quoted

MOST_REDIRECTS: Final = 5
AGAIN: Final = "Give the same command again: it goes on where it stopped."
RANGE: Final = re.compile(r"bytes (?P<first>\d+)-\d+/(?P<all>\d+|\*)")
_REPO: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_FILE: Final = re.compile(r"(?:[A-Za-z0-9][\w.+-]{0,95}/){0,4}[A-Za-z0-9][\w.+-]{0,150}", re.ASCII)
_SPLIT: Final = re.compile(r"-\d{5}-of-\d{5}\.gguf$", re.ASCII | re.IGNORECASE)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Source:
    """What a hub says about a file before it sends it."""

    tag: str
    """Changes when the file does; a SHA-256 for big files. Empty where it says nothing."""
    size: int | None

    @property
    def sha256(self) -> str | None:
        """The checksum, where the hub has told it."""
        return self.tag if _SHA256.fullmatch(self.tag) else None


def address_of(hub: str, repo: str, file: str) -> str:
    """Return where a hub has a file of a repository.  Raises OperatorError."""
    if not _REPO.fullmatch(repo) or ".." in repo:
        raise OperatorError(f"{quoted(repo)} is no repository; it looks like owner/name.")
    if not _FILE.fullmatch(file) or ".." in file or not file.lower().endswith(".gguf"):
        raise OperatorError(f"{quoted(file)} is no file that can be a model; it ends in .gguf.")
    if _SPLIT.search(file):
        raise OperatorError(
            f"{quoted(file)} is one part of a split file; take one of the repository that is whole."
        )
    address = f"{hub.rstrip('/')}/{repo}/resolve/main/{quote(file)}"
    if not _is_trusted(address, address):
        raise OperatorError("PARLOUR_MODELS_HUB must begin with https://.")
    return address


def _is_trusted(address: str, hub: str) -> bool:
    """Return whether a file may come from an address: by HTTPS, or where all is on loopback."""
    there, here = urlsplit(address), urlsplit(hub)
    if there.scheme == "https":
        return bool(there.hostname)
    return there.scheme == "http" and {there.hostname, here.hostname} <= _LOOPBACK


class Hub:
    """Sends requests for one file, and follows where they lead."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self._session = session
        self._address = address
        self._token = token

    async def open(self, offset: int) -> tuple[aiohttp.ClientResponse, Source]:
        """Return what answers for the bytes from `offset` on.  Raises OperatorError."""
        address, told = self._address, dict[str, str]()
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._session.get(
                address, headers=self._headers(address, offset), allow_redirects=False
            )
            if self._is_hub(address):  # it knows best, if not at once: a repository may have moved
                told = _linked(response) | told
            if response.status not in (301, 302, 303, 307, 308):
                return response, _source(told, response)
            response.release()
            address = urljoin(address, response.headers.get("Location", ""))
            if not _is_trusted(address, self._address):
                raise OperatorError("The hub sends on to an address that is not https.")
        raise OperatorError("The hub sends on from address to address without end.")

    def _headers(self, address: str, offset: int) -> Mapping[str, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "parlour"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        if self._token and self._is_hub(address):
            headers["Authorization"] = f"Bearer {self._token}"
        return headers

    def _is_hub(self, address: str) -> bool:
        return urlsplit(address)[:2] == urlsplit(self._address)[:2]


def _linked(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Return what the hub says about a file that lies elsewhere."""
    names = ("X-Linked-Etag", "X-Linked-Size")
    return {name: response.headers[name] for name in names if response.headers.get(name)}


def _source(told: Mapping[str, str], response: aiohttp.ClientResponse) -> Source:
    tag = told.get("X-Linked-Etag", response.headers.get("ETag", ""))
    size = told.get("X-Linked-Size", "")
    if not size and (found := RANGE.fullmatch(response.headers.get("Content-Range", ""))):
        size = found["all"]
    if not size and response.status == 200:
        size = response.headers.get("Content-Length", "")
    return Source(
        tag.removeprefix("W/").strip('"').lower(), int(size) if size.isdecimal() else None
    )


def refuse_others(status: int, wanted: int) -> None:
    """Raise OperatorError for any status but one, with what would help."""
    if status == wanted:
        return
    if status in (401, 403):
        raise OperatorError(
            "The hub does not give this file to everybody, or there is none of this name: agree to "
            "its terms on the hub's page, and set HF_TOKEN."
        )
    if status == 404:
        raise OperatorError("The hub has no such file; copy the names from its page.")
    raise OperatorError(f"The hub answers with status {status}. {AGAIN}")
