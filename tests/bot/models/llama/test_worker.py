"""The worker of a local model dies, hangs, or loses its bot."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from contextlib import aclosing
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import ModelError, OperatorError
from bot.models.llama.asking import Question, Unanswered
from bot.models.llama.bench import measured
from bot.models.llama.jobs import Sampling
from bot.models.llama.process import LOADS, TRIES, EngineProcess
from bot.models.llama.pulse import (
    EVERY,
    EXIT_ENDLESS,
    EXIT_STUCK,
    LONGEST_OPERATION,
    LONGEST_STEP,
    STILL,
    Vigil,
)
from bot.models.llama.spawn import plain
from bot.models.llama.wire import LONGEST, WireBroken, packed, receive, received
from tests.chaos.worker_storm import run_worker_storm

HELLO = [{"role": "user", "content": "Tell me a story."}]
KILLS = int(os.environ.get("PARLOUR_TEST_WORKER_KILLS", "12"))
HI = {
    "segments": [["Hi", False]],
    "sampling": asdict(Sampling(seed=1, max_tokens=100, top_logprobs=20)),
    "group": "",
    "adapter": None,
}
"""What is asked of a worker that has no bot."""
LONG = Question([("Once", False)], Sampling(seed=1, max_tokens=3000))


@pytest.fixture
async def process(models, llama):
    process = EngineProcess(llama(models / "tiny.gguf"))
    await process.opened()
    yield process
    await process.close()


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="needs the extra `local`: make local")
async def test_every_request_ends_while_the_worker_is_killed_again_and_again(tmp_path):
    report = await run_worker_storm(str(tmp_path), KILLS, seed=1)
    assert report.faults == []
    assert report.kills == KILLS
    assert report.interrupted >= KILLS
    assert report.answered > 0


async def test_an_answer_is_asked_for_again_and_comes_out_the_same(local, engines):
    model = local("tiny", max_tokens=400)
    before = await model.complete(HELLO, seed=5)
    process = (await engines.loaded(model.settings)).process
    asking = asyncio.create_task(model.complete(HELLO, seed=5))
    await asyncio.sleep(0.1)
    assert not asking.done()
    os.kill(process.pid, signal.SIGKILL)
    assert (await asking).text == before.text
    assert process.restarts == 1


async def test_a_question_that_ends_every_worker_is_given_up(local, engines):
    model = local("tiny", max_tokens=8000)
    process = (await engines.loaded(model.settings)).process
    asking = asyncio.create_task(model.complete(HELLO))
    for _ in range(TRIES):
        await process.opened()
        assert not asking.done()
        await asyncio.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        while process.pid is not None:
            await asyncio.sleep(0.005)
    with pytest.raises(ModelError, match=f"has ended its process {TRIES} times"):
        await asking
    assert (await local("tiny", max_tokens=3).complete(HELLO)).text


async def test_a_bench_whose_worker_ends_each_time_is_told_in_a_sentence(local, engines):
    model = local("tiny").settings
    process = (await engines.loaded(model)).process

    async def kill_each() -> None:
        while True:
            await process.opened()
            os.kill(process.pid, signal.SIGKILL)
            while process.pid is not None:
                await asyncio.sleep(0.005)

    killing = asyncio.create_task(kill_each())
    with pytest.raises(ModelError, match="has ended its process 4 times over one question"):
        await measured(model, engines, 2, 500)
    killing.cancel()


async def test_who_was_only_asked_beside_it_is_not_given_up(models, llama, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(POISONED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process = EngineProcess(llama(models / "tiny.gguf"))
    await process.opened()

    async def ask(text: str) -> str:
        question = Question([(text, False)], Sampling(seed=1, max_tokens=200))
        async with aclosing(process.stream(question, 60)) as parts:
            return [part.done async for part in parts][-1]

    innocent = [asyncio.create_task(ask(f"Tale {number}")) for number in range(5)]
    while not (await process.metrics())["active"]:
        await asyncio.sleep(0.01)
    with pytest.raises(Unanswered, match=f"has ended its process {TRIES} times"):
        await ask("poison")
    assert await asyncio.gather(*innocent) == ["length"] * 5
    await process.close()


async def test_lives_without_an_answer_are_no_failed_loading(process):
    for _ in range(LOADS - 1):
        await process.opened()
        await ended(process)
    while process.pid is None:
        await asyncio.sleep(0.005)
    await ended(process)
    assert await process.opened()


async def ended(process):
    os.kill(process.pid, signal.SIGKILL)
    while process.pid is not None:
        await asyncio.sleep(0.005)


async def test_a_worker_that_stands_still_is_noticed_within_two_seconds(process):
    async with aclosing(process.stream(LONG, 30)) as parts:
        await anext(parts)
        stopped = process.pid
        os.kill(stopped, signal.SIGSTOP)
        began = time.monotonic()
        while process.pid == stopped:
            await asyncio.sleep(0.01)
        assert time.monotonic() - began < 20  # 2 s on a machine with nothing else to do
        while not (await anext(parts)).again:
            pass
        assert (await anext(parts)).text
    assert process.restarts == 1


async def test_a_worker_that_is_idle_lives_on(process):
    await asyncio.sleep(3)
    assert process.restarts == 0


def test_a_bot_that_dies_takes_its_worker_along(models, llama):
    root = Path(__file__).parents[4]
    program = (
        "import asyncio, os, sys; from pathlib import Path\n"
        "from bot.models.llama.process import EngineProcess\n"
        "from bot.models.llama.settings import EngineSettings\n"
        "async def main():\n"
        "    process = EngineProcess(EngineSettings(Path(sys.argv[1]), context=2048))\n"
        "    await process.opened()\n"
        "    print(process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(models / "tiny.gguf")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as bot:
        worker = int(bot.stdout.readline())
        os.kill(worker, 0)
        bot.kill()
    ends = time.monotonic() + 60
    while Path(f"/proc/{worker}/stat").exists() and _state(worker) != "Z":
        assert time.monotonic() < ends
        time.sleep(0.02)


def _state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


def _environment(pid):
    return Path(f"/proc/{pid}/environ").read_bytes()


async def test_a_worker_gets_no_secrets_and_says_nothing(models, llama, monkeypatch, capfd):
    monkeypatch.setenv("DISCORD_TOKEN", "canary-token")
    process = EngineProcess(llama(models / "tiny.gguf"))
    try:
        await process.opened()
        async with aclosing(process.stream(LONG, 30)) as parts:
            await anext(parts)
            given = _environment(process.pid)
    finally:
        await process.close()
    assert b"canary" not in given
    assert capfd.readouterr() == ("", "")


async def test_who_leaves_an_answer_makes_room_for_others(process):
    async with aclosing(process.stream(LONG, 30)) as parts:
        await anext(parts)
    for _ in range(1000):
        if (await process.metrics())["active"] == 0:
            break
        await asyncio.sleep(0.02)
    found = await process.metrics()
    assert found["active"] == 0
    assert found["tokens_out"] < 3000


async def test_who_waits_for_a_worker_that_is_closed_is_told(models, llama):
    process = EngineProcess(llama(models / "tiny.gguf"))
    waiting = asyncio.create_task(process.opened())
    await asyncio.sleep(0.05)
    await process.close()
    for asked in (waiting, process.opened(), process.metrics()):
        with pytest.raises(OperatorError, match=r"The model tiny\.gguf was closed"):
            await asked
    assert process.pid is None


def test_a_bot_that_does_not_read_for_a_while_misses_nothing(models, llama):
    command = [sys.executable, "-m", "bot.models.llama.worker"]
    root = Path(__file__).parents[4]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=root, **pipes) as worker:
        worker.stdin.write(packed({"do": "open", "settings": plain(llama(models / "tiny.gguf"))}))
        worker.stdin.flush()
        while receive(worker.stdout)["is"] != "opened":
            pass
        for number in range(32):
            wish = {"do": "ask", "id": f"{number}", "deadline": 60, "options": [], **HI}
            worker.stdin.write(packed(wish))
        worker.stdin.flush()
        time.sleep(2.5)
        counts, size, ended = Counter(), 0, set()
        while len(ended) < 32:
            frame = receive(worker.stdout)
            size += len(packed(frame))
            for piece in frame.get("pieces", ()):
                counts[piece["job_id"]] += piece.get("tokens", 0)
                ended |= {piece["job_id"]} if piece["done"] else set()
        worker.stdin.close()
        assert worker.wait(60) == 0
        worker.stdout.close()
    assert size > 1_000_000
    assert set(counts.values()) == {100}


async def test_frames_arrive_whole_or_not_at_all():
    frames = [{"text": "\ud83d é\0" * count} for count in (0, 1, 5000)]
    pipe = asyncio.StreamReader()
    pipe.feed_data(b"".join(map(packed, frames)) + packed({})[:5])
    pipe.feed_eof()
    assert [await received(pipe) for _ in range(4)] == [*frames, None]


@pytest.mark.parametrize("raw", [b"\0\0\0\3abc", b"\0\0\0\2[]", (LONGEST + 1).to_bytes(4, "big")])
async def test_what_is_no_frame_is_refused(raw):
    pipe = asyncio.StreamReader()
    pipe.feed_data(raw)
    with pytest.raises(WireBroken):
        await received(pipe)


POISONED = """
import os, signal, llama_cpp
tokenize = llama_cpp.llama_tokenize
def tokenize_unless(vocabulary, text, *given):
    if b"poison" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return tokenize(vocabulary, text, *given)
llama_cpp.llama_tokenize = tokenize_unless
"""
"""A worker that a certain text ends."""
STALLING = """
import ctypes, time, llama_cpp
compute, calls = llama_cpp.llama_decode, []
libc, lock = ctypes.CDLL(None), ctypes.c_int()
libc.pthread_spin_init(ctypes.byref(lock), 0)
libc.pthread_spin_lock(ctypes.byref(lock))
def decode(*given):
    calls.append(given)
    return compute(*given) if len(calls) < 20 else STALL
llama_cpp.llama_decode = decode
from bot.models.llama.worker import main
main()
"""
"""A worker in which a step of llama.cpp never comes to its end."""
TELLING = """
import os, sys, time
exit_ = os._exit
def tell(code):
    print(time.process_time() - stalled, file=sys.stderr, flush=True)
    exit_(code)
os._exit = tell
"""
"""How much of a processor's time it has used since then, in seconds."""
WAITS = "time.sleep(3600)"
SPINS = "libc.pthread_spin_lock(ctypes.byref(lock))"


@pytest.mark.parametrize(
    ("stall", "code", "wish"),
    [
        (WAITS, EXIT_STUCK, {"do": "ask", "options": [], **HI}),
        (SPINS, EXIT_ENDLESS, {"do": "ask", "options": [], **HI}),
        (WAITS, EXIT_STUCK, {"do": "embed", "text": "long " * 5000}),
    ],
)
def test_native_code_that_never_ends_is_noticed_within_two_seconds(
    models, llama, stall, code, wish
):
    program = TELLING + STALLING.replace("STALL", f"began() or {stall}")
    program = f"def began():\n    global stalled\n    stalled = time.process_time()\n{program}"
    root = Path(__file__).parents[4]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([sys.executable, "-c", program], cwd=root, **pipes) as worker:
        worker.stdin.write(packed({"do": "open", "settings": plain(llama(models / "tiny.gguf"))}))
        worker.stdin.write(packed({"id": "1", "deadline": 60, **wish}))
        worker.stdin.flush()
        beats = 0
        while (frame := receive(worker.stdout)) is not None:
            beats = beats + 1 if frame["is"] == "beat" else 0
        used = float(worker.stderr.read().split()[-1])
        assert worker.wait(60) == code
    # On a busy machine beats come late, and a loop gets only a part of a processor.
    assert used <= 2.0 if code == EXIT_ENDLESS else EVERY * beats <= 2.0


def look(vigil, at, step=1.0, worked=0.0, pages=0, computed=False):
    return vigil.ending(step, at * EVERY, worked, pages, computed=computed)


def test_a_long_step_whose_operations_end_is_no_hang():
    vigil = Vigil(0.0, LONGEST_OPERATION)
    assert not any(look(vigil, at, worked=at * EVERY, computed=True) for at in range(1, 1000))


def test_a_long_step_without_signs_that_computes_is_no_hang_for_a_minute():
    vigil = Vigil(0.0)
    found = [look(vigil, at, worked=at * EVERY) for at in range(1, 200)]
    assert EVERY * found.index(EXIT_ENDLESS) == pytest.approx(LONGEST_STEP, abs=2 * EVERY)


def test_a_long_step_that_reads_the_file_is_no_hang():
    vigil = Vigil(0.0, LONGEST_OPERATION)
    assert not any(look(vigil, at, pages=at) for at in range(1, 100))


def test_a_step_that_does_nothing_is_a_hang():
    vigil = Vigil(0.0)
    found = [look(vigil, 1 + at, worked=at / 1000) for at in range(10)]
    assert found.index(EXIT_STUCK) == STILL


def test_between_steps_nothing_is_a_hang():
    vigil = Vigil(0.0, LONGEST_OPERATION)
    assert not any(look(vigil, at, step=None) for at in range(100))


def test_an_operation_that_computes_for_ever_is_a_hang():
    vigil = Vigil(0.0, LONGEST_OPERATION)
    found = [look(vigil, 1 + at, worked=at * EVERY) for at in range(10)]
    assert found.index(EXIT_ENDLESS) == 3


def test_who_gets_half_the_processor_has_twice_the_time():
    vigil = Vigil(0.0, LONGEST_OPERATION)
    found = [look(vigil, 1 + at, worked=at * EVERY / 2) for at in range(10)]
    assert found.index(EXIT_ENDLESS) == 6


def test_where_one_operation_took_long_the_next_may_take_four_times_as_long():
    vigil = Vigil(0.0, LONGEST_OPERATION)
    signs = [at == 2 for at in range(20)]
    found = [look(vigil, 1 + at, worked=at * EVERY, computed=signs[at]) for at in range(20)]
    assert found.index(EXIT_ENDLESS) == 2 + 5


def test_llama_cpp_shows_that_it_computes(open_engine):
    from bot.models.llama.signs import has_computed

    asker = open_engine()
    has_computed()
    assert not has_computed()
    asker.say("one", "Hello", max_tokens=2)
    assert has_computed()
    assert not has_computed()


async def test_a_question_over_which_a_worker_spun_is_answered_by_the_next(
    models, llama, tmp_path, monkeypatch
):
    spins_once = STALLING.replace("STALL", f"spin() or {SPINS}").split("from bot.", 1)[0]
    patched = f"{spins_once}\ndef spin():\n    open({str(tmp_path / 'spun')!r}, 'x').close()\n"
    (tmp_path / "sitecustomize.py").write_text(
        f"import os\nif not os.path.exists({str(tmp_path / 'spun')!r}):\n"
        + textwrap.indent(patched, "    ")
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process = EngineProcess(llama(models / "tiny.gguf"))
    question = Question([("Once", False)], Sampling(seed=1, max_tokens=40))
    with capture_logs() as logs:
        async with aclosing(process.stream(question, 60)) as parts:
            told = [part async for part in parts]
    await process.close()
    assert told[-1].done == "length"
    assert [part.again for part in told].count(True) == 1
    assert [log["because"] for log in logs] == ["it computed without an end in llama.cpp"]
