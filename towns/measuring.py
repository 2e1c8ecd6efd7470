"""What an answer is worth: expressions of which only what is listed is understood.

Nothing is run: a measurement is read as a tree, and each part of it is worked out here.
"""

import ast
import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from towns.errors import TownError

LONGEST: Final = 300
"""Characters of a measurement."""
MOST_PARTS: Final = 80
LARGEST: Final = 1e12
"""No number may be further from 0."""
_NUMBER: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?")

Value: TypeAlias = bool | float | str


class BadMeasurement(TownError):
    """A measurement cannot be understood, or has no value for this answer."""


def checked(measurement: str) -> ast.expr:
    """Return a measurement as a tree of nothing but what is listed.  Raises BadMeasurement."""
    if len(measurement) > LONGEST:
        raise BadMeasurement(f"A measurement has at most {LONGEST} characters: shorten it.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a doubtful backslash concerns nobody
            tree = ast.parse(measurement.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise BadMeasurement(
            'This is no expression: write one such as contains(response, "shop").'
        ) from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_PARTS:
        raise BadMeasurement(f"A measurement has at most {MOST_PARTS} parts: shorten it.")
    for node in nodes:
        _check(node)
    return tree


def measured(measurement: str, response: str) -> bool | float:
    """Return the value of a measurement for an answer.  Raises BadMeasurement."""
    value = _value(checked(measurement), response)
    if isinstance(value, str):
        raise BadMeasurement("A measurement gives yes, no or a number, not a text: compare it.")
    return value


def _first_number(text: str) -> float:
    """Return the first number in a text.  Raises BadMeasurement where there is none."""
    found = _NUMBER.search(text)
    if found is None:
        raise BadMeasurement("There is no number in the answer.")
    return _bounded(float(found[0].replace(",", "")))


def _contains(text: str, part: str) -> bool:
    return part.casefold() in text.casefold()


_FUNCTIONS: Final[Mapping[str, tuple[Callable[..., Value], int]]] = {
    "number": (_first_number, 1),
    "lower": (str.lower, 1),
    "len": (len, 1),
    "contains": (_contains, 2),
}
"""With how many texts each is called."""
_COMPARED: Final[Mapping[type, Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_RECKONED: Final[Mapping[type, Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_OTHERS: Final = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Load, ast.Compare, ast.BinOp,
    *_COMPARED, *_RECKONED,
)  # fmt: skip


def _check(node: ast.AST) -> None:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            if len(args) == _FUNCTIONS[name][1] and not any(
                isinstance(one, ast.Starred) for one in args
            ):
                return
        case ast.Name(id=name) if name == "response" or name in _FUNCTIONS:
            return
        case ast.Constant(value=bool() | str()):
            return
        case ast.Constant(value=int() | float() as value) if abs(value) <= LARGEST:
            return
        case _ if isinstance(node, _OTHERS):
            return
    raise BadMeasurement(
        "A measurement knows response, number(), lower(), len(), contains(a, b), texts, numbers, "
        "== != < <= > >=, + - * /, and, or, not: use nothing else."
    )


def _value(node: ast.AST, response: str) -> Value:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.Name(id="response"):
            return response
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(name, [_value(one, response) for one in args])
        case ast.BoolOp(op=op, values=parts):  # the first that decides is the last looked at
            found = (_true(_value(one, response)) for one in parts)
            return any(found) if isinstance(op, ast.Or) else all(found)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _true(_value(operand, response))
        case ast.UnaryOp(operand=operand):
            return -_number(_value(operand, response))
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [_value(one, response) for one in (left, *others)]
            return all(map(_compared, ops, values, values[1:]))
        case ast.BinOp(left=left, op=op, right=right):
            return _reckoned(op, _value(left, response), _value(right, response))
    raise BadMeasurement("A function needs its brackets: write number(response).")


def _called(name: str, values: Sequence[Value]) -> Value:
    if not all(isinstance(value, str) for value in values):
        raise BadMeasurement(f"{name}() takes texts only: give it the response.")
    return _FUNCTIONS[name][0](*values)


def _compared(op: ast.cmpop, one: Value, other: Value) -> bool:
    if isinstance(one, str) != isinstance(other, str):
        raise BadMeasurement("A text and a number cannot be compared: write number(response).")
    return _COMPARED[type(op)](one, other)


def _reckoned(op: ast.operator, one: Value, other: Value) -> float:
    if isinstance(op, ast.Div) and other == 0:
        raise BadMeasurement("Nothing can be divided by 0: compare first.")
    return _bounded(_RECKONED[type(op)](_number(one), _number(other)))


def _number(value: Value) -> float:
    if isinstance(value, str):
        raise BadMeasurement("One cannot reckon with a text: write number(response).")
    return float(value)


def _true(value: Value) -> bool:
    if not isinstance(value, bool):
        raise BadMeasurement("and, or and not take comparisons only: compare it.")
    return value


def _bounded(value: float) -> float:
    if not abs(value) <= LARGEST:
        raise BadMeasurement("A number is too large: keep it below a million million.")
    return value
