"""Games kept on disk: only what was sealed with these very moves is opened."""

import pickle

import pytest

from bot.environments.snapshots import Snapshots


@pytest.fixture
def snapshots(tmp_path):
    return Snapshots(tmp_path / "environments")


def test_a_game_comes_back_with_the_number_of_its_moves(snapshots):
    snapshots.keep("m1", ["a", "b"], b"state")
    assert snapshots.kept("m1", ["a", "b", "c"]) == (2, b"state")


def test_what_was_never_kept_is_nothing(snapshots):
    assert snapshots.kept("m1", ["a"]) is None


def test_without_the_moves_nobody_opens_it(snapshots, tmp_path):
    snapshots.keep("m1", ["my name is Ann", "b"], b"state")
    assert snapshots.kept("m1", ["", "b"]) is None
    assert not list((tmp_path / "environments").glob("*.game"))


def test_it_belongs_to_one_match(snapshots, tmp_path):
    snapshots.keep("m1", ["a"], b"state")
    (tmp_path / "environments" / "m1.game").rename(tmp_path / "environments" / "m2.game")
    assert snapshots.kept("m2", ["a"]) is None


def test_a_match_that_is_behind_its_snapshot_does_not_use_it(snapshots):
    snapshots.keep("m1", ["a", "b"], b"state")
    assert snapshots.kept("m1", ["a"]) is None


@pytest.mark.parametrize("planted", [b"", b"1\n", b"x\ny", b"1\n" + pickle.dumps(print)])
def test_what_somebody_else_has_written_is_never_opened(snapshots, tmp_path, planted):
    snapshots.keep("m1", ["a"], b"state")
    (tmp_path / "environments" / "m1.game").write_bytes(planted)
    assert snapshots.kept("m1", ["a"]) is None
    assert not (tmp_path / "environments" / "m1.game").exists()


def test_another_folder_has_another_secret(snapshots, tmp_path):
    snapshots.keep("m1", ["a"], b"state")
    other = Snapshots(tmp_path / "other")
    other.keep("m1", ["a"], b"other")
    taken = (tmp_path / "environments" / "m1.game").read_bytes()
    (tmp_path / "other" / "m1.game").write_bytes(taken)
    assert other.kept("m1", ["a"]) is None


def test_only_this_user_may_read_the_secret(snapshots, tmp_path):
    snapshots.keep("m1", ["a"], b"state")
    assert (tmp_path / "environments" / "key").stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_nothing_stops_no_game(tmp_path):
    (tmp_path / "environments").write_text("a file where the folder should be")
    snapshots = Snapshots(tmp_path / "environments")
    snapshots.keep("m1", ["a"], b"state")
    assert snapshots.kept("m1", ["a"]) is None
    snapshots.drop("m1")
