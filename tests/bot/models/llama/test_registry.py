"""Tables of models.toml that name a file, and the folder that nothing leaves."""

import hashlib
import json
import os

import pytest

from bot.errors import OperatorError
from bot.models.config import ModelSettings, load_models
from bot.models.llama.folder import ModelsFolder
from bot.models.llama.registry import LocalModelSettings
from bot.settings import Settings

LOCAL = '[tiny]\nfile = "tiny.gguf"\n'
SERVER = '[far]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"\n'


@pytest.fixture
def models(tmp_path):
    """Return a folder with one file in it."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "tiny.gguf").write_bytes(b"GGUF tiny")
    return ModelsFolder(tmp_path / "models")


def read(tmp_path, text):
    path = tmp_path / "models.toml"
    path.write_text(text, "utf-8")
    return load_models(path)


def local(**more):
    return LocalModelSettings.model_validate({"name": "tiny", "file": "tiny.gguf", **more})


def refusal(work, *args):
    with pytest.raises(OperatorError) as error:
        work(*args)
    return str(error.value)


def test_one_file_names_models_of_both_kinds(tmp_path):
    found = read(tmp_path, LOCAL + SERVER)
    assert isinstance(found["tiny"], LocalModelSettings)
    assert isinstance(found["far"], ModelSettings)
    assert (found["tiny"].model, found["tiny"].server) == ("tiny.gguf", "this machine")


def test_every_setting_reaches_the_engine(tmp_path, models):
    (models.path / "loras").mkdir()
    (models.path / "loras" / "bo.gguf").write_bytes(b"GGUF")
    table = (
        "cache = 9000\ncontext = 2000\nconversations = 4\ngpu_layers = 7\nthreads = 2\n"
        'adapter = "bo"\ntemperature = 0\ntop_k = 5\nmax_tokens = 64\n'
        '[tiny.adapters]\nbo = { file = "loras/bo.gguf", scale = 0.5 }\n'
    )
    tiny = read(tmp_path, LOCAL + table)["tiny"]
    engine = models.engine_settings(tiny)
    assert engine.path == models.path / "tiny.gguf"
    assert engine.adapters == {"bo": (models.path / "loras" / "bo.gguf", 0.5)}
    assert (engine.context, engine.sequences, engine.gpu_layers, engine.threads) == (9000, 4, 7, 2)
    sampling = tiny.sampling(seed=3, stops=("\n",))
    assert (sampling.temperature, sampling.top_k, sampling.max_tokens) == (0, 5, 64)
    assert (sampling.seed, sampling.stops) == (3, ("\n",))


def test_by_default_all_layers_that_fit_go_to_the_gpu(models):
    assert models.engine_settings(local()).gpu_layers == -1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('file = "../tiny.gguf"', "file: must be a path below"),
        ('file = "a/../../tiny.gguf"', "file: must be a path below"),
        ('file = "/etc/tiny.gguf"', "file: must be a path below"),
        ('file = "~/tiny.gguf"', "file: must be a path below"),
        ('file = "tiny.gguf\\u0000.gguf"', "file: has characters"),
        ('file = "a\\\\tiny.gguf"', "file: has characters"),
        ('file = "C:tiny.gguf"', "file: has characters"),
        ('file = "tiny\\n.gguf"', "file: has characters"),
        ('file = "tiny.bin"', "file: must end in .gguf"),
        ('file = ""', "file: must end in .gguf"),
        ("file = 7", "file: "),
        ('file = "t.gguf"\nbase_url = "http://h/v1"', "base_url: "),
        ('file = "t.gguf"\nsha256 = "abc"', "sha256: must have 64 digits"),
        ('file = "t.gguf"\ntemplate = "evil.py"', "template: must be"),
        ('file = "t.gguf"\ntemplate = "../x.jinja"', "template: must be a path below"),
        ('file = "t.gguf"\ncontext = 20000', "it: needs a cache"),
        ('file = "t.gguf"\nadapter = "bo"', "it: has no adapter 'bo'"),
        (
            'file = "t.gguf"\nadapters = { bo = { file = "../b.gguf" } }',
            "adapters.bo.file: must be",
        ),
        ('file = "t.gguf"\nadapters = { "b o" = { file = "b.gguf" } }', "names an adapter badly"),
        ('file = "t.gguf"\ntemperature = 9', "temperature: "),
        ('file = "t.gguf"\ngpu_layers = true', "gpu_layers: "),
        ('file = "t.gguf"\nhologram = 1', "hologram: "),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_by_name(tmp_path, line, why):
    told = refusal(read, tmp_path, f"[tiny]\n{line}\n{SERVER}").splitlines()
    assert told[0] == f"{tmp_path / 'models.toml'} needs a correction:"
    assert len(told) == 2
    assert told[1].startswith("[tiny] ")
    assert why in told[1]


def test_a_missing_file_is_told_with_what_helps(models):
    assert "“models fetch”" in refusal(models.file, "other.gguf")
    assert "“models fetch”" in refusal(ModelsFolder(models.path / "nowhere").file, "tiny.gguf")
    assert "“models fetch”" in refusal(models.file, "x" * 290)


def test_no_link_leads_out_of_the_folder(tmp_path, models):
    (tmp_path / "secret.gguf").write_bytes(b"GGUF")
    (tmp_path / "models2").mkdir()
    (tmp_path / "models2" / "x.gguf").write_bytes(b"GGUF")
    (models.path / "out.gguf").symlink_to(tmp_path / "secret.gguf")
    (models.path / "dir").symlink_to(tmp_path)
    (models.path / "beside").symlink_to(tmp_path / "models2")
    for name in ("out.gguf", "dir/secret.gguf", "beside/x.gguf"):
        assert "leads out of" in refusal(models.file, name)


def test_links_within_the_folder_are_followed(tmp_path, models):
    (models.path / "same.gguf").symlink_to("tiny.gguf")
    assert models.file("same.gguf") == models.path / "tiny.gguf"
    (tmp_path / "link").symlink_to(models.path)
    assert ModelsFolder(tmp_path / "link").file("tiny.gguf") == models.path / "tiny.gguf"
    (models.path / "ring.gguf").symlink_to("ring.gguf")
    assert "There is no file" in refusal(models.file, "ring.gguf")


def test_only_plain_files_are_models(models):
    (models.path / "folder.gguf").mkdir()
    os.mkfifo(models.path / "pipe.gguf")
    assert "is no file" in refusal(models.file, "folder.gguf")
    assert "is no file" in refusal(models.file, "pipe.gguf")


def test_a_file_with_another_checksum_is_not_used(models):
    right = hashlib.sha256(b"GGUF tiny").hexdigest()
    assert models.engine_settings(local(sha256=right)).path.name == "tiny.gguf"
    assert right in refusal(models.engine_settings, local(sha256="0" * 64))


def test_a_checksum_is_worked_out_once_and_again_when_the_file_changes(models):
    path = models.file("tiny.gguf")
    first = models.sha256(path)
    cache = models.path / ".checksums.json"
    known = json.loads(cache.read_text())
    known["tiny.gguf"][-1] = "from the cache"
    cache.write_text(json.dumps(known))
    assert models.sha256(path) == "from the cache"
    path.write_bytes(b"GGUF tinY")
    os.utime(path, ns=(1, 1))
    assert models.sha256(path) == hashlib.sha256(b"GGUF tinY").hexdigest() != first


@pytest.mark.parametrize("junk", ["{", "[]", '{"tiny.gguf": 1}', '{"tiny.gguf": [1, 2, 3]}'])
def test_a_damaged_cache_of_checksums_is_written_anew(models, junk):
    (models.path / ".checksums.json").write_text(junk)
    assert models.sha256(models.file("tiny.gguf")) == hashlib.sha256(b"GGUF tiny").hexdigest()


def test_a_chat_template_can_be_set(models):
    (models.path / "own.jinja").write_text("{{ messages }}")
    assert models.template(local()) is None
    assert models.template(local(template="chatml")) == "chatml"
    assert models.template(local(template="own.jinja")) == "{{ messages }}"
    (models.path / "own.jinja").write_bytes(b"\xff")
    assert "cannot be read" in refusal(models.template, local(template="own.jinja"))


def test_the_folder_lies_in_the_data_folder_or_where_the_operator_says(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert str(Settings().model_files) == "data/models"
    monkeypatch.setenv("PARLOUR_DATA", "elsewhere")
    assert str(Settings().model_files) == "elsewhere/models"
    monkeypatch.setenv("PARLOUR_MODELS_FOLDER", "/srv/models")
    assert str(Settings().model_files) == "/srv/models"
