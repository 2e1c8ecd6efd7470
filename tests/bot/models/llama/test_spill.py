"""Conversations on disk."""

import numpy as np
import pytest

from bot.models.llama.spill import Spill


def tokens(*numbers):
    return np.array(numbers, np.int32)


def state(size, of=7):
    return np.full(size, of, np.uint8)


@pytest.fixture
def spill(tmp_path):
    return Spill(tmp_path / "spill", limit=1000)


def test_what_was_kept_comes_back_once(spill, tmp_path):
    assert spill.keep(None, tokens(1, 2, 3), state(100))
    kept, length = spill.nearest(None, tokens(1, 2, 9))
    assert length == 2
    assert list(spill.take(kept)) == [7] * 100
    assert spill.nearest(None, tokens(1, 2, 9)) == (None, 0)
    assert list((tmp_path / "spill").iterdir()) == []


def test_only_the_same_adapter_finds_it(spill):
    spill.keep("red", tokens(1, 2, 3), state(100))
    assert spill.nearest("blue", tokens(1, 2, 3)) == (None, 0)
    assert spill.nearest(None, tokens(1, 2, 3)) == (None, 0)


def test_the_oldest_go_when_there_is_no_room(spill):
    for first in range(5):
        spill.keep(None, tokens(first, 2, 3), state(300))
    assert spill.size <= 1000
    assert [spill.nearest(None, tokens(first, 2, 3))[1] for first in range(5)] == [0, 0, 3, 3, 3]


def test_what_is_bigger_than_all_room_is_not_kept(spill):
    assert not spill.keep(None, tokens(1), state(1001))
    assert spill.size == 0


def test_an_earlier_state_of_the_same_conversation_is_replaced(spill):
    spill.keep(None, tokens(1, 2), state(100))
    spill.keep(None, tokens(1, 2, 3), state(150))
    assert spill.size == 150


def test_a_file_that_has_gone_is_as_good_as_none(spill, tmp_path):
    spill.keep(None, tokens(1, 2), state(100))
    kept, _ = spill.nearest(None, tokens(1, 2))
    kept.path.unlink()
    assert spill.take(kept) is None
    assert spill.size == 0


def test_what_a_killed_engine_left_is_deleted_and_other_files_are_not(tmp_path):
    (tmp_path / "1.conversation").write_bytes(b"left")
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    Spill(tmp_path, limit=1000)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_only_the_owner_can_read_it(spill):
    spill.keep(None, tokens(1, 2), state(100))
    kept, _ = spill.nearest(None, tokens(1, 2))
    assert kept.path.stat().st_mode & 0o077 == 0
