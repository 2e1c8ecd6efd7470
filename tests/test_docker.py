"""The container's files: read as an engine would read them, and their commands run without one."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.health import beat, health_file
from bot.settings import Settings
from tests.compose_file import parse
from tests.discord_double.server import DiscordDouble

ROOT = Path(__file__).parents[1]
USER = 10001
SECRETS = re.compile(r"token|secret|passw|api_?key", re.IGNORECASE)


def instructions():
    """Return (instruction, rest) of the Dockerfile, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines()]


def given(name):
    return [rest for instruction, rest in instructions() if instruction == name]


def last_stage():
    everything = instructions()
    begin = max(at for at, (name, _) in enumerate(everything) if name == "FROM")
    return everything[begin:]


def copied():
    """Return (flags, sources, target) of each COPY from the repository."""
    found = []
    for rest in given("COPY"):
        words = shlex.split(rest)
        flags = {word for word in words if word.startswith("--")}
        *sources, target = words[len(flags) :]
        if not any(flag.startswith("--from=") for flag in flags):
            found.append((flags, sources, target))
    return found


def environment():
    """Return what the last stage sets."""
    words = [word for name, rest in last_stage() if name == "ENV" for word in shlex.split(rest)]
    return dict(word.split("=", 1) for word in words)


def sent(path):
    """Return whether .dockerignore lets a path through to the engine; its last match counts."""
    verdict = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.removeprefix("!")
        if pattern and not pattern.startswith("#") and ignores(pattern, path):
            verdict = line != pattern
    return verdict


def ignores(pattern, path):
    parts = Path(path).parts
    if pattern.startswith("**/"):
        return any(fnmatch(part, pattern[3:]) for part in parts)
    assert "/" not in pattern, "this reading knows patterns of the first level and of all levels"
    return fnmatch(parts[0], pattern)


@pytest.fixture(scope="module")
def compose():
    return parse((ROOT / "compose.yaml").read_text("utf-8"))


@pytest.fixture
def image():
    """Return a folder with what the image holds at /app and /data, with the rights it gives."""
    image = Path(tempfile.mkdtemp(prefix="parlour-image-"))
    image.chmod(0o755)
    for _, sources, target in copied():
        for source in sources:
            to = image / target.lstrip("/")
            if target.startswith("/app"):
                _copy(ROOT / source, to / source if target.endswith("/") else to)
    for volume in json.loads(given("VOLUME")[0]):
        folder = image / volume.lstrip("/")
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, USER, USER)
    yield image
    shutil.rmtree(image)


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755)


def interpreter():
    """Return a Python, its environment and the user that runs it: the image's, if possible."""
    libraries = {"PYTHONPATH": sysconfig.get_path("purelib")}
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        trial = [python, "-c", "import pydantic_core, sqlalchemy"]
        try:
            subprocess.run(trial, env=libraries, user=USER, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python, libraries, USER
    return sys.executable, {}, None


def start(image, command, **more):
    """Begin a command of the Dockerfile in the image's folder, as the image's user."""
    python, libraries, user = interpreter()
    inside = {
        name: value if name == "PATH" else re.sub(r"^/(?=data|config)", f"{image}/", value)
        for name, value in environment().items()
    }
    inside["PATH"] = os.environ["PATH"]
    words = [re.sub(r"^/app/", f"{image}/app/", word) for word in command]
    assert words[0] == "python"
    return subprocess.Popen(
        [python, *words[1:]],
        user=user,
        group=user,
        cwd=image / "data",
        env={**inside, **libraries, **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(image, command, **more):
    child = start(image, command, **more)
    out, err = child.communicate(timeout=30)
    return child.returncode, out, err


def tree(image):
    """Return every file of the program with the time of its last change."""
    return {path: path.stat().st_mtime_ns for path in (image / "app").rglob("*")}


def entry_point(*arguments):
    return [*json.loads(given("ENTRYPOINT")[0]), *arguments]


def health_check():
    return json.loads(given("HEALTHCHECK")[0].partition("CMD ")[2])


def test_the_base_image_is_named_with_its_version_and_never_latest():
    for image in given("FROM"):
        name = image.split()[0]
        assert re.fullmatch(r"python:3\.\d+-slim(-\w+)?", name), name


def test_what_ends_in_the_image_is_locked_with_hashes():
    (install,) = [rest for rest in given("RUN") if "pip install" in rest]
    assert "--require-hashes" in install and "-r requirements.lock" in install
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for pinned in re.split(r"\n(?=[\w.-]+==)", lock)[1:]:
        assert "--hash=sha256:" in pinned, pinned.splitlines()[0]


def test_nobody_is_root_when_the_program_starts():
    names = [name for name, _ in last_stage()]
    users = [rest for name, rest in last_stage() if name == "USER"]
    assert users == [f"{USER}:{USER}"]
    for late in ("ENTRYPOINT", "CMD", "HEALTHCHECK"):
        assert names.index("USER") < names.index(late)
    assert "RUN" not in names[names.index("USER") :]


def test_nothing_is_fetched_behind_the_lock_and_nothing_is_left_behind():
    assert not given("ADD")
    for command in given("RUN"):
        assert not re.search(r"\b(curl|wget|sudo)\b", command)
        assert "apt-get" not in command or "rm -rf /var/lib/apt/lists" in command
    first = dict(word.split("=", 1) for word in given("ENV")[0].split())
    assert first["PIP_NO_CACHE_DIR"] == "1"


def test_nothing_depends_on_the_architecture():
    text = (ROOT / "Dockerfile").read_text("utf-8").partition("FROM")[2]
    assert not re.search(r"amd64|arm64|x86_64|aarch64|--platform", text)


def test_no_secret_stands_in_the_image_or_in_the_compose_file(compose):
    names = [word.partition("=")[0] for rest in given("ENV") for word in shlex.split(rest)]
    names += [rest.partition("=")[0] for rest in given("ARG")]
    for service in compose["services"].values():
        names += service.get("environment", {})
    assert [name for name in names if SECRETS.search(name)] == []


def test_signals_arrive_as_no_shell_stands_between():
    assert entry_point() == ["python", "/app/bot.py"]
    assert json.loads(given("CMD")[0]) == ["run"]
    assert health_check() == ["python", "/app/bot.py", "health"]
    assert given("STOPSIGNAL") == ["SIGTERM"]


def test_every_copied_source_exists_is_let_through_and_belongs_to_root():
    for flags, sources, target in copied():
        for source in sources:
            assert (ROOT / source).exists(), source
            assert sent(source), f"{source} is kept back by .dockerignore"
        if target.startswith("/app"):
            assert flags == {"--chown=0:0", "--chmod=755"}


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.example",
        ".git/config",
        ".venv/bin/python",
        "data/parlour.db",
        "models.toml",
        "config/models.toml",
        "tests/test_docker.py",
        "bot/__pycache__/ports.cpython-313.pyc",
    ],
)
def test_secrets_history_and_rubbish_stay_out_of_the_engines_sight(path):
    assert not sent(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_folders_of_the_volumes_are_made_for_the_bot_alone(tmp_path):
    (setting,) = [rest for rest in given("RUN") if "install -d" in rest]
    assert f"--uid {USER}" in setting and f"--gid {USER}" in setting
    words = shlex.split(setting[setting.index("install -d") :])
    assert [word for word in words if word.startswith("/")] == json.loads(given("VOLUME")[0])
    here = [word.replace("/", f"{tmp_path}/", 1) for word in words]
    subprocess.run(here, check=True)
    for made in map(Path.stat, tmp_path.iterdir()):
        assert (made.st_uid, made.st_gid, stat.S_IMODE(made.st_mode)) == (USER, USER, 0o700)


def test_the_entry_point_plays_and_keeps_a_match_and_never_writes_beside_its_sources(image):
    before = tree(image)
    code, out, err = run(image, entry_point("play", "tic-tac-toe", "--json", "--seed", "1"))
    assert code == 0, err
    code, out, err = run(image, entry_point("matches"))
    assert code == 0 and "tic-tac-toe" in out, err
    assert (image / "data" / "parlour.db").exists()
    assert tree(image) == before


def test_the_characters_are_in_the_image(image):
    code, out, err = run(image, entry_point("characters", "list"))
    assert code == 0, err
    assert out.count("comes with Parlour") == len(list((ROOT / "characters/cards").glob("*.json")))


def test_the_health_check_follows_the_bot(image):
    check = health_check()
    code, _, err = run(image, check)
    assert (code, err.count("\n")) == (1, 1)
    beat(health_file(image / "data"), 1.0, 0.01, db_ok=True)
    if os.geteuid() == 0:
        os.chown(health_file(image / "data"), USER, USER)
    began = time.monotonic()
    assert run(image, check)[0] == 0
    allowed = re.search(r"--timeout=(\d+)s", given("HEALTHCHECK")[0])
    assert time.monotonic() - began < int(allowed.group(1))


async def test_the_bot_starts_as_the_image_says_is_well_and_stops_at_a_signal(image):
    before = tree(image)
    async with DiscordDouble() as discord:
        app = discord.application("Table", message_content=False)
        discord.install(app, discord.guild("Hall"))
        command = entry_point(*json.loads(given("CMD")[0]))
        bot = start(
            image,
            command,
            DISCORD_TOKEN=app.token,
            PARLOUR_DISCORD__API_BASE=discord.api_base,
            PARLOUR_DISCORD__GATEWAY=discord.gateway,
            PARLOUR_DISCORD__READY_SECONDS="0.1",
        )
        try:
            end = time.monotonic() + 60
            while (await asyncio.to_thread(run, image, health_check()))[0] != 0:
                assert bot.poll() is None and time.monotonic() < end, _last_words(bot)
            bot.send_signal(signal.SIGTERM)
            code = await asyncio.to_thread(bot.wait, 30)
        finally:
            bot.kill()
        said = _last_words(bot)
    assert code == 0, said
    assert app.token not in said and "Traceback" not in said
    assert (await asyncio.to_thread(run, image, health_check()))[0] == 1
    assert tree(image) == before


def _last_words(bot):
    bot.kill()
    return "".join(bot.communicate())


def test_the_bot_without_a_token_says_in_one_sentence_what_helps(image):
    code, _, err = run(image, entry_point(*json.loads(given("CMD")[0])))
    assert code == 1
    assert "There is no Discord token" in err and err.count("\n") == 1


def test_the_wizard_writes_into_the_data_folder_as_nothing_else_can_be_written(image):
    code, _, err = run(image, entry_point("setup"))
    assert code == 1 and "there is no terminal here" in err


def test_each_service_may_do_as_little_as_possible(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["restart"] == "unless-stopped", name
        assert any(mount.startswith("/tmp:") for mount in service["tmpfs"]), name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name
        assert not {"ports", "privileged", "network_mode", "cap_add"} & set(service), name
        tag = service["image"].rpartition(":")[2]
        assert tag != "latest" and re.search(r"\d", tag), name


def test_the_bot_keeps_its_data_in_a_named_volume_and_has_time_to_stop(compose):
    bot = compose["services"]["parlour"]
    assert bot["build"] == "." and "profiles" not in bot
    assert bot["init"] is True and bot["stop_grace_period"] == "30s"
    assert bot["env_file"] == [{"path": ".env", "required": False}]
    assert bot["extra_hosts"] == ["host.docker.internal:host-gateway"]
    folders = json.loads(given("VOLUME")[0])
    named = dict(mount.split(":")[:2] for mount in bot["volumes"] if mount[0] != ".")
    assert list(named.values()) == folders and set(named) == set(compose["volumes"])
    assert bot["environment"]["PARLOUR_DATA"] == environment()["PARLOUR_DATA"] == folders[0]
    key = Settings(data=Path(folders[0]), _env_file=None).master_key_path
    assert str(key.parent) == folders[1]
    assert bot["environment"]["PARLOUR_MODELS"] == environment()["PARLOUR_MODELS"]
    assert "./config:/config:ro" in bot["volumes"]


def test_the_model_server_starts_only_when_asked_for_and_has_no_way_out(compose):
    llama = compose["services"]["llama"]
    assert llama["profiles"] == ["local-llm"]
    (device,) = llama["deploy"]["resources"]["reservations"]["devices"]
    assert device == {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}
    assert "./models:/models:ro" in llama["volumes"]
    assert llama["networks"] == ["models"] and compose["networks"]["models"]["internal"] is True
    assert "models" in compose["services"]["parlour"]["networks"]


def test_the_bot_with_a_gpu_differs_from_the_other_one_in_nothing_else(compose):
    plain, gpu = compose["services"]["parlour"], compose["services"]["parlour-gpu"]
    own = {"build", "image", "profiles", "deploy", "environment", "volumes"}
    assert gpu["profiles"] == ["gpu"]
    assert {key: gpu[key] for key in gpu.keys() - own} == {
        key: plain[key] for key in plain.keys() - own
    }
    assert gpu["build"] == {"context": ".", "dockerfile": "Dockerfile.gpu"}
    assert gpu["deploy"] == compose["services"]["llama"]["deploy"]
    assert gpu["environment"] == {**plain["environment"], "PARLOUR_MODELS_FOLDER": "/models"}
    assert gpu["volumes"] == [*plain["volumes"], "./models:/models:ro"]
    text = (ROOT / "Dockerfile.gpu").read_text("utf-8")
    assert sent("requirements-local.lock") and "--require-hashes" in text
    assert "-DGGML_CUDA=on" in text and "-DGGML_NATIVE=off" in text


def test_what_runs_in_the_image_with_a_gpu_is_what_runs_in_the_other_one():
    plain, gpu = ((ROOT / name).read_text("utf-8") for name in ("Dockerfile", "Dockerfile.gpu"))
    same = re.compile(r"(?m)^(?:COPY --ch|USER|WORKDIR /data|VOLUME|STOPSIG|ENTRYPOINT|CMD).*$")
    assert same.findall(gpu) == same.findall(plain)


def test_each_setting_of_the_example_exists_and_none_is_a_secret(tmp_path):
    text = (ROOT / ".env.example").read_text("utf-8")
    values = dict(re.findall(r"(?m)^(?:# )?([A-Z_]+)=(.*)$", text))
    fields = {f"PARLOUR_{name.upper()}" for name in Settings.model_fields}
    known = fields | {"DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "OPENAI_API_KEY"}
    assert set(values) <= known
    assert values["DISCORD_TOKEN"] == values["OPENAI_API_KEY"] == ""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert ".env" in ignored


@pytest.mark.parametrize("text", ["a: &x 1", "a: [1", "a: 'b'", "a: 1\n  b: 2", "a: 1\na: 2", "a"])
def test_a_compose_file_that_says_more_than_is_read_here_is_refused(text):
    with pytest.raises(ValueError):
        parse(text)
