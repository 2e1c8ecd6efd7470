"""Towns on disk: where they live, what they may cost, and how far they were told of."""

from dataclasses import replace

import pytest

from bot.administration import Amount, Limit
from bot.arena.towns import CatchUp, Per, Telling, Told, TownPlace
from bot.errors import AlreadyDone

TOWN = TownPlace("abcdefgh", 1, 2, 4, "i:5")


async def test_a_town_is_read_as_it_was_written_last(store):
    await store.towns.save(TOWN)
    changed = replace(
        TOWN,
        thread=7,
        going=True,
        speed=360.0,
        catch_up=CatchUp.RUN,
        telling=Telling.LIVE,
        limit=Limit(requests=5),
        per=Per.DAY,
        before=Amount(3, 200, 1),
        told=Told(360, 2, 11, 12),
    )
    await store.towns.save(changed)
    assert await store.towns.town("abcdefgh") == changed
    assert await store.towns.made_by("i:5") == changed
    assert await store.towns.open_towns() == [changed]
    await store.towns.save(replace(changed, open=False))
    assert await store.towns.open_towns() == []


async def test_one_interaction_founds_one_town(store):
    await store.towns.save(TOWN)
    with pytest.raises(AlreadyDone):
        await store.towns.save(replace(TOWN, match_id="other"))
    assert await store.towns.town("other") is None


async def test_who_founded_a_town_can_be_forgotten_and_a_server_takes_its_towns_along(store):
    await store.towns.save(TOWN)
    assert (await store.privacy.export_of(4))["towns"][0]["match_id"] == "abcdefgh"
    await store.privacy.delete_of(4)
    assert (await store.towns.town("abcdefgh")).opener == 0
    assert (await store.privacy.export_of(4))["towns"] == []
    await store.privacy.delete_of_guild(1, by=9)
    assert await store.towns.town("abcdefgh") is None
