"""What admins decide, as pure values."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.administration import (
    Amount,
    Budget,
    Limit,
    MayCreate,
    Payer,
    ServerSettings,
    begins_anew,
    cost_of,
    in_words,
)


def test_without_settings_everything_is_allowed_to_everyone():
    settings = ServerSettings()
    assert settings.allows_channel(1)
    assert settings.allows_game("chameleon")
    assert settings.lets_create((), admin=False)


def test_settings_allow_what_they_name_and_nothing_else():
    settings = ServerSettings(channels=(1,), games=("chameleon",))
    assert settings.allows_channel(1)
    assert not settings.allows_channel(11)
    assert settings.allows_game("chameleon")
    assert not settings.allows_game("chameleo")


@pytest.mark.parametrize(
    ("may_create", "member", "holder", "admin"),
    [
        (MayCreate.EVERYONE, True, True, True),
        (MayCreate.ADMINS, False, False, True),
        (99, False, True, True),
    ],
)
def test_who_may_open_a_lobby_is_everyone_a_role_or_the_admins(may_create, member, holder, admin):
    settings = ServerSettings.from_json(ServerSettings(may_create=may_create).to_json())
    assert settings.may_create == may_create
    assert settings.lets_create((9, 999), admin=False) is member
    assert settings.lets_create((1, 99), admin=False) is holder
    assert settings.lets_create((), admin=True) is admin


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seconds": "x"}', '{"may_create": "nobody"}'])
def test_what_cannot_be_read_is_as_if_never_set(text):
    assert ServerSettings.from_json(text) == ServerSettings()


def test_settings_of_a_newer_version_keep_what_this_one_knows():
    assert ServerSettings.from_json('{"seconds": 9, "moon": "full"}') == ServerSettings(seconds=9)


def test_a_limit_may_be_used_up_to_its_last_unit():
    limit = Limit(requests=10, tokens=1000)
    assert limit.exceeded(Amount(9, 900, 10**9), Amount(1, 100)) is None
    assert limit.exceeded(Amount(9, 900), Amount(1, 101)) == (
        "1,000 tokens a day (used or reserved: 900 tokens, the next answer may need 101 tokens)"
    )
    assert limit.reached(Amount(7, 799), 80) is None
    assert limit.reached(Amount(8, 0), 80) == "10 requests"
    assert limit.reached(Amount(0, 800), 80) == "1,000 tokens"
    assert Limit().exceeded(Amount(10**12, 10**12, 10**12), Amount(1, 1, 1)) is None


def test_a_budget_has_a_limit_for_all_and_one_for_each():
    budget = Budget(Limit(1), Limit(2))
    assert budget.of(0) == Limit(1)
    assert budget.of(88) == Limit(2)
    assert Payer(5, 88).accounts == [(5, 0), (5, 88)]
    assert Payer(5).accounts == [(5, 0)]


def test_prices_are_for_a_million_tokens_and_any_part_of_a_millionth_counts():
    assert cost_of(1_000_000, 500_000, 0.4, 1.6).money == 1_200_000
    assert cost_of(1, 0, 0.4, 1.6).money == 1
    assert cost_of(3, 2, 0, 0).money == 0


def test_amounts_read_as_words():
    assert in_words("requests", 1) == "1 request"
    assert in_words("tokens", 1200) == "1,200 tokens"
    assert in_words("money", 2_500_000) == "2.50 in money"
    assert in_words("money", 1_234) == "0.001234 in money"
    assert in_words("money", 0) == "0.00 in money"


def test_budgets_begin_anew_at_midnight_utc_wherever_one_is():
    midnight = datetime(2026, 2, 1, tzinfo=UTC)
    assert begins_anew(midnight - timedelta(microseconds=1)) == midnight
    assert begins_anew(midnight) == midnight + timedelta(days=1)
    tokyo = timezone(timedelta(hours=9))
    assert begins_anew(datetime(2026, 2, 1, 8, tzinfo=tokyo)) == midnight
