"""API keys at rest: useless without the master key, and never shown."""

import stat
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from bot.administration import ServerModel
from bot.errors import OperatorError, ShownToUser
from bot.models.keys import Keys, mask
from bot.settings import Settings

KEY = "sk-canary-0123456789abcdef"
MODEL = ServerModel(1, "gpt", "https://x.test/v1", "m")


@pytest.fixture
def settings(tmp_path):
    return Settings(data=tmp_path / "data", _env_file=None)


def given(*keys):
    return Keys(Settings(master_key="\n".join(keys), _env_file=None))


def new():
    return Fernet.generate_key().decode()


def test_a_key_reads_back_and_is_nowhere_in_what_is_stored(settings):
    sealed = Keys(settings).seal(MODEL, f" {KEY}\n")
    assert "canary" not in sealed
    opened = Keys(settings).open(MODEL, sealed)
    assert opened.get_secret_value() == KEY
    assert "canary" not in f"{opened!r} {opened} {Keys(settings)!r}"
    assert Keys(settings).open(MODEL, "") is None


def test_the_master_key_is_made_once_outside_the_data_folder_for_this_user_alone(settings):
    file = settings.master_key_path
    assert settings.data not in file.parents
    assert not file.exists()
    first = Keys(settings).seal(MODEL, KEY)
    content = file.read_bytes()
    second = Keys(settings).seal(MODEL, KEY)
    assert first != second
    assert file.read_bytes() == content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["master.key"]


def test_the_environment_may_name_the_file_or_hold_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("PARLOUR_MASTER_KEY_FILE", str(tmp_path / "mine"))
    assert Settings(_env_file=None).master_key_path == tmp_path / "mine"
    monkeypatch.setenv("PARLOUR_MASTER_KEY", key := new())
    settings = Settings(_env_file=None)
    Keys(settings).seal(MODEL, KEY)
    assert not (tmp_path / "mine").exists()
    assert key not in repr(settings)


def test_a_stored_key_opens_only_for_its_own_server_name_and_address():
    keys = given(new())
    sealed = keys.seal(MODEL, KEY)
    for other in ({"guild": 2}, {"name": "gpt2"}, {"base_url": "https://evil.test/v1"}):
        with pytest.raises(OperatorError, match="was given for another server or address") as why:
            keys.open(replace(MODEL, **other), sealed)
        assert "canary" not in str(why.value)


def test_without_the_right_master_key_there_is_no_key(settings):
    sealed = Keys(settings).seal(MODEL, KEY)
    settings.master_key_path.write_text(new())
    with pytest.raises(
        OperatorError, match=r"gpt cannot be opened with this master key: put the r"
    ):
        Keys(settings).open(MODEL, sealed)
    settings.master_key_path.unlink()
    with pytest.raises(OperatorError, match=r"master\.key cannot be read; put it back"):
        Keys(settings).open(MODEL, sealed)
    assert not settings.master_key_path.exists()


def test_a_new_master_key_above_the_old_one_takes_over():
    old, fresh = new(), new()
    sealed = given(old).seal(MODEL, KEY)
    both = given(fresh, old)
    assert both.open(MODEL, sealed).get_secret_value() == KEY
    renewed = both.renewed(sealed)
    assert given(fresh).open(MODEL, renewed).get_secret_value() == KEY
    with pytest.raises(OperatorError, match="cannot be opened"):
        given(old).open(MODEL, renewed)
    with pytest.raises(OperatorError, match="cannot be opened with any master key in PARLOUR_MAS"):
        given(old).renewed(renewed)


@pytest.mark.parametrize("text", ["short", "x" * 44, "ü" * 44])
def test_a_master_key_that_is_none_is_refused_without_showing_it(text):
    with pytest.raises(OperatorError, match="PARLOUR_MASTER_KEY holds no master key") as why:
        given(text).seal(MODEL, KEY)
    assert text not in str(why.value)


@pytest.mark.parametrize("key", [" ", "two words", "naïve-key", "line\nbreak", "x" * 501])
def test_what_is_no_key_is_refused_without_showing_it(key, settings):
    with pytest.raises(ShownToUser, match=r"^That is no API key: .*; copy it again\.$"):
        Keys(settings).seal(MODEL, key)
    assert not settings.master_key_path.exists()


def test_a_master_key_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    keys = Keys(Settings(master_key_file=tmp_path / "file" / "key", _env_file=None))
    with pytest.raises(OperatorError, match=r"cannot be written .*PARLOUR_MASTER_KEY"):
        keys.seal(MODEL, KEY)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (KEY, "sk-…cdef"),
        ("sk-proj-0123456789wxyz", "sk-…wxyz"),
        ("0123456789abcdef", "…cdef"),
        ("secretword-0123456789", "…6789"),
        ("sk-short", "…"),
        ("", "…"),
    ],
)
def test_a_key_is_shown_by_its_kind_and_its_last_four_characters(key, shown):
    assert mask(key) == shown
