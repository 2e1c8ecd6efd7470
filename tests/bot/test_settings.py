"""Settings from the environment and .env: what is wrong is one sentence that names the variable."""

import pytest

from bot.administration import Limit
from bot.discord_wiring import cap_of
from bot.errors import OperatorError
from bot.settings import Settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_has_a_default_that_works(folder):
    assert Settings().database_file.name == "parlour.db"


def test_the_environment_goes_before_the_file_and_an_empty_value_counts_for_nothing(
    folder, monkeypatch
):
    (folder / ".env").write_text("PARLOUR_DATA=file\nDISCORD_TOKEN=from-file\n", "utf-8")
    monkeypatch.setenv("PARLOUR_DATA", "environment")
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", "")
    settings = Settings()
    assert settings.data.name == "environment"
    assert settings.token() == "from-file"
    assert settings.discord_token_file is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PARLOUR_DISCORD__EDIT_SECONDS", "canary", "The setting PARLOUR_DISCORD__EDIT_SECONDS is"),
        ("PARLOUR_DISCORD__REQUESTS_PER_SECOND", "51", "less than or equal to 50"),
        ("PARLOUR_BUDGET_REQUESTS", "-1", "The setting PARLOUR_BUDGET_REQUESTS is wrong"),
        ("PARLOUR_BUDGET_MONEY", "NaN", "The setting PARLOUR_BUDGET_MONEY is wrong"),
        ("PARLOUR_DISCORD", "canary", "PARLOUR_DISCORD__EDIT_SECONDS stands for one"),
        ("PARLOUR_ALLOWED_BASE_URLS", "canary", "is a list such as"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_without_being_repeated(
    folder, monkeypatch, name, value, sentence
):
    monkeypatch.setenv(name, value)
    with pytest.raises(OperatorError) as refused:
        Settings()
    assert sentence in str(refused.value)
    assert "canary" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_cap_of_the_operator_is_counted_in_millionths(folder, monkeypatch):
    assert cap_of(Settings()) == Limit()
    for name, value in (("REQUESTS", "100"), ("TOKENS", "0"), ("MONEY", "2.29")):
        monkeypatch.setenv(f"PARLOUR_BUDGET_{name}", value)
    assert cap_of(Settings()) == Limit(100, 0, 2_290_000)


def test_a_file_that_is_no_text_is_refused(folder):
    (folder / ".env").write_bytes(b"\xff\xfe=1")
    with pytest.raises(OperatorError, match=r"\.env cannot be read"):
        Settings()


def test_a_token_never_shows_in_the_settings(folder, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "canary")
    assert "canary" not in repr(Settings()) + str(Settings().model_dump())
    assert Settings().token() == "canary"
