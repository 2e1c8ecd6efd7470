"""What remains of a model's answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.cleaning import cleaned

ME, OTHERS = ["Socrates", "Soc (old)"], ["ann", "Ada Lovelace"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("Well?", "Well?"),
        ("Socrates: Well?", "Well?"),
        ("**Socrates:** Well?", "Well?"),
        ("[SOCRATES]: Well?", "Well?"),
        ("Soc (old): Well?", "Well?"),
        ("Socrates (speaking): Well?<|eot|>\nann (speaking): Hi", "Well?"),
        ("Socrates (thinking): Who is he?<|eot|>\nSocrates (speaking): Well?<|eot|>", "Well?"),
        ("<think>She asks\nagain.</think>\n\nWell?", "Well?"),
        ("She asks again.</think>Well?", "Well?"),
        ("Well?\nann: Yes!\nSocrates: No.", "Well?"),
        ("Well?\n**Ada Lovelace**: Yes!", "Well?"),
        ("Well?\nAda Lovelace (speaking): Yes!", "Well?"),
        ("Well?\nann", "Well?"),
        ("Well?\nann (speaking)", "Well?"),
        ("Socrates: Well?\nSocrates: And?", "Well?\nAnd?"),
        ("I asked ann: why?", "I asked ann: why?"),
        ("One thing: courage.", "One thing: courage."),
        ("Annual: no.", "Annual: no."),
        ("*nods* «Well»", "*nods* «Well»"),
    ],
)
def test_only_what_the_character_says_remains(reply, words):
    assert cleaned(reply, ME, OTHERS).words == words


def test_stop_strings_end_it():
    assert cleaned("Well?\n###", ME, OTHERS, ["\n###"]).words == "Well?"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "The model wrote nothing: ask it again."),
        ("<think>Hm, what now", "The model only thought: ask it again."),
        ("ann: Hi", "The model spoke for others only: ask it again."),
        ("Socrates (thinking): Hm.<|eot|>", "The model spoke for others only: ask it again."),
    ],
)
def test_an_empty_answer_has_a_reason(reply, reason):
    found = cleaned(reply, ME, OTHERS)
    assert (found.words, found.reason) == ("", reason)


@given(st.text(alphabet="Soca:t()\n<>|think/ *[]", max_size=80))
def test_whatever_a_model_writes_there_are_words_or_a_reason(reply):
    found = cleaned(reply, ["Soc"], ["ann", ""], [""])
    assert bool(found.words) != bool(found.reason)
