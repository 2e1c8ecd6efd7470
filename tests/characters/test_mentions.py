"""Whom a text calls by name, in many scripts."""

import time

import pytest

from characters.mentions import mentioned
from games.core import Seat

NAMES = {
    Seat("Socrates"): (
        "Socrates",
        "Сократ",
        "Σωκράτης",
        "سقراط",
        "सुकरात",
        "苏格拉底",
        "소크라테스",
    ),
    Seat("Confucius"): ("Confucius", "孔子", "Конфуций", "Kǒngzǐ", "ขงจื๊อ"),
    Seat("Cleopatra"): ("Cleopatra", "Cléopâtre", "Клеопатра", "Κλεοπάτρα", "كليوباترا"),
    Seat("Caesar"): ("Caesar", "Julius Caesar", "Gaius Iulius"),
    Seat("Julius"): ("Julius",),
}
SOCRATES, CONFUCIUS, CLEOPATRA, CAESAR, JULIUS = NAMES


@pytest.mark.parametrize(
    "words",
    [
        "Socrates, what is virtue?",
        "what would SOCRATES say",
        "ask socrates's pupils",
        "@Socrates!",
        "_Socrates_ and **him**",
        "Скажи, Сократ: что есть благо?",
        "СОКРАТ",
        "Скажи, Сокра\u0301т",
        "Τι λες, Σωκράτης;",
        "Τι λες, ΣΩΚΡΑΤΗΣ;",
        "Τι λες, Σωκρατης;",
        "ما رأيك يا سقراط؟",
        "يا سُقْراط",
        "सुकरात, सच क्या है?",
        "请问苏格拉底先生",
        "소크라테스는 어떻게 생각해요?",
        "🦉Socrates🦉",
        "Soc\u200brates",
        "Socrates\ufe0f",
        "Ｓｏｃｒａｔｅｓ",
        "(Socrates)",
    ],
)
def test_a_name_is_found_in_any_script_and_dress(words):
    assert mentioned(words, NAMES) == (SOCRATES,)


@pytest.mark.parametrize(
    "words",
    [
        "How Socratesque.",
        "xSocrates",
        "Socrates2",
        "Сократовский вопрос",
        "सुकराती सवाल",
        "وسقراطي",
        "a soc rates high",
        "",
        "🦉",
    ],
)
def test_a_name_within_a_longer_word_calls_nobody(words):
    assert mentioned(words, NAMES) == ()


def test_a_possessive_calls_and_so_do_names_beside_marks():
    assert mentioned("caesar's dog, or caesar’s", NAMES) == (CAESAR,)


def test_scripts_without_spaces_need_no_borders():
    assert mentioned("孔子曰学而时习之", NAMES) == (CONFUCIUS,)
    assert mentioned("ท่านขงจื๊อครับ", NAMES) == (CONFUCIUS,)


@pytest.mark.parametrize(
    "words", ["Cléopâtre ?", "cleopatre ?", "CLÉOPÂTRE", "Cle\u0301opa\u0302tre"]
)
def test_accents_may_be_left_out(words):
    assert mentioned(words, NAMES) == (CLEOPATRA,)


def test_other_accents_than_the_name_has_are_another_word():
    assert mentioned("Socratès", NAMES) == ()


def test_names_come_in_the_order_of_the_text_each_once():
    words = "Cleopatra and 孔子, then Socrates; and Клеопатра again"
    assert mentioned(words, NAMES) == (CLEOPATRA, CONFUCIUS, SOCRATES)


def test_the_longest_name_counts_where_they_overlap():
    assert mentioned("Julius Caesar", NAMES) == (CAESAR,)
    assert mentioned("Julius Caesar and Julius", NAMES) == (CAESAR, JULIUS)
    assert mentioned("Gaius   Iulius", NAMES) == (CAESAR,)


def test_a_name_that_two_share_calls_both():
    shared = {Seat("Ada"): ("Ada", "Countess"), Seat("Eva"): ("Eva", "Countess")}
    assert mentioned("Dear Countess", shared) == (Seat("Ada"), Seat("Eva"))


def test_an_empty_or_unseen_alias_calls_nobody():
    assert mentioned("anything at all", {Seat("Ada"): ("", " ", "\u200b", "\u0301")}) == ()


def test_a_hostile_text_is_read_in_no_time():
    names = {Seat(f"s{number}"): ("a", "aa", "a a", f"a{number}") for number in range(20)}
    began = time.process_time()
    mentioned("a " * 2000, names)
    assert time.process_time() - began < 10
