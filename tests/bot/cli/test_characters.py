"""`characters`, typed as an operator types it."""

import json

from characters.card_files import read_file
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
    assert (gone.stdout, gone.returncode) == ("Zo (zoë) is removed.\n", 0)
    assert "zoë" not in parlour("characters", "list").stdout


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
