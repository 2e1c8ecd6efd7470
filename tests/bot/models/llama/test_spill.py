"""Conversations on disk."""

import numpy as np
import pytest

from bot.errors import OperatorError
from bot.models.llama.spill import MOST, Spill


def tokens(*numbers):
    return np.array(numbers, np.int32)


def state(size, of=7):
    return np.full(size, of, np.uint8)


@pytest.fixture
def spill(tmp_path):
    spill = Spill(tmp_path / "spill", limit=1000)
    yield spill
    spill.close()


def test_what_was_kept_comes_back_once(spill):
    assert spill.keep(None, tokens(1, 2, 3), state(100))
    kept, length = spill.nearest(None, tokens(1, 2, 9))
    assert length == 2
    assert list(spill.take(kept)) == [7] * 100
    assert spill.nearest(None, tokens(1, 2, 9)) == (None, 0)


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


def test_a_file_that_cannot_be_read_is_as_good_as_none(spill):
    spill.keep(None, tokens(1, 2), state(100))
    kept, _ = spill.nearest(None, tokens(1, 2))
    kept.file.truncate(50)
    assert spill.take(kept) is None
    assert spill.size == 0


def test_where_only_whole_ones_count_a_beginning_is_not_found(spill):
    spill.keep(None, tokens(1, 2, 3), state(100))
    assert spill.nearest(None, tokens(1, 2, 9), whole=True) == (None, 0)
    assert spill.nearest(None, tokens(1, 2, 3, 4), whole=True)[1] == 3


def test_there_are_never_more_open_files_than_a_process_may_have(tmp_path):
    spill = Spill(tmp_path, limit=10_000)
    for first in range(MOST + 10):
        assert spill.keep(None, tokens(first, 2, 3), state(1))
    assert spill.size == MOST
    spill.close()
    assert spill.size == 0


def test_nothing_on_disk_has_a_name(spill, tmp_path):
    spill.keep(None, tokens(1, 2), state(100))
    assert list((tmp_path / "spill").iterdir()) == []
    assert (tmp_path / "spill").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(OperatorError, match=r"cannot be made .* set spill = 0 in models\.toml"):
        Spill(tmp_path / "file" / "spill", limit=1000)
