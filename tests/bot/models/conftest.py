import pytest

from bot.models.chat import ChatModel
from bot.models.config import ModelSettings
from tests.faulty_model import FaultyModel


@pytest.fixture
async def server():
    async with FaultyModel().running() as server:
        yield server


@pytest.fixture
def key():
    return "sk-canary-0123456789abcdef"


@pytest.fixture
async def connect(server, key):
    """Return a function that makes a model at the server, with settings of its own."""
    models = []

    def model(**settings):
        given = {"base_url": server.url, "model": "tiny", "seconds": 1.0, "api_key": key}
        made = ModelSettings.model_validate({"name": "parrot", **given, **settings})
        models.append(ChatModel(made))
        return models[-1]

    yield model
    for each in models:
        await each.close()
