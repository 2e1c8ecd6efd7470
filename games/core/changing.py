"""A state with other values in some fields: `dataclasses.replace`, many times as fast.

A match makes a new state for every event, so for games with many fields `replace` took a third of
the time of a turn.
"""

from typing import TypeVar

T = TypeVar("T")


def changed(state: T, **values: object) -> T:
    """Return a frozen dataclass with other values in some fields.

    Only for dataclasses whose instances hold nothing but what `__init__` was given: without
    `__post_init__`, without slots, and without anything that is cached on them.
    """
    new = object.__new__(type(state))
    now = new.__dict__
    now |= state.__dict__
    now |= values
    assert len(now) == len(state.__dict__), "a state has no fields but its own"
    return new
