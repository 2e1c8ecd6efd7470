"""The macros of card texts."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.macros import Macros, is_steady


def macros(user="ann", seed="chat", rng=None):
    return Macros("Soc", user, seed, rng)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{char}} and {{user}}", "Soc and ann"),
        ("{{CHAR}} {{ User }}", "Soc ann"),
        ("<BOT> <char> <User>", "Soc Soc ann"),
        ("{{random:a}}", "a"),
        ("{{random: a\\,b }}", "a,b"),
        ("{{pick::a}}", "a"),
        ("{{roll:1}}{{roll:d1}}{{roll: D1 }}", "111"),
        ("x{{// {{user}} is away }}y", "xy"),
        ("x{{hidden_key:owl}}y{{comment: note }}z", "xyz"),
        ("{{reverse:Hello}}", "olleH"),
        ("{{reverse:{{user}}}}", "nna"),
        ("{{random:{{char}},{{char}}}}", "Soc"),
        ("{{unknown:x}} {{", "{{unknown:x}} {{"),
        ("{{random}} {{roll:0x}} {{}} }}", "{{random}} {{roll:0x}} {{}} }}"),
        ("{{{char}}}", "{Soc}"),
        ("{{unknown:{{char}}}}", "{{unknown:Soc}}"),
        ("{{char", "{{char"),
        ("{ {char} }", "{ {char} }"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_each_macro_stands_for_something_and_malformed_ones_stay(text, expected):
    assert macros().expand(text) == expected


def test_random_and_roll_draw_from_the_chance_they_are_given():
    text = "{{random:a,b,c,d}}{{roll:d20}}"
    drawn = [macros(rng=Random(seed)).expand(text) for seed in range(30)]
    assert len(set(drawn)) > 5
    assert drawn == [macros(rng=Random(seed)).expand(text) for seed in range(30)]


def test_roll_reaches_both_ends():
    rng = Random(1)
    assert {macros(rng=rng).expand("{{roll:6}}") for _ in range(200)} == set("123456")


def test_pick_stays_the_same_for_a_text_within_a_chat():
    text = "{{pick:a,b,c,d}}{{pick:a,b,c,d}}{{random:x,y}}"
    picked = {macros(rng=Random(n)).expand(text)[:2] for n in range(20)}
    assert len(picked) == 1
    assert len({macros(seed=str(n)).expand(text)[:2] for n in range(40)}) > 5


def test_without_chance_random_stays_the_same_as_well():
    assert len({macros().expand("{{random:a,b,c,d}}{{roll:100}}") for _ in range(9)}) == 1


def test_a_name_is_never_read_as_a_macro():
    name = "{{random:x,y}}<bot>"
    assert macros(name).expand("{{user}} {{random:{{user}}}}") == f"{name} {name}"


def test_hidden_keys_are_there_when_keys_are_looked_for_and_comments_are_not():
    text = "a{{hidden_key:owl}}b{{// cat }}{{comment: dog }}"
    assert macros().scanned(text) == "aowlb"


def test_macros_within_macros_come_to_an_end():
    deep = "{{reverse:" * 5_000 + "x" + "}}" * 5_000
    assert "x" in macros().expand(deep)


@pytest.mark.parametrize(
    ("text", "steady"),
    [
        ("{{char}} {{pick:a,b}}", True),
        ("{{Random:a,b}}", False),
        ("{{ roll:6}}", False),
        ("{{user}}", False),
        ("<USER>", False),
    ],
)
def test_a_text_with_chance_or_with_who_speaks_is_not_steady(text, steady):
    assert is_steady(text) is steady


@given(st.text(alphabet="{}:,/<>usercharandom \\", max_size=60))
def test_nothing_malformed_breaks(text):
    assert isinstance(macros().expand(text), str)
    assert isinstance(macros().scanned(text), str)
