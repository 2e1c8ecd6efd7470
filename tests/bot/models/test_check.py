"""The trial of a model that the command line shows."""

import pytest

from bot.models import check
from bot.settings import Settings
from tests.faulty_model import Mode


@pytest.fixture
def settings(server, tmp_path):
    path = tmp_path / "models.toml"
    path.write_text(f'[tiny]\nbase_url = "{server.url}"\nmodel = "m"\nseconds = 1.0\n')
    return Settings(data=tmp_path, models=path)


@pytest.mark.parametrize(
    ("mode", "way", "not_taken"),
    [
        (Mode.OK, "by schema", ()),
        (Mode.NO_SCHEMA, "by instruction", ("response_format",)),
        (Mode.IGNORES_SCHEMA, "not at all", ("response_format",)),
        (Mode.WRONG_FIRST, "not at all", ()),
    ],
)
async def test_a_trial_tells_speed_and_the_way_to_json(server, settings, mode, way, not_taken):
    server.mode = mode
    report = await check.try_model("tiny", settings)
    assert report.error is None
    assert report.json == way
    assert report.said == "A good day to you all."
    assert 0 < report.first <= report.seconds < 5
    assert (report.prompt_tokens, report.completion_tokens) == (20, 5)
    assert report.tokens_per_second == pytest.approx(5 / report.seconds)
    assert report.not_taken == not_taken


async def test_a_trial_of_a_faulty_server_ends_with_its_sentence(server, settings):
    server.mode = Mode.HANG
    report = await check.try_model("tiny", settings)
    assert report.error.startswith("The model tiny gave no whole answer within 1 s")
    assert (report.said, report.seconds, report.json) == (None, None, None)
