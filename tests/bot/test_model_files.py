"""`models add`, `remove`, `fetch` and `list`, typed as an operator types them."""

import asyncio
import hashlib
import stat
import tomllib

import pytest

from tests.faulty_hub import DATA, SHA256, FaultyHub

OWN = '# mine\n[far]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"\n'


@pytest.fixture
def folder(tmp_path):
    """Return the folder of an operator with one model file and one model behind a server."""
    (tmp_path / "data" / "models").mkdir(parents=True)
    (tmp_path / "data" / "models" / "Tiny Q4_0.gguf").write_bytes(b"GGUF tiny")
    (tmp_path / "models.toml").write_text(OWN)
    return tmp_path


def test_a_file_gets_a_name_and_loses_it_again(folder, parlour):
    added = parlour("models", "add", "Tiny Q4_0.gguf")
    assert (added.returncode, added.stderr) == (0, "")
    text = (folder / "models.toml").read_text()
    assert text.startswith(OWN)
    sha256 = hashlib.sha256(b"GGUF tiny").hexdigest()
    assert tomllib.loads(text)["tiny-q4-0"] == {"file": "Tiny Q4_0.gguf", "sha256": sha256}
    listed = parlour("models", "list").stdout
    assert "tiny-q4-0            Tiny Q4_0.gguf" in listed
    assert "http://127.0.0.1:1" in listed
    removed = parlour("models", "remove", "tiny-q4-0")
    assert removed.returncode == 0
    assert (folder / "models.toml").read_text() == OWN + "\n"
    assert (folder / "models.toml.bak").read_text() == text
    assert (folder / "data" / "models" / "Tiny Q4_0.gguf").exists()


def test_a_path_may_be_completed_by_the_shell_and_a_name_chosen(folder, parlour):
    done = parlour("models", "add", "data/models/Tiny Q4_0.gguf", "--name", "bo")
    assert done.returncode == 0, done.stderr
    assert "[bo]" in (folder / "models.toml").read_text()


def test_the_first_model_makes_a_file_of_its_own(folder, parlour):
    (folder / "models.toml").unlink()
    assert parlour("models", "add", "Tiny Q4_0.gguf", "--name", "bo").returncode == 0
    assert (folder / "models.toml").read_text().startswith("[bo]\n")
    assert stat.S_IMODE((folder / "models.toml").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_the_file_of_models_keeps_its_rights_and_copies_of_it_are_private(folder, parlour, mode):
    (folder / "models.toml").chmod(mode)
    parlour("models", "remove", "far")
    assert stat.S_IMODE((folder / "models.toml").stat().st_mode) == mode
    assert stat.S_IMODE((folder / "models.toml.bak").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["add", "other.gguf"], "There is no file"),
        (["add", "../../models.toml"], "must be a path below"),
        (["add", "Tiny Q4_0.gguf", "--name", "far"], "already"),
        (["add", "Tiny Q4_0.gguf", "--name", "a b"], "A name has letters"),
        (["add", "page.gguf"], "no GGUF file"),
        (["add", "notes.txt"], "must end in .gguf"),
        (["remove", "nobody"], "no model 'nobody'; it has far"),
        (["fetch", "far", "x.gguf"], "no repository"),
        (["fetch", "a/b", "x.bin"], "ends in .gguf"),
        (["test", "local"], "has no model"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_changes_nothing(
    folder, parlour, arguments, why
):
    (folder / "data" / "models" / "page.gguf").write_text("<html>")
    (folder / "data" / "models" / "notes.txt").write_text("GGUF")
    done = parlour("models", *arguments)
    assert done.returncode == 1
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
    assert (folder / "models.toml").read_text() == OWN
    assert not (folder / "models.toml.bak").exists()


def test_a_hub_that_cannot_be_reached_is_told(folder, parlour, unused_tcp_port):
    hub = f"http://127.0.0.1:{unused_tcp_port}"
    done = parlour("models", "fetch", "a/b", "x.gguf", PARLOUR_MODELS_HUB=hub)
    assert done.returncode == 1
    assert "goes on where it stopped" in done.stderr


async def test_a_model_is_fetched_and_named_with_two_commands(folder, parlour):
    async with FaultyHub().running() as hub:
        fetched = await asyncio.to_thread(
            parlour, "models", "fetch", "bo/tiny-GGUF", "q4/tiny.gguf", PARLOUR_MODELS_HUB=hub.url
        )
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert SHA256 in fetched.stdout
    assert "as the hub says" in fetched.stdout
    assert (folder / "data" / "models" / "tiny.gguf").read_bytes() == DATA
    last = fetched.stdout.splitlines()[-1]
    assert last == "Next: python bot.py models add tiny.gguf"
    assert parlour(*last.split()[3:]).returncode == 0
    assert tomllib.loads((folder / "models.toml").read_text())["tiny"]["sha256"] == SHA256
