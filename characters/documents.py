"""The JSON of a card, read within limits and written so that nothing of it is lost."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Final, NoReturn

from characters.errors import BadCard
from games.core import quoted

MOST_BYTES: Final = 4 * 1024 * 1024
MOST_DEPTH: Final = 64
"""Objects and lists within each other."""

_TOO_DEEP: Final = (
    f"The card nests objects and lists over {MOST_DEPTH} levels deep: no real card does; "
    "export it anew."
)


def read_document(data: bytes) -> Mapping[str, object]:
    """Return the JSON object in some bytes; integers and texts are exact, others are doubles.

    Raises BadCard.
    """
    if len(data) > MOST_BYTES:
        raise BadCard(
            f"The card's text has {len(data):,} bytes, and {MOST_BYTES:,} is the most: "
            "shorten its texts or its lorebook."
        )
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            parse_constant=_no_number,
            parse_float=_finite,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise BadCard("The card is no UTF-8 text: save it as UTF-8, or export it anew.") from None
    except json.JSONDecodeError as why:
        raise BadCard(
            f"The card is no valid JSON (line {why.lineno}, column {why.colno}): "
            "export it anew, or correct it there."
        ) from None
    except RecursionError:
        raise BadCard(_TOO_DEEP) from None
    except BadCard:
        raise
    except ValueError:  # Python's own limit to the digits of an integer
        raise BadCard("The card has a number with thousands of digits: shorten it.") from None
    if not isinstance(value, dict):
        raise BadCard("A character card is a JSON object; this is something else: export it anew.")
    if _depth(value) > MOST_DEPTH:
        raise BadCard(_TOO_DEEP)
    return value


def write_document(document: Mapping[str, object], indent: int | None = None) -> bytes:
    """Return a card's JSON as UTF-8, in the order it was read; half a surrogate stays an escape."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _) = Counter(name for name, _ in pairs).most_common(1)[0]
        raise BadCard(f"The card says {quoted(twice)} twice in one object: keep one of both.")
    return found


def _no_number(name: str) -> NoReturn:
    raise BadCard(f"The card has {name} where JSON wants a number: put a number there.")


def _finite(literal: str) -> float:
    number = float(literal)
    if not isfinite(number):
        raise BadCard(f"The card has the number {literal[:20]}, which is too large: correct it.")
    return number


def _depth(value: object) -> int:
    """Return how many objects and lists are within each other, without a stack of our own calls."""
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [child for one in level for child in children(one)]
    return depth


def children(value: object) -> Iterable[object]:
    """Return the values right within an object or a list; none for any other value."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
