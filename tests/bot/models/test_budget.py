"""A model under a budget: counted before and after each call, whatever becomes of the call."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.administration import Amount, Budget, Limit, Payer
from bot.errors import BudgetSpent, ModelError
from bot.models.budget import Budgeted, Spending
from bot.models.chat import Completion
from bot.models.config import ModelSettings
from bot.store.sql_store import SqlStore
from tests.faulty_model import Mode

HERE, ADMIN, ANN = 1, 77, 88
HELLO = [{"role": "user", "content": "Say hello."}]


@pytest.fixture
async def store(tmp_path):
    opened = await SqlStore.open(tmp_path / "parlour.db")
    yield opened
    await opened.close()


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def budgeted(store, connect, warnings):
    def make(**settings):
        spending = Spending(
            store.accounts, Payer(HERE, ANN), lambda payer, said: warnings.append((payer, said))
        )
        prices = {"price_in": 0.5, "price_out": 2, **settings}
        return Budgeted(connect(**prices), spending)

    return make


async def spent(store):
    found = await store.accounts.spent(HERE, ANN, datetime.now(UTC).date())
    assert found.used == (await store.accounts.spent(HERE, 0, found.day)).used
    assert found.reserved == Amount()
    return found


async def test_what_the_server_counts_is_what_is_paid(budgeted, store, server):
    answer = await budgeted().complete(HELLO)
    found = await spent(store)
    assert (found.requests, found.tokens_in, found.tokens_out) == (
        1,
        answer.prompt_tokens,
        answer.completion_tokens,
    )
    assert found.money == -int(-(0.5 * found.tokens_in + 2 * found.tokens_out) // 1)


class Uncounted:
    """A model whose server counts in a way of its own."""

    settings = ModelSettings(name="parrot", base_url="http://127.0.0.1:9/v1", model="m")

    def __init__(self, tokens_in, tokens_out):
        self.counts = tokens_in, tokens_out

    async def complete(self, messages, **_):
        return Completion("A good day to you all.", *self.counts, 0.1, 0.1, False, False)


@pytest.mark.parametrize(
    ("counts", "least", "most"),
    [
        ((None, None), (4, 6), (10, 11)),
        ((-5, 10**30), (0, 10**8), (0, 10**8)),
    ],
)
async def test_what_the_server_does_not_count_or_cannot_mean_is_estimated(
    store, counts, least, most
):
    spending = Spending(store.accounts, Payer(HERE, ANN), lambda payer, said: None)
    await Budgeted(Uncounted(*counts), spending).complete(HELLO)
    found = await spent(store)
    assert least[0] <= found.tokens_in <= most[0]
    assert least[1] <= found.tokens_out <= most[1]


async def test_a_spent_budget_stops_before_the_call(budgeted, store, server):
    await store.administration.change_budget(HERE, Budget(guild=Limit(requests=1)), ADMIN)
    model = budgeted()
    await model.complete(HELLO)
    calls, before = len(server.requests), await spent(store)
    with pytest.raises(BudgetSpent, match=r"This server's budget for models is spent: 1 request "):
        await model.complete(HELLO)
    assert len(server.requests) == calls
    assert (await spent(store)).used == before.used


async def test_an_answer_that_may_be_too_long_is_not_begun(budgeted, store, server):
    await store.administration.change_budget(HERE, Budget(user=Limit(tokens=1000)), ADMIN)
    with pytest.raises(BudgetSpent, match="This member's budget"):
        await budgeted(max_tokens=2000).complete(HELLO)
    assert server.requests == []
    await budgeted(max_tokens=500).complete(HELLO)


async def test_a_failed_call_costs_its_prompt(budgeted, store, server):
    server.mode = Mode.BAD_KEY
    with pytest.raises(ModelError):
        await budgeted().complete(HELLO)
    found = await spent(store)
    assert (found.requests, found.tokens_out) == (1, 0)
    assert found.tokens_in > 0


@pytest.mark.parametrize("pause", [0, 0.002, 0.005, 0.2])
async def test_a_cancelled_call_leaves_nothing_reserved(budgeted, store, server, pause):
    server.mode = Mode.HANG
    call = asyncio.create_task(budgeted(seconds=5.0).complete(HELLO))
    await asyncio.sleep(pause)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert (await spent(store)).requests <= 1


async def test_who_plays_is_told_once_when_little_is_left(budgeted, store, warnings):
    await store.administration.change_budget(HERE, Budget(guild=Limit(requests=5)), ADMIN)
    model = budgeted()
    for _ in range(5):
        await model.complete(HELLO)
    assert [payer for payer, _ in warnings] == [Payer(HERE, ANN)]
    assert warnings[0][1].startswith("80 % of this server's budget for models are used")


async def test_many_seats_at_once_stay_within_the_budget(budgeted, store, server):
    await store.administration.change_budget(HERE, Budget(guild=Limit(requests=7)), ADMIN)
    model = budgeted()
    results = await asyncio.gather(
        *(model.complete(HELLO) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(why, BudgetSpent) for why in results) == 13
    assert len(server.requests) == 7
    assert (await spent(store)).requests == 7


async def test_an_answer_that_is_paid_for_is_heard_while_it_comes(budgeted, store, server):
    heard = []
    answer = await budgeted().complete(HELLO, heard=heard.append, stops=["\nann:"])
    assert heard[-1] == answer.text
    assert server.requests[-1].body["stop"] == ["\nann:"]
    assert (await spent(store)).requests == 1
