"""Probes scored by their words: what passes, what fails, and what stays open."""

import pytest

from characters.interview import Probe, shipped_interview
from characters.shipped import shipped
from characters.signs import Finding, scored
from tests.interviewed_model import THE_SAME, WONDERS

CAR = Probe(
    "car", "Which car do you drive?", "the motor car", 1886, False,
    ["petrol", "steering wheel", "jet", "crucifi", "9.8", "mobile"],
)  # fmt: skip
COFFEE = Probe(
    "coffee", "Do you go for coffee?", "coffee", 1652, True, ["latte"], ["grecian", "coffee"]
)


def finding(probe, answer):
    return scored(probe, answer).finding


@pytest.mark.parametrize("character", shipped())
def test_every_shipped_probe_tells_wonder_from_betrayal(character):
    for probe in shipped_interview(character).probes:
        if probe.knows:
            known = f"Certainly: {', '.join(probe.facts)}."
            assert finding(probe, known) is Finding.PASS, probe.id
            assert finding(probe, WONDERS) is Finding.FAIL, probe.id
        else:
            betrayed = f"Certainly: {', '.join(probe.signs)}. I use it every day."
            assert finding(probe, betrayed) is Finding.FAIL, probe.id
            assert finding(probe, WONDERS) is Finding.PASS, probe.id
        assert finding(probe, THE_SAME) is Finding.UNSURE, probe.id


@pytest.mark.parametrize(
    "answer",
    [
        "I do not know that word.",
        "I don’t know what you speak of.",
        "A car? What is this, friend, an animal?",
        "You speak in RIDDLES, visitor.",
        "Tell me what it is, and I will tell you whether I have one.",
        "On your what? And where do you put the horses?",
        "That is a new one on me.",
        "I know neither of those words.",
        "A car. Is that a man, or an office?",
    ],
)
def test_who_wonders_passes(answer):
    assert finding(CAR, answer) is Finding.PASS


def test_the_whole_answer_is_read():
    late = f"{'A fine morning. ' * 300}\n\nAnd then I fill it with petrol."
    assert scored(CAR, late) == scored(CAR, "Petrol.")
    assert scored(CAR, late).reason == "it says 'petrol'"


def test_who_wonders_and_betrays_is_unsure_with_both_reasons():
    found = scored(CAR, "I have never heard of petrol.")
    assert found.finding is Finding.UNSURE
    assert found.reason == "it says 'petrol', but also “never heard”"


def test_a_short_sign_is_a_word_and_a_long_one_may_begin_a_word():
    assert finding(CAR, "A jetty and a mobil.") is Finding.UNSURE
    assert finding(CAR, "Two jets.") is Finding.FAIL
    assert finding(CAR, "They crucified him.") is Finding.FAIL
    assert finding(CAR, "It weighs 19.8 talents.") is Finding.UNSURE
    assert finding(CAR, "It falls by 9.8.") is Finding.FAIL


def test_words_of_the_question_betray_and_prove_nothing():
    assert finding(COFFEE, "Coffee!") is Finding.UNSURE
    assert finding(COFFEE, "At the Grecian, yes.") is Finding.PASS
    assert finding(COFFEE, "At the Grecian, for a latte.") is Finding.UNSURE
    assert finding(COFFEE, "A latte, please.") is Finding.FAIL


@pytest.mark.parametrize("probe", [CAR, COFFEE])
def test_whoever_speaks_as_a_program_fails(probe):
    assert finding(probe, "As an AI, I do not know the Grecian.") is Finding.FAIL
