"""Models that admins add: at allowed addresses, with keys that only the master key opens."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from bot.administration import ServerModel
from bot.errors import OperatorError, ShownToUser
from bot.models.chat import ChatModel
from bot.models.keys import Keys
from bot.models.server_models import ServerModels
from bot.settings import Settings
from bot.store.backup import backup
from bot.store.sql_store import SqlStore

KEY = "sk-canary-0123456789abcdef"
HERE, ELSEWHERE, ADMIN = 1, 2, 77


@pytest.fixture
async def store(tmp_path):
    opened = await SqlStore.open(tmp_path / "data" / "parlour.db")
    yield opened
    await opened.close()


@pytest.fixture
def settings(tmp_path, server):
    (tmp_path / "models.toml").write_text(
        '[local]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n'
        '[odd]\nbase_url = "http://127.0.0.1:9/v1?x=1"\nmodel = "m"\n'
    )
    return Settings(
        data=tmp_path / "data",
        models=tmp_path / "models.toml",
        allowed_base_urls=[server.url],
        _env_file=None,
    )


@pytest.fixture
def models(store, settings):
    return ServerModels(store.administration, Keys(settings), settings)


@pytest.fixture
def parrot(server):
    return ServerModel(HERE, "parrot", server.url, "tiny", price_in=1.5)


async def test_an_added_model_answers_with_its_key(models, parrot, server):
    shown = await models.add(parrot, KEY, ADMIN)
    assert shown == replace(parrot, key="sk-…cdef")
    chat = ChatModel(models.find(HERE, "parrot"))
    await chat.complete([{"role": "user", "content": "Hello?"}])
    await chat.close()
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert models.of(HERE) == [shown]
    assert chat.settings.price_in == 1.5


async def test_other_servers_have_neither_the_model_nor_its_key(models, parrot):
    await models.add(parrot, KEY, ADMIN)
    assert models.find(ELSEWHERE, "parrot") is None
    assert models.of(ELSEWHERE) == []
    with pytest.raises(ShownToUser, match="has no model 'parrot' of its own"):
        await models.remove(ELSEWHERE, "parrot", ADMIN)
    assert models.find(HERE, "parrot") is not None


async def test_it_is_known_again_after_a_restart_and_gone_once_removed(
    models, parrot, store, settings
):
    await models.add(parrot, KEY, ADMIN)
    again = ServerModels(store.administration, Keys(settings), settings)
    await again.load()
    assert again.find(HERE, "parrot").key() == KEY
    await again.remove(HERE, "parrot", ADMIN)
    assert again.find(HERE, "parrot") is None
    await models.load()
    assert models.of(HERE) == []


async def test_no_copy_of_the_database_holds_a_key(models, parrot, store, settings, tmp_path):
    await models.add(parrot, KEY, ADMIN)
    backup(settings.database_file, tmp_path / "copy.db")
    for file in (*settings.data.iterdir(), tmp_path / "copy.db"):
        assert b"canary" not in file.read_bytes()
    assert settings.data not in settings.master_key_path.parents
    audit = await store.administration.audit(HERE)
    assert "canary" not in repr(audit)
    assert "sk-…cdef" in audit[0].after
    assert "canary" not in repr([models.find(HERE, "parrot"), vars(models)])


async def test_a_row_copied_to_another_server_opens_nothing(models, parrot, store, settings):
    await models.add(parrot, KEY, ADMIN)
    with closing(sqlite3.connect(settings.database_file)) as connection:
        connection.execute(f"UPDATE server_models SET guild = {ELSEWHERE}")
        connection.commit()
    await models.load()
    with pytest.raises(OperatorError, match="was given for another server or address"):
        models.find(ELSEWHERE, "parrot")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"base_url": "https://evil.test/v1"}, "Models may only be at http://127"),
        ({"base_url": "http://127.0.0.1:9/v1?x=1"}, "Models may only be at http://127"),
        ({"name": "no name"}, "A name has letters, digits, dots and hyphens"),
        ({"name": "local"}, "There is a model local for all servers"),
        ({"model": " "}, "A model needs the name that its server knows it by"),
        ({"price_out": -1.0}, "prices of 0 or more"),
        ({"price_out": float("nan")}, "prices of 0 or more"),
    ],
)
async def test_what_will_not_do_is_refused_and_nothing_is_kept(
    models, parrot, store, change, sentence
):
    with pytest.raises(ShownToUser, match=sentence):
        await models.add(replace(parrot, **change), KEY, ADMIN)
    with pytest.raises(ShownToUser, match="That is no API key"):
        await models.add(parrot, "no key", ADMIN)
    assert models.of(HERE) == []
    assert await store.administration.models() == []
    assert await store.administration.audit(HERE) == []


async def test_a_model_may_do_without_a_key_and_live_where_models_toml_has_one(models, parrot):
    shown = await models.add(replace(parrot, base_url="http://127.0.0.1:9/v1/"), "", ADMIN)
    assert (shown.base_url, shown.key) == ("http://127.0.0.1:9/v1", "")
    assert models.find(HERE, "parrot").key() is None


async def test_an_address_that_is_allowed_no_more_is_not_called(models, parrot, settings, store):
    await models.add(parrot, KEY, ADMIN)
    stricter = settings.model_copy(update={"allowed_base_urls": ["https://x.test"]})
    later = ServerModels(store.administration, Keys(stricter), stricter)
    await later.load()
    with pytest.raises(OperatorError, match="The model parrot is not asked any more: Models may"):
        later.find(HERE, "parrot")


async def test_keys_are_sealed_anew_under_the_newest_master_key(models, parrot, settings, store):
    await models.add(parrot, KEY, ADMIN)
    await models.add(replace(parrot, name="mute"), "", ADMIN)
    file = settings.master_key_path
    fresh = Fernet.generate_key().decode()
    file.write_text(f"{fresh}\n{file.read_text()}")
    assert await models.reseal() == 1
    file.write_text(fresh)
    await models.load()
    assert models.find(HERE, "parrot").key() == KEY
