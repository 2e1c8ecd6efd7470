"""What admins decide is kept per server, and every change leaves a line that nobody can change."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.administration import (
    AuditLine,
    Ban,
    Budget,
    Limit,
    MayCreate,
    SealedModel,
    ServerModel,
    ServerSettings,
)
from bot.errors import ShownToUser
from tests.bot.store.conftest import NOON

HERE, ELSEWHERE, ADMIN, MEMBER = 1143000000000000001, 2, 77, 88
MODEL = SealedModel(ServerModel(HERE, "gpt", "https://x.test/v1", "m", "sk-…abcd", 0.4), "sealed 1")


async def lines(store, guild=HERE):
    return [(line.who, line.what, line.before, line.after) for line in await store.audit(guild)]


@pytest.fixture
def kept(store):
    return store.administration


async def test_settings_and_budget_hold_for_their_server_alone(kept):
    settings = ServerSettings((1, 2), ("chameleon",), "gpt", 99, 60, "de", text_boards=True)
    budget = Budget(Limit(100, None, 2_500_000), Limit(tokens=5000))
    await kept.change_settings(HERE, settings, ADMIN)
    await kept.change_budget(HERE, budget, ADMIN)
    assert await kept.settings_of(HERE) == settings
    assert await kept.budget_of(HERE) == budget
    assert await kept.settings_of(ELSEWHERE) == ServerSettings()
    assert await kept.budget_of(ELSEWHERE) == Budget()
    await kept.change_settings(HERE, ServerSettings(may_create=MayCreate.ADMINS), ADMIN)
    assert (await kept.settings_of(HERE)).may_create is MayCreate.ADMINS


async def test_settings_that_cannot_be_read_are_as_if_never_set(store, kept):
    await store.set_setting(f"guild:{HERE}", "server", '{"seconds": "soon"}')
    assert await kept.settings_of(HERE) == ServerSettings()


async def test_every_change_says_who_what_before_and_after(kept):
    first, second = ServerSettings(seconds=30), ServerSettings(seconds=60)
    await kept.change_settings(HERE, first, ADMIN)
    await kept.change_settings(HERE, second, MEMBER)
    await kept.note(AuditLine(HERE, ADMIN, "match m1", "going on", "ended", NOON))
    assert await lines(kept) == [
        (ADMIN, "match m1", "going on", "ended"),
        (MEMBER, "settings", first.to_json(), second.to_json()),
        (ADMIN, "settings", "", first.to_json()),
    ]
    assert (await kept.audit(HERE, limit=1))[0].at == NOON
    assert await lines(kept, ELSEWHERE) == []


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET who = 1", "DELETE FROM audit", "DELETE FROM audit WHERE who = 77"]
)
async def test_the_database_itself_refuses_to_change_the_audit_log(store, kept, change):
    await kept.change_settings(HERE, ServerSettings(seconds=30), ADMIN)
    before = await lines(kept)
    engine = store._writing if store._writing.dialect.name == "sqlite" else store._reader
    await store._writer.close()
    with pytest.raises(DBAPIError, match="The audit log is only ever added to"):
        async with engine.begin() as connection:
            await connection.execute(text(change))
    assert await lines(kept) == before


async def test_a_model_is_added_changed_and_removed_and_its_key_is_in_no_line(kept):
    await kept.put_model(MODEL, ADMIN)
    other = SealedModel(replace(MODEL.model, name="ada", guild=ELSEWHERE), "sealed 2")
    await kept.put_model(other, ADMIN)
    changed = SealedModel(replace(MODEL.model, model="m2"), "sealed 3")
    await kept.put_model(changed, ADMIN)
    assert await kept.models(HERE) == [changed]
    assert await kept.models() == [other, changed]
    await kept.remove_model(HERE, "gpt", ADMIN)
    assert await kept.models(HERE) == []
    assert await kept.models() == [other]
    assert [what for _, what, _, _ in await lines(kept)] == ["model gpt"] * 3
    assert "sealed" not in repr(await lines(kept))
    assert "sealed" not in repr(changed)


async def test_removing_a_model_of_another_server_is_refused_and_changes_nothing(kept):
    await kept.put_model(MODEL, ADMIN)
    with pytest.raises(ShownToUser, match=r"This server has no model 'gpt' of its own\."):
        await kept.remove_model(ELSEWHERE, "gpt", ADMIN)
    assert await kept.models() == [MODEL]
    assert await lines(kept, ELSEWHERE) == []


async def test_a_key_is_sealed_anew_only_as_long_as_it_is_the_same(kept):
    await kept.put_model(MODEL, ADMIN)
    await kept.reseal(HERE, "gpt", "sealed 0", "never")
    await kept.reseal(ELSEWHERE, "gpt", "sealed 1", "never")
    assert (await kept.models(HERE))[0].sealed == "sealed 1"
    await kept.reseal(HERE, "gpt", "sealed 1", "sealed 2")
    assert (await kept.models(HERE))[0].sealed == "sealed 2"


async def test_a_ban_keeps_out_until_it_ends_or_is_lifted(kept):
    now = datetime.now(UTC)
    ban = Ban(HERE, MEMBER, "spam", now + timedelta(hours=1))
    await kept.ban(ban, ADMIN)
    assert await kept.banned(HERE, MEMBER, now) == ban
    assert await kept.banned(HERE, MEMBER, now + timedelta(hours=1)) is None
    assert await kept.banned(ELSEWHERE, MEMBER, now) is None
    await kept.ban(replace(ban, until=None), ADMIN)
    assert await kept.banned(HERE, MEMBER, now + timedelta(days=9999)) == replace(ban, until=None)
    assert await kept.bans(HERE) == [replace(ban, until=None)]
    await kept.unban(HERE, MEMBER, ADMIN)
    assert await kept.bans(HERE) == []
    with pytest.raises(ShownToUser, match=r"This member is not banned\."):
        await kept.unban(HERE, MEMBER, ADMIN)
    assert [after for *_, after in await lines(kept)] == [
        "",
        "for ever",
        f"until {ban.until.isoformat()}",
    ]


async def test_changes_at_the_same_time_all_leave_their_line(kept):
    await asyncio.gather(*(kept.ban(Ban(HERE, user, ""), ADMIN) for user in range(1, 21)))
    assert len(await kept.bans(HERE)) == 20
    assert len(await lines(kept)) == 20
