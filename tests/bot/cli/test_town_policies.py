"""`town run --mayor` and `town policy`, as a person gives them, with a real database."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli import town_views as views
from bot.cli.town_policies import mayor_player, set_policies, show_policies, wish_in
from bot.cli.towns import Manner, TownOrder, found_town
from bot.errors import ShownToUser
from bot.players.away import Away
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Match
from tests.parrot import Parrot
from tests.towns.living import in_lock_step, live
from towns.decrees import Governed
from towns.events import CLOCK, HOST
from towns.state import final_hash

MAX = Manner("max", watch=False, map_file=None, day_file=None)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PARLOUR_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def order(mayor="none", policies=(), residents=2):
    return TownOrder(1, residents, False, "", 7, True, None, mayor, 3, policies)


def told(capsys):
    return capsys.readouterr().out


def only_town(capsys):
    views.list_towns()
    return told(capsys).split()[0]


def in_lock_step_alone():
    """Return the fingerprint of the same town, without the arena."""
    wish = order("house", ["wages=5%", "Café Estuary/latte=20"])
    match = Match(wish.town(), list(wish.town().start.residents)[:2], 7)
    for policy in wish.policies:
        match.say(HOST, wish_in(policy))
    return final_hash(live(match, in_lock_step).state)[:16]


def test_a_house_mayor_governs_and_is_judged(capsys):
    found_town(order("house", ["wages=5%", "Café Estuary/latte=20"]), MAX)
    said = told(capsys)
    assert "The mayor's term has 32 decisions left. The town and its buildings own " in said
    assert f"Fingerprint: {in_lock_step_alone()}" in said  # whatever the arena asked at once
    town = only_town(capsys)
    show_policies(town)
    said = told(capsys)
    assert "The town takes 15 % of wages (at most 30 %)" in said
    assert "latte 20 (7 to 30)" in said
    views.show_status(town)
    assert "The mayor is a house bot (hard)." in told(capsys)
    views.show_history(town, "", 1)
    assert "day 1, 09:00  The mayor decides: tax: wages, 15." in told(capsys)
    views.replay_town(town)
    assert "nobody was asked" in told(capsys)
    with pytest.raises(ShownToUser, match="The days of this town are over"):
        set_policies(town, ["latte=22"])


def test_a_model_is_the_mayor_and_reads_what_became_of_its_last_decision(capsys):
    bad = {"do": "build", "name": "Corner Shop", "type": "cafe", "plot": "4/1"}
    new = {"do": "recruit", "name": "Wanda", "home": "Toll House", "bio": "Cook.", "goal": "Rest."}
    with Parrot() as model:
        Path("models.toml").write_text(f'[parrot]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        model.says.extend(json.dumps(one) for one in [bad, new, *([{"do": "nothing"}] * 14)])
        found_town(order("model:parrot", residents=1), MAX)
        prompts = [request.prompt for request in model.requests]
    assert "Ferrywick has lived" in told(capsys)
    assert len(prompts) == 16
    assert "You decide for the mayor of a small town" in prompts[0]
    assert "could not be: There is a Corner Shop already; choose another name." in prompts[1]
    assert "Wanda: no work, lives at Toll House; 10,000 coins." in prompts[2]
    town = only_town(capsys)
    views.show_residents(town)
    assert "Wanda, Café Estuary, lives at Toll House" in told(capsys)  # where it was hired


GOVERNING = """\
/town
Build!
Second Cup
cafe
9/9
1
tax
wages
5
/quit
"""


def test_a_person_at_the_keyboard_governs_and_goes_on_later(parlour):
    first = parlour("town", "run", "--residents", "2", "--mayor", "me", stdin=GOVERNING)
    assert (first.returncode, first.stderr) == (0, "")
    assert "Ngozi: works at River Museum" in first.stdout  # the whole town, as it was asked for
    assert "Say exactly one of 4/1, " in first.stdout  # and not 9/9
    assert "«build: Second Cup, cafe, 4/1», was carried out." in first.stdout
    assert "«tax: wages, 5», was carried out." in first.stdout
    again = first.stdout.split("Go on with: python bot.py ")[1].split()
    second = parlour(*again, stdin="\n" * 14)
    assert (second.returncode, second.stderr) == (0, "")
    assert "It is day 1, 11:00. You have 46 decisions left" in second.stdout
    assert "The mayor's term has 32 decisions left." in second.stdout
    assert "Ferrywick has lived from day 1, 06:00" in second.stdout


def test_a_model_that_fails_governs_by_doing_nothing(capsys):
    with Parrot() as model:
        Path("models.toml").write_text(f'[parrot]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        model.says.extend(["I would rather not say."] * 70)
        found_town(order("model:parrot", residents=1), MAX)
    assert "The mayor's term has 32 decisions left" in told(capsys)
    kept = views.kept_town(only_town(capsys))
    decided = [one for turn in kept.turns for one in turn.events if isinstance(one, Governed)]
    assert {one.decision for one in decided} == {"nothing"}


async def stopped(match_id, until):
    """Keep a town whose time was given up to a tick."""
    async with Wiring(Settings(), person=lambda _: Away()).arena() as arena:
        wish = order()
        players = wish.players(wish.town())
        table = await arena.open(wish.town(), players, room="terminal", match_id=match_id)
        await table.submit(CLOCK, str(until))


async def test_policies_of_a_town_that_was_stopped_come_true_when_it_goes_on(capsys):
    await stopped("halfway1", 1_000)
    await asyncio.to_thread(set_policies, "halfway1", ["purchases=7%", "Corner Shop=09:00-21:00"])
    assert "So it will be when everybody has come to day 1, 08:46" in told(capsys)
    await stopped("thewhole", order().town().end)
    with pytest.raises(ShownToUser, match="All the time of this town has been given"):
        await asyncio.to_thread(set_policies, "thewhole", ["latte=22"])


async def test_of_policies_of_which_one_cannot_be_none_is_set():
    await stopped("halfway2", 1_000)
    with pytest.raises(ShownToUser, match="latte can cost 7 to 30 coins"):
        await asyncio.to_thread(set_policies, "halfway2", ["wages=10%", "latte=99999"])
    kept = await asyncio.to_thread(views.kept_town, "halfway2")
    assert not kept.history().state.wishes


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (order("bob"), "A mayor is me, house, model:NAME or none, not 'bob'."),
        (order("model:"), "A mayor is me, house, model:NAME or none, not 'model:'."),
        (order("model:nix"), "No models are set up"),
        (order(policies=["latte"]), "'latte' is no policy; write wages=10%"),
        (order(policies=["latte=99"]), "latte can cost 7 to 30 coins; choose from these."),
        (order(policies=["wages=31%"]), "The tax on wages can be 0 to 30 %; choose from these."),
        (order(policies=["Toll House=08:00-20:00"]), "People live at Toll House"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_town_is_founded(wish, why, capsys):
    with pytest.raises(Exception, match=why) as refused:
        found_town(wish, MAX)
    assert isinstance(refused.value, ShownToUser) or why.startswith("No models")
    views.list_towns()
    assert told(capsys).startswith("No town has been founded yet.")


def test_policies_are_written_in_short():
    assert json.loads(wish_in("wages=10%")) == {"do": "tax", "tax": "wages", "percent": "10"}
    assert json.loads(wish_in("Café/latte=18")) == {
        "do": "price", "place": "Café", "item": "latte", "coins": "18",
    }  # fmt: skip
    assert json.loads(wish_in("latte=18"))["place"] is None
    assert json.loads(wish_in("Corner Shop=08:00-20:00"))["closes"] == "20:00"
    assert mayor_player("model:x") == "model:x"
