"""A model of this machine sits down at a table in Discord."""

from importlib.util import find_spec

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import opened, started, told

pytestmark = pytest.mark.skipif(
    find_spec("llama_cpp") is None, reason="needs the extra `local`: make local"
)


@pytest.fixture
def tiny(scene):
    """Name a made-up model in models.toml."""
    from tests import gguf_maker  # it needs numpy, which comes with the extra `local`

    folder = scene.settings.model_files
    folder.mkdir(parents=True)
    gguf_maker.tiny(folder / "tiny.gguf")
    scene.settings.models.write_text('[tiny]\nfile = "tiny.gguf"\nmax_tokens = 30\n')


async def test_a_local_model_answers_in_discord(scene, tiny):
    async with running(scene):
        lobby, lobby_id = await opened(scene, scene.ann, "rock-paper-scissors", options="target=1")
        offer = await scene.ann.click(lobby, "Add model")
        await told(await scene.ann.select(await offer.reply(), f"p:lm:{lobby_id}", ["tiny"]))
        await scene.discord.until(lambda: "tiny, the model tiny" in lobby.content)
        table = await started(scene, scene.ann, lobby, lobby_id)
        await table.press(scene.ann, "rock")
        await table.until_said("The throws: **Ann** rock, **tiny** ")


async def test_an_admin_tries_a_local_model(scene, tiny):
    async with running(scene):
        tried = await scene.owner.slash(scene.channel, "admin model test", name="tiny")
        said = await told(tried)
    assert "tiny answered in" in said
    assert "It gives JSON by schema." in said


async def added(scene, **given):
    form = await scene.owner.slash(scene.channel, "admin model add")
    values = {"name": "ours", "address": ["this machine"], "model": "tiny.gguf", **given}
    return await told(await scene.owner.submit_modal(form, values))


async def test_an_admin_adds_a_file_that_the_operator_allows(scene, tiny):
    scene.settings.models.unlink()
    scene.settings.allowed_model_files = ["*"]
    async with running(scene):
        assert "**ours**: tiny.gguf at this machine, no key" in await added(scene)
        tried = await told(await scene.owner.slash(scene.channel, "admin model test", name="ours"))
    assert "ours answered in" in tried


async def test_other_files_and_keys_are_refused(scene, tiny):
    (scene.settings.model_files / "secret.gguf").write_bytes(b"")
    scene.settings.allowed_model_files = ["tiny.gguf", "gone.gguf"]
    async with running(scene):
        why = "Of this machine's files, models may use tiny.gguf"
        for file in ("secret.gguf", "gone.gguf", "../tiny.gguf"):
            assert why in await added(scene, model=file)
        assert "needs no key" in await added(scene, key="sk-123456789")
        listed = await told(await scene.owner.slash(scene.channel, "admin model list"))
    assert "ours" not in listed


async def test_a_file_that_is_no_longer_allowed_is_not_asked(scene, tiny):
    scene.settings.allowed_model_files = ["tiny.gguf"]
    async with running(scene):
        await added(scene)
    scene.settings.allowed_model_files = []
    async with running(scene):
        tried = await told(await scene.owner.slash(scene.channel, "admin model test", name="ours"))
    assert "Something is not set up right" in tried
