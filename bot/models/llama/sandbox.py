"""A Jinja environment for templates that nobody has vouched for.

Jinja's own sandbox keeps templates from what they must not touch. Here they also get bounds:
whatever makes a text or a list is paid from the room of one rendering, and every line of a
template looks at the clock.
Source: Jinja's documentation, "Sandbox"; the names that chat templates use.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from types import FrameType
from typing import Any, Final, TypeVar

from jinja2 import Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, LoopControlExtension
from jinja2.parser import Parser
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

ROOM: Final = 2_000_000
"""Characters and list entries that one rendering may make, each counted as often as made."""
MOST_ROUNDS: Final = 10_000
"""Of one loop over numbers."""
_BIGGEST: Final = 2**63
# fmt: off
_FILTERS: Final = frozenset({
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items",
    "last", "length", "list", "lower", "map", "reject", "rejectattr", "reverse", "select",
    "selectattr", "sort", "string", "title", "trim", "unique", "upper",
})
_OF_TEXTS: Final = frozenset({
    "capitalize", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdigit", "islower",
    "isspace", "isupper", "join", "lower", "lstrip", "removeprefix", "removesuffix", "replace",
    "rfind", "rindex", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title",
    "upper",
})
# fmt: on
_METHODS: Final[Mapping[type, frozenset[str]]] = {
    str: _OF_TEXTS,
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"count", "index"}),
}
_Result = TypeVar("_Result")
_Trace = Callable[[FrameType, str, Any], Any]


class TooMuch(SecurityError):
    """A template does or wants more than it may; the message completes "the template ..."."""


class _Paying(NodeTransformer):
    """Makes expressions pay that Jinja works out past its environment."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802 -- Jinja's name
        self.generic_visit(node)
        found, *others = [_filtered(part, "string") for part in node.nodes]
        for other in others:
            found = nodes.Add(found, other, lineno=node.lineno)
        return found

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, "paid") if isinstance(node.arg, nodes.Slice) else node

    def visit_List(self, node: nodes.List) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, "paid")

    def visit_Dict(self, node: nodes.Dict) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, "paid")

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, "paid") if node.ctx == "load" else node


def _filtered(part: nodes.Expr, name: str) -> nodes.Expr:
    return nodes.Filter(part, name, [], [], None, None, lineno=part.lineno)


class _Generation(Extension):
    """The tag by which templates show a trainer what a model has said; here it has no effect."""

    tags = {"generation"}  # noqa: RUF012 -- Jinja's own class has it so

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return what the tag stands around."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class Sandbox(ImmutableSandboxedEnvironment):
    """Knows what chat templates need, and nothing more; it serves one rendering at a time."""

    intercepted_binops = frozenset({"+", "*", "%", "**"})

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            cache_size=0,
            extensions=[LoopControlExtension, _Generation],
        )
        self._room = ROOM
        own = {
            "indent": self._indent,
            "join": self._join,
            "paid": _same,
            "replace": self._replace,
            "tojson": _to_json,
        }
        known = {name: self.filters[name] for name in _FILTERS} | own
        self.filters = {name: self._paying(work) for name, work in known.items()}
        self.globals = {"range": _range, "namespace": Namespace}
        self.concat = self._concat  # type: ignore[method-assign]

    def written(self, template: Template, seconds: float, **values: object) -> str:
        """Return what a template writes.  Raises TooMuch, and whatever else goes wrong in it."""
        self._room = ROOM
        return _within(seconds, lambda: self._concat(template.generate(**values)))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return what an operator gives, if that is not too big."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TooMuch(f"uses the operator {operator}")
        if operator == "*":
            self._pay_for(_product(left, right))
        found = super().call_binop(context, operator, left, right)
        if isinstance(found, int) and abs(found) > _BIGGEST:
            raise TooMuch("makes a number too big")
        return self._paid(found)

    def call(self, context: Any, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Return what a method, macro or function gives."""
        if isinstance(text := getattr(called, "__self__", None), str):
            name = getattr(called, "__name__", "")
            if name == "join":
                return self._join(args[0], text)
            if name == "replace":
                return self._replace(text, *args)
        return self._paid(super().call(context, called, *args, **kwargs))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may have this attribute."""
        if not super().is_safe_attribute(obj, attr, value):
            return False
        if not callable(value) or isinstance(obj, LoopContext | Namespace):
            return True
        return any(isinstance(obj, kind) and attr in names for kind, names in _METHODS.items())

    def wrap_str_format(self, value: Any) -> None:
        """Leave `str.format` forbidden: what it fills up to a width is not counted."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Paying().visit(tree)
        return tree

    def _paying(self, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)  # with the mark by which Jinja knows what to pass
        def paying(*args: Any, **kwargs: Any) -> Any:
            return self._paid(work(*args, **kwargs))

        return paying

    def _pay_for(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise TooMuch("writes too much")

    def _paid(self, value: Any) -> Any:
        """Return a value after everything in it has been paid for."""
        if isinstance(value, Iterator):
            return map(self._paid, value)
        self._pay_for(len(value) + 1 if isinstance(value, str) else 1)
        if isinstance(value, range):
            self._pay_for(len(value))
        elif isinstance(value, Mapping):
            for key, item in value.items():
                self._paid(key)
                self._paid(item)
        elif isinstance(value, list | tuple | set):
            for item in value:
                self._paid(item)
        return value

    def _concat(self, parts: Iterable[str]) -> str:
        kept = []
        for part in parts:
            self._pay_for(len(part))
            kept.append(part)
        return "".join(kept)

    def _join(self, items: Iterable[Any], glue: str = "", attribute: str | None = None) -> str:
        picked = (item if attribute is None else item[attribute] for item in items)
        return self._concat(part for item in picked for part in (glue, str(item)))[len(glue) :]

    def _indent(self, text: str, width: int = 4, first: bool = False) -> str:  # noqa: FBT001, FBT002
        end = "\n" + " " * min(width, 40)
        return (end[1:] if first else "") + self._replace(text, "\n", end)

    def _replace(self, text: str, old: str, new: str) -> str:
        self._pay_for((text.count(old) + 1) * len(new))
        return text.replace(old, new)


def _product(left: Any, right: Any) -> int:
    """Return how long a text or list that is repeated becomes."""
    long, times = (left, right) if isinstance(right, int) else (right, left)
    return len(long) * max(times, 0) if isinstance(long, str | list | tuple) else 0


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > MOST_ROUNDS:
        raise TooMuch("counts too far")
    return found


def _same(value: Any) -> Any:
    return value


def _to_json(value: object, indent: int | None = None) -> str:
    if indent is not None and not 0 <= indent <= 8:
        raise TooMuch("indents too far")
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """Do some work whose templates are stopped after their time.  Raises TooMuch."""
    deadline = time.monotonic() + seconds

    def look(_frame: FrameType, _event: str, _detail: Any) -> _Trace:
        if time.monotonic() > deadline:
            raise TooMuch("takes too long")
        return look

    def enter(frame: FrameType, _event: str, _detail: Any) -> _Trace | None:
        return look if frame.f_code.co_filename == "<template>" else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        return work()
    finally:
        sys.settrace(before)
