"""Where models of servers may live: only at addresses that the operator has allowed.

An address is read here and nowhere else, and what is then called is put together from the
operator's own entry; so there is no second parser that could read it in another way.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import OperatorError, ShownToUser
from games.core import listed

_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/[A-Za-z0-9_~.-]+)*)/?",
    re.ASCII,
)
_PORTS: Final = {"http": 80, "https": 443}
_LONGEST: Final = 300


@dataclass(frozen=True)
class Address:
    """The parts of an address that decide who is called."""

    scheme: str
    host: str
    port: int
    path: tuple[str, ...]

    def __str__(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return "/".join([f"{self.scheme}://{self.host}{port}", *self.path])

    def covers(self, other: "Address") -> bool:
        """Return whether another address is this one, or lies below it."""
        mine, theirs = (self.scheme, self.host, self.port), (other.scheme, other.host, other.port)
        return mine == theirs and other.path[: len(self.path)] == self.path


def read_address(url: str) -> Address | None:
    """Return the parts of an address; None for whatever might be read in two ways."""
    if len(url) > _LONGEST or not url.isascii():
        return None
    begin, slashes, rest = url.partition("//")
    host, slash, path = rest.partition("/")
    found = _ADDRESS.fullmatch(begin.lower() + slashes + host.lower() + slash + path)
    if not found:
        return None
    scheme, segments = found["scheme"], tuple(found["path"].split("/")[1:])
    port = int(found["port"] or _PORTS[scheme])
    if port > 65535 or ".." in found["host"] or {".", ".."} & set(segments):
        return None
    return Address(scheme, found["host"], port, segments)


class AllowedAddresses:
    """The operator's list."""

    def __init__(self, urls: Iterable[str]) -> None:
        """Read the list.  Raises OperatorError for an entry that is no address."""
        found: dict[Address, None] = {}
        for url in urls:
            if (address := read_address(url)) is None:
                raise OperatorError(
                    f"allowed_base_urls holds {url[:80]!r}, which is no plain address such as "
                    "https://api.example.com/v1."
                )
            found[address] = None
        self._allowed: Sequence[Address] = tuple(found)

    def __iter__(self) -> Iterator[str]:
        """Yield each address in its plain form, in the operator's order."""
        return map(str, self._allowed)

    def checked(self, url: str) -> str:
        """Return an allowed address in its plain form.  Raises ShownToUser for any other."""
        address = read_address(url.strip(" "))
        if address and any(one.covers(address) for one in self._allowed):
            return str(address)
        if not self._allowed:
            raise ShownToUser(
                "Whoever runs this bot has allowed no addresses for models of servers."
            )
        raise ShownToUser(
            f"Models may only be at {listed(self, 'or')}; whoever runs this bot can allow more."
        )
