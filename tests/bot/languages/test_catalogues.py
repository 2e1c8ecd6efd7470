"""Catalogues: each has every sentence with its values, and what people say is in none."""

import re
from collections import Counter

import pytest

from bot.errors import ShownToUser
from bot.languages import ENGLISH, codes, find_language, language
from bot.languages.extract import has_words, sentences
from games.core import Ask, Either, Seat, Text, Words
from games.moderated_conversation import YesNo
from games.rock_paper_scissors import Throw

GERMAN = language("de")
OTHERS = codes()[1:]


@pytest.mark.parametrize("code", OTHERS)
def test_each_language_has_every_sentence_of_the_code(code):
    missing = set(sentences()) - set(language(code).sentences)
    assert missing == set(), "run python -m bot.languages.extract, then translate what is empty"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_values_and_the_edges_of_its_sentence(code):
    for sentence, translation in language(code).sentences.items():
        assert values(sentence) == values(translation), sentence
        assert edges(sentence) == edges(translation), sentence
        assert sentence.count("*") == translation.count("*"), sentence


def values(sentence):
    return Counter(re.findall(r"\{\w+\}", sentence))


def edges(sentence):
    body = sentence.strip()
    return sentence.partition(body)[0], sentence.partition(body)[2]


def test_sentences_are_put_together_in_one_language():
    told = Text(
        "The topic is {topic}. The secret word is one of {words}.",
        topic="Fruit",
        words=Either(("Apple", "Pear", "Fig")),
    )
    assert GERMAN.say(told) == "Das Thema ist Fruit. Das geheime Wort ist Apple, Pear oder Fig."
    assert ENGLISH.say(told) == (
        "The topic is Fruit. The secret word is one of Apple, Pear or Fig."
    )


def test_the_words_of_a_game_are_translated_and_those_of_people_are_not():
    throws = Text("The throws: {throws}.", throws={Seat("rock"): Throw.ROCK})
    assert GERMAN.say(throws) == "Gezeigt wurde: rock Stein."
    for said in ("Pass", "rock", "You are ready.", "{seat}"):
        assert GERMAN.say(Text("You say: {words}", words=Words(said))) == f"Du sagst: {said}"
        assert GERMAN.say(Words(said)) == said


def test_what_no_catalogue_has_stays_english():
    assert GERMAN.say("A sentence of tomorrow.") == "A sentence of tomorrow."


def test_options_are_understood_in_both_languages():
    throw = Ask("Rock, paper, or scissors?", choices=tuple(Throw), optional=True)
    for said in ("Stein", " stein. ", "STEIN!", "rock"):
        assert throw.parse(GERMAN.understand(throw, said)) is Throw.ROCK
    assert GERMAN.understand(throw, "Passe") == "pass"
    assert GERMAN.understand(throw, "nicht Stein") == "nicht Stein"


def test_the_parts_of_a_form_are_understood_line_by_line():
    form = Ask(
        "?", fields={"note": Ask("?"), "over": Ask("?", choices=tuple(YesNo)), "who": Ask("?")}
    )
    typed = "note: nein\nover: Ja.\nwho:ja"
    understood = GERMAN.understand(form, typed)
    assert understood == "note:  nein\nover: yes\nwho: ja"
    assert form.parse(understood) == {"note": "nein", "over": "yes", "who": "ja"}
    as_json = '{"note": "a: b", "over": "yes", "who": "c"}'
    assert GERMAN.understand(form, as_json) == as_json


def test_a_name_is_never_taken_for_a_word_of_the_game():
    ballot = Ask("Who is the chameleon?", choices=(Seat("rock"), Seat("Bob")))
    assert GERMAN.understand(ballot, "Stein") == "Stein"
    assert "rock und Bob" in GERMAN.say(ballot.hint())


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(ShownToUser) as refusal:
        find_language("tlh")
    assert str(refusal.value) == "There is no language 'tlh'; there are en and de."
    assert language("tlh") is ENGLISH
    assert language("../de") is ENGLISH
    assert find_language("DE") is GERMAN


def test_languages_are_offered_by_their_own_names():
    assert [language(code).own_name for code in codes()] == ["English", "Deutsch"]
    assert (ENGLISH.asked_for, GERMAN.asked_for) == ("", "German")


def test_a_template_of_nothing_but_values_needs_no_translation():
    assert not has_words("{seat}: {words}")
    assert has_words("{seat} wins.")
