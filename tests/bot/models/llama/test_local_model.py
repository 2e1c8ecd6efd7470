"""A local model at a table: answers of the right form, in company, and in whole games."""

import asyncio
import statistics
import time

import pytest

from bot.errors import ModelError, OperatorError
from bot.models.check import try_model
from bot.models.config import load_models
from bot.models.llama.asking import Question
from bot.models.llama.client import LocalModel
from bot.models.llama.jobs import Sampling
from bot.models.llama.process import EngineProcess
from games.core import Ask

HELLO = [{"role": "user", "content": "Tell me a story."}]
THROW = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))
GUESS = Ask("How many?", low=3, high=40)
FORM = Ask("A word and a number?", fields={"word": Ask("?", max_length=12), "number": GUESS})


async def test_a_model_tells_a_story_and_counts_what_it_cost(local):
    found = await local("talking", max_tokens=80).complete(HELLO, seed=4)
    assert found.text
    assert not found.structured
    assert found.prompt_tokens > 20
    assert 0 < found.completion_tokens <= 80
    assert 0 < found.first <= found.seconds


async def test_a_text_is_heard_while_it_comes_and_ends_where_it_is_told_to(local):
    heard, model = [], local("talking", max_tokens=80)
    answer = await model.complete(HELLO, seed=4, heard=heard.append)
    assert heard[-1].strip() == answer.text
    assert len(heard) > 1
    end = answer.text.split()[3]
    shorter = await model.complete(HELLO, seed=4, stops=[end])
    assert shorter.text == answer.text[: answer.text.index(end)].strip()
    await model.complete(HELLO, schema=FORM.json_schema(), heard=heard.clear)


@pytest.mark.parametrize("file", ["tiny", "talking"])
@pytest.mark.parametrize("ask", [THROW, GUESS, FORM])
async def test_even_noise_has_the_form_that_was_asked_for(local, file, ask):
    found = await local(file).complete(HELLO, schema=ask.json_schema())
    assert found.structured
    ask.parse(found.text)


async def test_the_same_seed_gives_the_same_answer(local):
    model = local("tiny", max_tokens=20)
    one, again, other = [await model.complete(HELLO, seed=seed) for seed in (7, 7, 8)]
    assert one.text == again.text != other.text
    picks = {(await model.complete(HELLO, schema=THROW.json_schema(), seed=3)).text for _ in "12"}
    assert len(picks) == 1


async def test_an_answer_that_is_cut_off_is_told_apart(local):
    model = local("tiny", max_tokens=5)
    assert (await model.complete(HELLO)).cut_off
    with pytest.raises(ModelError, match="tiny was cut off before its answer was complete"):
        await model.complete(HELLO, schema=FORM.json_schema())


async def test_a_deadline_ends_an_answer_with_a_sentence(local):
    model = local("tiny", max_tokens=10_000)
    await model.complete(HELLO, schema=THROW.json_schema())
    began = time.monotonic()
    with pytest.raises(ModelError) as error:
        await model.complete(HELLO, deadline=0.3)
    assert str(error.value).startswith("The model tiny gave no whole answer within 0.3 s")
    assert time.monotonic() - began < 8


async def test_a_prompt_that_is_too_long_is_refused_with_its_length(local):
    model = local("tiny")
    with pytest.raises(ModelError, match=r"tiny gave no answer: the prompt has \d+ tokens"):
        await model.complete([{"role": "user", "content": "long " * 9000}])


async def test_models_with_one_file_share_a_worker(local, engines):
    models = [local("tiny", max_tokens=4, persona=name) for name in ("Ann", "Bob", "Cy")]
    await asyncio.gather(*(model.complete(HELLO) for model in models))
    assert len({id((await engines.loaded(model.settings)).process) for model in models}) == 1


async def test_an_adapter_gives_another_voice(local):
    given = {"adapters": {"red": {"file": "red.gguf", "scale": 1.0}}, "max_tokens": 12}
    plain, red = local("tiny", **given), local("tiny", **given, adapter="red")
    texts = [(await model.complete(HELLO, seed=1)).text for model in (plain, red, plain)]
    assert texts[0] == texts[2] != texts[1]


async def test_characters_with_one_file_share_a_worker_that_knows_all_their_adapters(
    settings, engines, local
):
    settings.models.write_text(
        '[ann]\nfile = "tiny.gguf"\nconversations = 20\nadapter = "mine"\n'
        '[ann.adapters]\nmine = { file = "red.gguf" }\n'
        '[bob]\nfile = "tiny.gguf"\nadapter = "mine"\n'
        '[bob.adapters]\nmine = { file = "blue.gguf", scale = 0.5 }\n'
        '[lost]\nfile = "tiny.gguf"\n[lost.adapters]\nmine = { file = "gone.gguf" }\n'
    )
    tables = load_models(settings.models)
    ann, bob = (LocalModel(tables[name], engines, "7") for name in ("ann", "bob"))
    texts = [(await model.complete(HELLO, seed=1)).text for model in (ann, bob)]
    assert texts[0] != texts[1]
    process = (await engines.loaded(tables["bob"])).process
    assert process is (await engines.loaded(tables["ann"])).process
    assert set(process.settings.adapters) == {"red.gguf 1", "blue.gguf 0.5"}
    assert process.settings.sequences == 20
    assert bob.question([]).group == "7"
    with pytest.raises(OperatorError, match=r"There is no file 'gone\.gguf'"):
        await LocalModel(tables["lost"], engines).complete(HELLO)


async def test_thirty_two_conversations_at_once_and_the_event_loop_goes_on(local):
    model = local("tiny", max_tokens=60)
    await model.complete(HELLO)
    lags = []

    async def beat():
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            lags.append(time.perf_counter() - began - 0.01)

    beating = asyncio.create_task(beat())
    asked = [[{"role": "user", "content": f"I am number {number}."}] for number in range(32)]
    found = await asyncio.gather(*(model.complete(messages) for messages in asked))
    beating.cancel()
    assert all(one.completion_tokens == 60 for one in found)
    assert len(lags) > 10
    assert statistics.median(lags) < 0.1  # a busy machine may stop anybody for a while


async def test_nobody_has_to_read_for_others_to_be_answered(models, llama):
    process = EngineProcess(llama(models / "tiny.gguf"))
    try:
        question = Question([("Hi", False)], Sampling(seed=1, max_tokens=500))
        slow = process.stream(question, 30)
        first = await anext(slow)
        quick = Question([("You", False)], Sampling(seed=1, max_tokens=5))
        assert [part async for part in process.stream(quick, 30)][-1].done == "length"
        rest = [part async for part in slow]
        assert first.tokens + sum(part.tokens for part in rest) == 500
    finally:
        await process.close()


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("gone.gguf", None, "There is no file 'gone.gguf'"),
        ("text.gguf", b"Hello, this is a letter, and it is no model at all.", "text.gguf"),
        ("cut.gguf", "half", "cut.gguf"),
    ],
)
async def test_a_file_that_cannot_be_loaded_is_named_with_the_reason(
    local, models, file, content, why
):
    if content is not None:
        whole = (models / "tiny.gguf").read_bytes()
        (models / file).write_bytes(whole[: len(whole) // 2] if content == "half" else content)
    with pytest.raises(OperatorError) as error:
        await local("some", file=file).complete(HELLO)
    assert why in str(error.value)
    assert str(error.value).endswith(".")


async def test_a_trial_shows_a_local_model_like_any_other(settings):
    report = await try_model("talking", settings)
    assert report.error is None
    assert (report.json, report.not_taken) == ("by schema", ())
    assert (report.model, report.server) == ("talking.gguf", "this machine")
    assert report.tokens_per_second > 0


async def test_a_trial_of_a_file_that_is_gone_ends_with_its_sentence(settings):
    with settings.models.open("a") as file:
        file.write('[gone]\nfile = "gone.gguf"\n')
    report = await try_model("gone", settings)
    assert "There is no file 'gone.gguf'" in report.error
