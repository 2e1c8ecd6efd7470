"""Budgets: reserved before, settled after, never overrun, and told of once before they end."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.administration import Amount, Budget, Cost, Limit, Payer, Reservation
from bot.errors import BudgetSpent
from bot.store.sql_store import SqlStore

HERE, ELSEWHERE, ADMIN, ANN, BOB = 1143000000000000001, 2, 77, 88, 99
AT = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
DAY = date(2026, 1, 31)
COST = Cost(tokens_in=100, tokens_out=50, money=10)


def reservation(name, user=ANN, guild=HERE, cost=COST, at=AT):
    return Reservation(name, Payer(guild, user), cost, at)


@pytest.fixture
def accounts(store):
    return store.accounts


@pytest.fixture
def budget(store):
    async def change(guild=None, user=None):
        limits = Budget(Limit(**guild or {}), Limit(**user or {}))
        await store.administration.change_budget(HERE, limits, ADMIN)

    return change


async def used(accounts, user=0, guild=HERE, day=DAY):
    spent = await accounts.spent(guild, user, day)
    return spent.used, spent.reserved


async def test_a_call_is_reserved_and_then_counted_for_the_server_and_for_the_member(accounts):
    await accounts.reserve(reservation("r1"))
    for user in (0, ANN):
        assert await used(accounts, user) == (Amount(), Amount(1, 150, 10))
    assert await accounts.settle(reservation("r1"), Cost(90, 400, 7)) == []
    for user in (0, ANN):
        spent = await accounts.spent(HERE, user, DAY)
        assert (spent.tokens_in, spent.tokens_out) == (90, 400)
        assert (spent.used, spent.reserved) == (Amount(1, 490, 7), Amount())
    assert await used(accounts, BOB) == (Amount(), Amount())
    assert await used(accounts, guild=ELSEWHERE) == (Amount(), Amount())


async def test_a_call_that_never_was_costs_nothing(accounts):
    await accounts.reserve(reservation("r1"))
    await accounts.settle(reservation("r1"), None)
    assert await used(accounts) == (Amount(), Amount())


async def test_a_call_is_counted_once_however_often_it_is_settled(accounts):
    await accounts.reserve(reservation("r1"))
    await asyncio.gather(*(accounts.settle(reservation("r1"), COST) for _ in range(3)))
    await accounts.settle(reservation("never reserved"), COST)
    assert await used(accounts) == (Amount(1, 150, 10), Amount())


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ({"requests": 2}, r"2 requests a day \(used or reserved: 2 requests, the next answer may"),
        ({"tokens": 449}, r"449 tokens a day \(used or reserved: 300 tokens, .* need 150 tokens\)"),
        ({"money": 29}, r"0\.000029 in money a day"),
    ],
)
@pytest.mark.parametrize("whose", ["guild", "user"])
async def test_a_spent_budget_refuses_with_a_sentence_and_keeps_nothing(
    accounts, budget, whose, limit, sentence
):
    await budget(**{whose: limit})
    await accounts.reserve(reservation("r1"))
    await accounts.settle(reservation("r1"), COST)
    await accounts.reserve(reservation("r2"))
    before = [await used(accounts, user) for user in (0, ANN)]
    name = {"guild": "server", "user": "member"}[whose]
    with pytest.raises(
        BudgetSpent, match=f"This {name}'s budget for models is spent: {sentence}"
    ) as why:
        await accounts.reserve(reservation("r3"))
    assert str(why.value).endswith("; it begins anew on 2026-02-01 at 00:00 UTC.")
    assert why.value.begins_anew == datetime(2026, 2, 1, tzinfo=UTC)
    assert [await used(accounts, user) for user in (0, ANN)] == before
    assert await accounts.count_stale(AT + timedelta(days=1)) == 1


async def test_what_one_member_spends_leaves_others_their_own(accounts, budget):
    await budget(user={"requests": 1})
    await accounts.reserve(reservation("r1"))
    with pytest.raises(BudgetSpent):
        await accounts.reserve(reservation("r2"))
    await accounts.reserve(reservation("r3", user=BOB))
    await accounts.reserve(reservation("r4", user=0))
    await accounts.reserve(reservation("r5", guild=ELSEWHERE))


async def test_a_new_day_and_a_higher_limit_both_help(accounts, budget):
    await budget(guild={"requests": 1})
    await accounts.reserve(reservation("r1"))
    await accounts.reserve(reservation("r2", at=AT + timedelta(minutes=30)))
    with pytest.raises(BudgetSpent):
        await accounts.reserve(reservation("r3"))
    await budget(guild={"requests": 2})
    await accounts.reserve(reservation("r4"))


async def test_a_limit_of_nothing_lets_nobody_begin(accounts, budget):
    await budget(guild={"requests": 0})
    with pytest.raises(BudgetSpent, match="0 requests a day"):
        await accounts.reserve(reservation("r1"))
    assert await used(accounts) == (Amount(), Amount())


async def test_reservations_at_the_same_time_cannot_overrun_a_budget(accounts, budget):
    await budget(guild={"requests": 10}, user={"tokens": 150 * 6})
    wanted = [reservation(f"r{n}", user=(ANN, BOB)[n % 2]) for n in range(40)]
    results = await asyncio.gather(*map(accounts.reserve, wanted), return_exceptions=True)
    granted = [one for one, why in zip(wanted, results, strict=True) if why is None]
    assert len(granted) == 10
    assert {type(why) for why in results if why} == {BudgetSpent}
    assert (await used(accounts))[1] == Amount(10, 1500, 100)
    for user in (ANN, BOB):
        assert (await used(accounts, user))[1].tokens <= 900
    await asyncio.gather(*(accounts.settle(one, COST) for one in granted))
    assert await used(accounts) == (Amount(10, 1500, 100), Amount())


async def test_two_processes_at_one_database_cannot_overrun_a_budget(store_url, store, budget):
    await budget(guild={"requests": 10})
    other = await SqlStore.open(store_url)
    results = await asyncio.gather(
        *(
            one.accounts.reserve(reservation(f"r{n}{i}"))
            for n in range(10)
            for i, one in enumerate((store, other))
        ),
        return_exceptions=True,
    )
    assert results.count(None) == 10
    assert {type(why) for why in results if why} == {BudgetSpent}
    await other.close()


async def test_a_call_that_costs_more_than_expected_is_counted_in_full(accounts, budget):
    await budget(guild={"tokens": 200})
    await accounts.reserve(reservation("r1"))
    await accounts.settle(reservation("r1"), Cost(100, 5000, 9))
    assert await used(accounts) == (Amount(1, 5100, 9), Amount())
    with pytest.raises(BudgetSpent, match="used or reserved: 5,100 tokens"):
        await accounts.reserve(reservation("r2"))


async def test_at_eighty_per_cent_each_account_is_told_of_once_a_day(accounts, budget, store_url):
    await budget(guild={"requests": 10}, user={"requests": 9})
    told = []
    for n in range(9):
        await accounts.reserve(reservation(f"r{n}"))
        told.append(await accounts.settle(reservation(f"r{n}"), COST))
    assert [len(some) for some in told] == [0, 0, 0, 0, 0, 0, 0, 2, 0]
    anew = "it begins anew on 2026-02-01 at 00:00 UTC."
    assert told[7] == [
        f"80 % of this server's budget for models are used: it is 10 requests a day; {anew}",
        f"80 % of this member's budget for models are used: it is 9 requests a day; {anew}",
    ]
    again = await SqlStore.open(store_url)
    await again.accounts.reserve(reservation("r9", user=BOB))
    assert await again.accounts.settle(reservation("r9", user=BOB), COST) == []
    await again.close()


async def test_calls_that_end_at_the_same_time_are_told_of_once(accounts, budget):
    await budget(guild={"requests": 10})
    calls = [reservation(f"r{n}") for n in range(10)]
    await asyncio.gather(*map(accounts.reserve, calls))
    told = await asyncio.gather(*(accounts.settle(call, COST) for call in calls))
    assert sum(map(len, told)) == 1


async def test_a_killed_call_counts_as_made_after_an_hour(accounts, budget):
    await budget(guild={"requests": 1})
    await accounts.reserve(reservation("r1"))
    assert await accounts.count_stale(AT + timedelta(minutes=59)) == 0
    assert await used(accounts) == (Amount(), Amount(1, 150, 10))
    assert await accounts.count_stale(AT + timedelta(hours=1)) == 1
    assert await accounts.count_stale(AT + timedelta(hours=1)) == 0
    assert await used(accounts) == (Amount(1, 150, 10), Amount())
    await accounts.settle(reservation("r1"), replace(COST, money=999))
    assert await used(accounts) == (Amount(1, 150, 10), Amount())


@pytest.fixture
async def capped(store_url):
    """What the operator has limited to 2 requests for any server."""
    store = await SqlStore.open(store_url, cap=Limit(requests=2))
    yield store.accounts
    await store.close()


OPERATOR = r"2 requests a day .*; only the operator of this bot can raise it; it begins anew"


@pytest.mark.parametrize("own", [{}, {"requests": 100}, {"tokens": 1000}, {"requests": 2}])
async def test_no_admin_goes_beyond_the_cap_of_the_operator(capped, budget, own):
    await budget(guild=own)
    await capped.reserve(reservation("r1"))
    await capped.reserve(reservation("r2", user=BOB))
    with pytest.raises(BudgetSpent, match=OPERATOR):
        await capped.reserve(reservation("r3"))
    assert await used(capped) == (Amount(), Amount(2, 300, 20))
    await capped.reserve(reservation("r4", guild=ELSEWHERE))


async def test_a_limit_below_the_cap_is_its_admins_own(capped, budget):
    await budget(guild={"requests": 1})
    await capped.reserve(reservation("r1"))
    with pytest.raises(BudgetSpent, match="1 request a day") as why:
        await capped.reserve(reservation("r2"))
    assert "operator" not in str(why.value)


async def test_the_cap_is_no_limit_of_a_member_and_is_warned_of(capped):
    await capped.reserve(reservation("r1"))
    assert await capped.settle(reservation("r1"), COST) == []
    await capped.reserve(reservation("r2"))
    (warning,) = await capped.settle(reservation("r2"), COST)
    assert warning.startswith("80 % of this server's budget for models are used: it is 2 requests")


async def test_reservations_at_the_same_time_cannot_overrun_the_cap(capped):
    calls = [reservation(f"r{n}", user=n) for n in range(10)]
    results = await asyncio.gather(*map(capped.reserve, calls), return_exceptions=True)
    assert results.count(None) == 2
    assert {type(why) for why in results if why} == {BudgetSpent}


def in_match(name, match_id="m1", **more):
    one = reservation(name, **more)
    return replace(one, payer=replace(one.payer, match_id=match_id))


async def test_what_a_match_costs_adds_up_over_its_calls_members_and_days(accounts):
    calls = [
        in_match("r1"),
        in_match("r2", user=0),
        in_match("r3", at=AT + timedelta(days=1)),
        in_match("r4", match_id="m2"),
        reservation("r5"),
    ]
    await asyncio.gather(*map(accounts.reserve, calls))
    assert await accounts.cost_of_match("m1") == Amount()
    await asyncio.gather(*(accounts.settle(call, COST) for call in calls))
    assert await accounts.cost_of_match("m1") == Amount(3, 450, 30)
    assert await accounts.cost_of_match("m2") == Amount(1, 150, 10)
    assert await accounts.cost_of_match("") == Amount()


async def test_a_match_pays_for_a_call_once_however_often_it_is_settled(accounts, store_url):
    await accounts.reserve(in_match("r1"))
    await asyncio.gather(*(accounts.settle(in_match("r1"), COST) for _ in range(3)))
    await accounts.settle(in_match("never reserved"), COST)
    await accounts.reserve(in_match("r2"))
    await accounts.settle(in_match("r2"), None)
    other = await SqlStore.open(store_url)
    assert await other.accounts.cost_of_match("m1") == Amount(1, 150, 10)
    await other.close()


async def test_a_match_pays_for_a_killed_call_too(accounts):
    await accounts.reserve(in_match("r1"))
    await accounts.count_stale(AT + timedelta(hours=1))
    await accounts.settle(in_match("r1"), replace(COST, money=999))
    assert await accounts.cost_of_match("m1") == Amount(1, 150, 10)


async def test_who_is_cancelled_while_reserving_leaves_nothing_reserved(accounts):
    for pause in (0, 0.001, 0.003):
        one = reservation(f"r{pause}")
        task = asyncio.create_task(accounts.reserve(one))
        await asyncio.sleep(pause)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await accounts.settle(one, None)
    assert await used(accounts) == (Amount(), Amount())
