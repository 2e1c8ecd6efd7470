"""A model file is fetched whole or not at all, and from where it was before the line broke."""

import asyncio
import hashlib

import pytest

from bot.errors import OperatorError
from bot.models.llama import fetch as fetching
from bot.models.llama.fetch import fetch
from bot.models.llama.hub import MOST_REDIRECTS
from tests.faulty_hub import DATA, SHA256, FaultyHub


@pytest.fixture
async def hub():
    async with FaultyHub().running() as hub:
        yield hub


@pytest.fixture
def get(hub, tmp_path):
    """Return a function that fetches tiny.gguf into a folder that does not exist yet."""

    async def run(file="tiny.gguf", repo="bo/tiny-GGUF", **more):
        return await fetch(hub.url, repo, file, tmp_path / "models", **more)

    return run


async def refusal(work):
    with pytest.raises(OperatorError) as error:
        await work
    assert "\n" not in str(error.value)
    return str(error.value)


def names(tmp_path):
    return sorted(path.name for path in (tmp_path / "models").iterdir())


async def test_a_file_comes_whole_and_its_checksum_is_compared(hub, get, tmp_path):
    told = []
    fetched = await get(tell=lambda have, size: told.append((have, size)))
    assert fetched.path == tmp_path / "models" / "tiny.gguf"
    assert fetched.path.read_bytes() == DATA
    assert (fetched.size, fetched.sha256, fetched.checked) == (len(DATA), SHA256, True)
    assert told[-1] == (len(DATA), len(DATA))
    assert names(tmp_path) == ["tiny.gguf"]


async def test_after_a_break_only_the_rest_is_fetched(hub, get, tmp_path):
    hub.stops_after = 1_500_000
    assert "Give the same command again" in await refusal(get())
    begun = (tmp_path / "models" / "tiny.gguf.part").stat().st_size
    assert 0 < begun <= 1_500_000
    assert names(tmp_path) == ["tiny.gguf.part", "tiny.gguf.part.tag"]
    hub.stops_after = None
    fetched = await get()
    assert hub.seen[-1].headers["Range"] == f"bytes={begun}-"
    assert fetched.path.read_bytes() == DATA
    assert names(tmp_path) == ["tiny.gguf"]


async def test_where_the_file_has_changed_meanwhile_it_begins_anew(hub, get):
    hub.stops_after = 1_500_000
    await refusal(get())
    hub.stops_after, hub.data = None, DATA[:-1] + b"!"
    hub.etag = hashlib.sha256(hub.data).hexdigest()
    assert (await get()).path.read_bytes() == hub.data


async def test_a_hub_that_knows_no_ranges_sends_it_all_again(hub, get):
    hub.stops_after = 1_500_000
    await refusal(get())
    hub.stops_after, hub.ranges = None, False
    assert (await get()).path.read_bytes() == DATA


async def test_what_came_whole_before_a_kill_is_not_fetched_again(hub, get, tmp_path):
    fetched = await get()
    fetched.path.rename(tmp_path / "models" / "tiny.gguf.part")
    (tmp_path / "models" / "tiny.gguf.part.tag").write_text(SHA256)
    assert (await get()).path.read_bytes() == DATA
    assert names(tmp_path) == ["tiny.gguf"]


async def test_a_repository_that_has_moved_still_tells_the_checksum(hub, get):
    assert (await get(repo="bo/old-name")).checked
    assert len(hub.seen) == 3


async def test_the_checksum_of_a_repository_that_has_moved_is_compared(hub, get, tmp_path):
    hub.etag = "0" * 64
    assert SHA256 in await refusal(get(repo="bo/old-name"))
    assert names(tmp_path) == []


@pytest.mark.parametrize("file", ["big-00001-of-00003.gguf", "q8/big-00002-of-00003.GGUF"])
async def test_a_part_of_a_split_file_is_refused(hub, get, file):
    assert "is one part of a split file" in await refusal(get(file=file))
    assert not hub.seen


async def test_a_file_with_another_checksum_is_removed(hub, get, tmp_path):
    hub.etag = "0" * 64
    assert SHA256 in await refusal(get())
    assert names(tmp_path) == []


async def test_without_a_checksum_of_the_hub_ours_is_given(hub, get):
    hub.etag = ""
    fetched = await get()
    assert (fetched.sha256, fetched.checked) == (SHA256, False)


async def test_a_file_that_ends_too_soon_is_noticed_even_if_the_line_ends_cleanly(hub, get):
    hub.data, hub.says_size, hub.announced = DATA[:1000], False, len(DATA)
    assert f"after 1000 of {len(DATA)} bytes" in await refusal(get())
    hub.data = DATA
    assert (await get()).path.read_bytes() == DATA


async def test_more_than_was_announced_is_not_taken(hub, get):
    hub.says_size, hub.announced = False, 1000
    assert "more than the file" in await refusal(get())


@pytest.mark.parametrize("sent", [b"<html>Sign in</html>", b"<", b"GGU", b""])
async def test_what_is_no_model_file_is_not_kept(hub, get, tmp_path, sent):
    hub.data, hub.etag = sent, ""
    assert await refusal(get())
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("status", "why"), [(401, "HF_TOKEN"), (403, "HF_TOKEN"), (404, "no such file"), (503, "503")]
)
async def test_refusals_of_the_hub_are_told_with_what_would_help(hub, get, tmp_path, status, why):
    hub.status = status
    assert why in await refusal(get())
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "location", ["http://192.0.2.1/x", "ftp://127.0.0.1/x", "file:///etc/passwd"]
)
async def test_no_redirect_leads_to_a_place_that_is_not_https(hub, get, location):
    hub.location = location
    assert "not https" in await refusal(get())


async def test_redirects_in_a_circle_end(hub, get):
    hub.location = "/bo/tiny-GGUF/resolve/main/tiny.gguf"
    assert "without end" in await refusal(get())
    assert len(hub.seen) == MOST_REDIRECTS + 1


async def test_the_token_goes_to_the_hub_and_nowhere_else(hub, get):
    other = hub.url.replace("127.0.0.1", "localhost")
    hub.location = f"{other}/store/file"
    await get(token="hf_canary")
    assert [seen.headers.get("Authorization") for seen in hub.seen] == ["Bearer hf_canary", None]


async def test_a_full_disk_is_noticed_before_anything_is_fetched(hub, get, monkeypatch, tmp_path):
    monkeypatch.setattr(fetching, "SPARE", 1 << 60)
    assert "make room" in await refusal(get())
    assert (tmp_path / "models" / "tiny.gguf.part").stat().st_size == 0


async def test_what_is_there_is_not_fetched_again(hub, get):
    await get()
    assert "is there already" in await refusal(get())
    assert len(hub.seen) == 2


async def test_a_file_in_a_folder_of_the_repository_lands_in_the_models_folder(hub, get, tmp_path):
    assert (await get("q4/tiny.gguf")).path == tmp_path / "models" / "tiny.gguf"


@pytest.mark.parametrize(
    ("repo", "file"),
    [
        ("bo", "tiny.gguf"),
        ("bo/../x", "tiny.gguf"),
        ("https://evil/x", "tiny.gguf"),
        ("bo/tiny-GGUF", "tiny.bin"),
        ("bo/tiny-GGUF", "../tiny.gguf"),
        ("bo/tiny-GGUF", "/etc/tiny.gguf"),
        ("bo/tiny-GGUF", "a?b.gguf"),
        ("bo/tiny-GGUF", ".tiny.gguf"),
        ("bo/tiny-GGUF", "a\nb.gguf"),
    ],
)
async def test_odd_names_are_refused_before_anything_is_asked(hub, get, repo, file):
    assert await refusal(get(file, repo))
    assert hub.seen == []


async def test_a_hub_must_be_asked_by_https(tmp_path):
    assert "https" in await refusal(fetch("http://192.0.2.1", "a/b", "c.gguf", tmp_path))


async def test_a_hub_that_is_not_there_is_told(tmp_path, unused_tcp_port):
    where = f"http://127.0.0.1:{unused_tcp_port}"
    assert "failed" in await refusal(fetch(where, "a/b", "c.gguf", tmp_path))


async def test_stopping_keeps_what_has_come(hub, get, tmp_path):
    reached = asyncio.Event()
    work = asyncio.create_task(get(tell=lambda _have, _all: reached.set()))
    await reached.wait()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    if "tiny.gguf" not in names(tmp_path):
        assert (await get()).path.read_bytes() == DATA
