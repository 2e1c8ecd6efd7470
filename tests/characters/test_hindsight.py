"""Which lore went into the last answer: as it was told, or worked out again after a restart."""

from random import Random

from characters import host
from characters.chat import Chat
from characters.chat_events import Said
from characters.hindsight import last_speaker, lore_of
from characters.host import HOST
from characters.moment import situation_in
from characters.prompt import chat_prompt
from games.core import SPECTATOR, Match
from tests.characters.small_talk import ADA, ANN, SOC, entry
from tests.characters.test_prompt import card

CARD = card([entry(), entry(["olive"], "Olives are green."), entry(["never"], "Unsaid.")])
SEED = "chat1"


def talking(*characters):
    """Return a chat of ann and characters who have greeted her."""
    match = Match(Chat(), (), 7)
    match.say(HOST, host.join_person(ANN))
    for seat in characters or (SOC,):
        match.say(HOST, host.join_character(seat, (), 0.0, words="Welcome."))
    return match


def asked(match, words, answer, seat=SOC):
    """Let ann speak and a character answer; return the prompt of its answer."""
    match.say(ANN, words)
    view = match.view_of(seat)
    situation = situation_in(view, CARD, SEED)
    prompt = chat_prompt(situation, 6000, Random(f"{SEED}/{len(view.events)}"))
    match.say(seat, answer)
    return prompt


def found(match, seat=SOC, prompt=None, of=CARD):
    return lore_of(match.view_of(seat), of, SEED, prompt, None)


def test_what_is_worked_out_again_is_what_was_told():
    match = talking()
    first = asked(match, "Socrates, is hemlock bitter?", "It is.")
    assert found(match).scan == first.scan
    second = asked(match, "Socrates, and an olive?", "Less so.")
    lore = found(match)
    assert (lore.scan, lore.line, lore.again) == (second.scan, 5, True)
    assert [one.text for one in lore.scan.taken] == ["It is bitter.", "Olives are green."]


def test_what_is_still_known_is_told_as_it_was():
    match = talking()
    prompt = asked(match, "Socrates, is hemlock bitter?", "It is.")
    asked(match, "Socrates, and an olive?", "Less so.")
    lore = found(match, prompt=prompt)
    assert lore.scan is prompt.scan
    assert not lore.again


def test_the_last_answer_of_each_is_found_though_others_have_spoken_since():
    match = talking(SOC, ADA)
    asked(match, "Socrates, is hemlock bitter?", "It is.")
    asked(match, "Ada, and an olive?", "Less so.", ADA)
    match.say(ANN, "I see.")
    assert last_speaker(match.view_of(SPECTATOR)) == ADA
    assert [found(match, seat).line for seat in (SOC, ADA)] == [4, 6]


def test_a_greeting_is_no_answer():
    match = talking()
    assert last_speaker(match.view_of(SPECTATOR)) is None
    assert found(match) is None
    assert any(isinstance(event, Said) for event in match.log)


def test_a_line_said_anew_or_gone_on_with_is_an_answer_too():
    match = talking()
    asked(match, "Socrates, is hemlock bitter?", "It is.")
    for request in (host.regenerate(3), host.go_on(3)):
        match.say(HOST, request)
        match.say(SOC, "Very.")
        assert found(match).line == 3
    assert [one.text for one in found(match).scan.taken] == ["It is bitter."]


def test_words_that_are_forgotten_and_lines_that_are_gone_are_no_trouble():
    match = talking()
    asked(match, "Socrates, is hemlock bitter?", "It is.")
    match.say(HOST, host.edit(2, "Socrates, how are you?"))
    assert [one.text for one in found(match).scan.taken] == ["It is bitter."]
    match.say(HOST, host.delete(3))
    assert found(match) is not None


def test_a_card_that_has_outgrown_its_model_gives_no_answer():
    match = talking()
    asked(match, "Socrates, is hemlock bitter?", "It is.")
    assert found(match, of=card(description="word " * 20_000)) is None
