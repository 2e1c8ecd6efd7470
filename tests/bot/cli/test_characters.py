"""`characters`, typed as an operator types it."""

import asyncio
import json
from datetime import UTC, datetime

from bot.memories import Which
from bot.store.sql_store import SqlStore
from characters.card_files import read_file
from characters.memory import Learnt, MemoryKind, Scope
from characters.shipped import shipped
from tests.characters.samples import V3, as_bytes, minimal


def test_a_card_is_checked_taken_in_shown_handed_out_and_removed(parlour, tmp_path):
    (tmp_path / "zoe.json").write_bytes(as_bytes(V3))
    checked = parlour("characters", "check", "zoe.json")
    assert checked.stdout.endswith("This card can be imported.\n")
    assert "Zo (" not in parlour("characters", "list").stdout
    taken = parlour("characters", "import", "zoe.json")
    assert taken.stdout == "Zo is here. Next: python bot.py chat zoë\n"
    first = parlour("characters", "list").stdout.splitlines()[0]
    assert first.split(maxsplit=1) == ["zoë", "Zoë, 470 BC to 399 BC (imported)"]
    shown = parlour("characters", "info", "ЗОЯ").stdout
    assert shown.startswith("Zo (zoë)\n  name       Zoë\n  also       Zoe, Зоя\n")
    out = parlour("characters", "export", "zo")
    assert out.stdout.startswith("Zo is in zoë.png (")
    assert read_file((tmp_path / "zoë.png").read_bytes()).card.document == V3
    gone = parlour("characters", "remove", "Zoe")
    assert (gone.stdout, gone.returncode) == ("Zo (zoë) is removed, with all it remembers.\n", 0)
    assert "zoë" not in parlour("characters", "list").stdout


def test_whoever_is_called_like_a_removed_character_knows_nothing_of_it(parlour, tmp_path):
    parlour("characters", "create", "Mina")

    async def remembered(*learnt):
        store = await SqlStore.open(tmp_path / "data" / "parlour.db")
        await store.memories.remember(Scope(0, "mina", 0), learnt, datetime.now(UTC))
        found = [one.text for one in await store.memories.view(Which(guild=0))]
        await store.close()
        return found

    secret = Learnt(MemoryKind.EPISODE, "hides a key under the stone")
    assert asyncio.run(remembered(secret)) == [secret.text]
    parlour("characters", "remove", "mina")
    assert "chat mina" in parlour("characters", "create", "Mina").stdout
    assert asyncio.run(remembered()) == []


def test_the_characters_of_parlour_are_listed_and_exported(parlour, tmp_path):
    listed = parlour("characters", "list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(shipped())
    first = next(iter(shipped()))
    done = parlour("characters", "export", first, "--format", "v2", "--out", "x.json")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "x.json").read_bytes())["spec"] == "chara_card_v2"


def test_each_mistake_gets_one_sentence_and_changes_nothing(parlour, tmp_path):
    (tmp_path / "bad.json").write_bytes(as_bytes(minimal(tags="x")))
    (tmp_path / "kept.png").write_text("mine")
    first = next(iter(shipped()))
    for arguments, said in {
        ("import", "bad.json"): "“data.tags” in the card must be a list, not text",
        ("check", "bad.json"): "“data.tags” in the card must be a list, not text",
        ("import", "none.json"): "none.json: No such file",
        ("info", "nobody"): "There is no character 'nobody' here; there are",
        ("export", first, "--format", "gif"): "no format 'gif'; say json, png, charx, v2 or v1.",
        ("export", first, "--out", "kept.png"): "kept.png exists already",
        ("remove", first): "comes with Parlour",
    }.items():
        done = parlour("characters", *arguments)
        assert done.returncode in {1, 2} and done.stdout == ""
        assert said in done.stderr and done.stderr.count("\n") == 1
    assert (tmp_path / "kept.png").read_text() == "mine"
    assert len(parlour("characters", "list").stdout.splitlines()) == len(shipped())


def test_a_card_is_written_changed_and_copied(parlour, tmp_path):
    (tmp_path / "about.txt").write_text("{{char}} keeps a lighthouse.")
    settings = ("--set", "description=@about.txt", "--set", "first_mes=Ahoy.")
    made = parlour("characters", "create", "Mina", *settings)
    assert made.stdout == "Mina is here. Next: python bot.py chat mina\n"
    assert parlour("characters", "edit", "mina", "--set", "nickname=Min").stdout == (
        "Min is changed.\n"
    )
    first = next(iter(shipped()))
    copied = parlour("characters", "create", "Double", "--copy", first, "--set", "nickname=Dob")
    assert copied.stdout.startswith("Dob is here.")
    parlour("characters", "export", "mina", "--format", "json", "--out", "mina.json")
    data = json.loads((tmp_path / "mina.json").read_bytes())["data"]
    assert data["description"] == "{{char}} keeps a lighthouse."
    assert (data["nickname"], data["first_mes"]) == ("Min", "Ahoy.")


def test_a_card_that_cannot_be_written_is_not(parlour):
    first = next(iter(shipped()))
    for arguments, said in {
        ("create", "Mina", "--set", "colour=red"): "is no FIELD=TEXT; fields are name, nickname,",
        ("create", "Mina", "--set", "description=@none.txt"): "none.txt: No such file",
        ("create", "Mina", "--set", "talkativeness=often"): "is a number from 0 to 1",
        ("create", "Mina", "--copy", "nobody"): "There is no character 'nobody' here",
        ("create", "X", "--copy", first, "--set", "talkativeness=9"): "is a number from 0 to 1",
        ("edit", first, "--set", "nickname=X"): "comes with Parlour and stays as it is",
        ("edit", first): "Say what to change, as --set FIELD=TEXT",
    }.items():
        done = parlour("characters", *arguments)
        assert done.returncode in {1, 2} and done.stdout == ""
        assert said in done.stderr
    assert len(parlour("characters", "list").stdout.splitlines()) == len(shipped())
