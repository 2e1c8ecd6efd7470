import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towns.errors import TransferRefused
from towns.ledger import MOST_AT_ONCE, TOWN, Ledger, Outside, building_account, resident_account

ANN, BEA, SHOP = resident_account("Ann"), resident_account("Bea"), building_account("shop")


@pytest.fixture
def ledger():
    ledger = Ledger().opened(ANN).opened(BEA).opened(SHOP)
    return paid(ledger, Outside.CASH, ANN, 100)


def paid(ledger, debit, credit, amount):
    return ledger.after(ledger.checked(7, debit, credit, amount, "a test"))


def test_what_one_pays_another_gets(ledger):
    after = paid(ledger, ANN, SHOP, 30)
    assert (after.balances[ANN], after.balances[SHOP]) == (70, 30)
    assert sum(after.balances.values()) == 0


def test_money_comes_from_outside_only_and_is_counted_there(ledger):
    after = paid(ledger, Outside.WAGES, ANN, 200)
    assert after.balances[ANN] == 300
    assert after.balances[Outside.WAGES] == -200
    assert sum(after.balances.values()) == 0


def test_transfers_are_numbered_without_gaps(ledger):
    transfer = ledger.checked(9, ANN, BEA, 1, "a loan")
    assert (transfer.number, transfer.tick, transfer.why) == (2, 9, "a loan")
    assert ledger.after(transfer).transfers == 2


def test_opening_an_account_again_keeps_what_it_holds(ledger):
    assert ledger.opened(ANN).balances == ledger.balances


@pytest.mark.parametrize(
    ("debit", "credit", "amount", "said"),
    [
        (ANN, SHOP, 101, "This costs 101, and only 100 is there: earn more or take less."),
        (TOWN, SHOP, 1, "This costs 1, and only 0 is there: earn more or take less."),
        (ANN, SHOP, 0, "An amount is from 1 to 1,000,000,000 coins: name another."),
        (ANN, SHOP, -3, "An amount is from 1 to 1,000,000,000 coins: name another."),
        (
            Outside.WAGES,
            ANN,
            MOST_AT_ONCE + 1,
            "An amount is from 1 to 1,000,000,000 coins: name another.",
        ),
        (ANN, SHOP, 1.0, "An amount is a whole number of coins: name one."),
        (ANN, SHOP, "5", "An amount is a whole number of coins: name one."),
        (ANN, SHOP, True, "An amount is a whole number of coins: name one."),
        (ANN, SHOP, None, "An amount is a whole number of coins: name one."),
        (ANN, ANN, 5, "Nobody can pay themselves: name somebody else."),
        (ANN, "resident:Cy", 5, "There is no account “resident:Cy”: name one of the town's."),
        ("", SHOP, 5, "There is no account “”: name one of the town's."),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(ledger, debit, credit, amount, said):
    before = dict(ledger.balances)
    with pytest.raises(TransferRefused) as refused:
        ledger.checked(1, debit, credit, amount, "a try")
    assert str(refused.value) == said
    assert ledger.balances == before


accounts = st.sampled_from([ANN, BEA, SHOP, TOWN, *Outside, "resident:nobody", ""])
amounts = st.one_of(
    st.integers(-50, 200),
    st.sampled_from(
        [10**9, 10**18, -(10**30), 0.5, float("nan"), float("inf"), "9", None, True, [], {}]
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(accounts, accounts, amounts), min_size=100, max_size=100))
def test_ten_thousand_transfers_hostile_ones_too_conserve_every_coin(wanted):
    ledger = Ledger().opened(ANN).opened(BEA).opened(SHOP)
    for debit, credit, amount in wanted:
        before = dict(ledger.balances)
        try:
            after = paid(ledger, debit, credit, amount)
        except TransferRefused:
            after = ledger
        else:
            assert after.balances[debit] == before[debit] - amount
            assert after.balances[credit] == before[credit] + amount
        assert ledger.balances == before
        assert sum(after.balances.values()) == 0
        assert all(type(held) is int for held in after.balances.values())
        assert all(held >= 0 for name, held in after.balances.items() if name not in tuple(Outside))
        ledger = after
