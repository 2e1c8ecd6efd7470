"""models.toml is changed by a table at a time, and nothing else in it is lost."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import OperatorError
from bot.models.tables import with_table, without_table

FULL = """\
# My models. Do not lose this line.

# the big one
[big]   # costs money
base_url = "https://h/v1"  # here
# a note inside
model = "m"

# Bo speaks through this one
["tiny.v2"]
file = "tiny.gguf"
[ "tiny.v2" . adapters]
bo = { file = "bo.gguf" }

[tiny.v2extra]
x = 1

# the last word
"""


def test_a_table_comes_to_the_end():
    after = with_table(FULL, "small", {"file": "a b.gguf", "context": 9})
    assert after == FULL + '\n[small]\nfile = "a b.gguf"\ncontext = 9\n'


@pytest.mark.parametrize(
    ("before", "gap"), [("", ""), ("# x", "\n\n"), ("# x\n", "\n"), ("# x\r\n", "\r\n")]
)
def test_a_table_begins_after_an_empty_line(before, gap):
    end = "\r\n" if "\r" in before else "\n"
    after = with_table(before, "a.b", {"file": "ü.gguf"})
    assert after == f'{before}{gap}["a.b"]{end}file = "\\u00fc.gguf"{end}'


def test_a_table_goes_with_its_parts_and_nothing_else_goes():
    assert without_table(FULL, "tiny.v2") == FULL.replace(
        '["tiny.v2"]\nfile = "tiny.gguf"\n[ "tiny.v2" . adapters]\nbo = { file = "bo.gguf" }\n', ""
    )
    after = without_table(FULL, "big")
    assert "# the big one\n\n# Bo speaks through this one\n" in after
    assert "# Do not lose" not in after.replace("Do not lose", "")
    assert after.startswith("# My models.")


def test_adding_and_removing_leaves_the_text_as_it_was():
    assert without_table(with_table(FULL, "new", {"file": "x.gguf"}), "new") == FULL + "\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[a", "not TOML"),
        ("b = 1", "no model 'a'"),
        ('a.file = "x"\n', "only a person"),
        ('a = { file = "x" }\n', "only a person"),
        ('[b]\nx = """\n[a]\n"""\n[a]\nfile = "x"\n', "only a person"),
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_left_to_a_person(text, why):
    with pytest.raises(OperatorError, match=why):
        without_table(text, "a")


def test_a_name_is_given_once():
    with pytest.raises(OperatorError, match="already"):
        with_table(FULL, "big", {"file": "x.gguf"})


NAMES = st.sampled_from(("a", "b", "a.b", "c-d", "0"))
LINES = st.sampled_from(
    ("# note", "", "x = 1", 'y = "[a]"', "z = [\n  1,\n]", "w = '''\n[a]\n'''", " # [b]", "v = {}")
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(NAMES, st.lists(LINES, unique=True)), NAMES, st.lists(LINES).map(str))
def test_whatever_stands_in_a_file_only_the_table_goes(tables, name, end):
    text = "# top\n"
    for each, lines in tables.items():
        text += f'["{each}"]\n' + "".join(f"{line}\n" for line in lines)
    text += f"# {end!r}\n"
    try:
        after = without_table(text, name)
    except OperatorError:
        return
    before = tomllib.loads(text)
    before.pop(name)
    assert tomllib.loads(after) == before
    others = [line for line in text.splitlines() if line.startswith("# ") and line not in after]
    assert all(line in "".join(tables[name]) for line in others)
