"""The rules of a chat with characters, one test each."""

import json
import re
from random import Random

import pytest

from characters import host
from characters.chat import Chat
from characters.chat_events import (
    Chosen,
    Continued,
    Deleted,
    Edited,
    Joined,
    Left,
    Passed,
    Retold,
    Said,
    Wanted,
    history,
)
from characters.host import HOST, LONGEST, MOST_VERSIONS
from characters.lines import Line
from characters.speakers import Mode
from games.core import (
    BadSetup,
    IllegalMove,
    Match,
    NotYourTurn,
    Refused,
    Seat,
    Turn,
    Words,
)
from games.core.codec import codec_of, state_from_json, state_to_json
from tests.games import contract
from tests.games.contract import facts, forgetting

ANN, BOB = Seat("ann"), Seat("bob")
SOC, ADA, BEN = Seat("Socrates"), Seat("Ada"), Seat("Ben")


def started(*characters, people=(ANN,), seed=7, **options):
    match = Match(Chat(**options), (), seed)
    for seat in characters or (SOC,):
        match.say(HOST, host.join_character(seat, (), 0.0))
    for seat in people:
        match.say(HOST, host.join_person(seat))
    return match


def lines(match):
    return [(line.speaker, line.words) for line in history(match.log)]


def queue(match):
    return [wanted.seat for wanted in match.state.queue]


def refused(match, seat, text, why):
    before = facts(match)
    with pytest.raises(Refused, match=re.escape(why)):
        match.say(seat, text)
    assert facts(match) == before


# Who is here.


def test_the_host_and_people_may_always_speak_and_characters_only_when_chosen():
    match = started()
    assert match.asked == {HOST, ANN}
    match.say(ANN, "What is virtue?")
    assert match.asked == {HOST, ANN, SOC}
    match.say(SOC, "Let us find out.")
    assert match.asked == {HOST, ANN}
    assert lines(match) == [(ANN, "What is virtue?"), (SOC, "Let us find out.")]


def test_a_character_that_was_not_chosen_cannot_speak():
    match = started()
    refused(match, SOC, "Listen!", "Nothing is asked of Socrates now")


def test_characters_of_the_opening_are_there_at_once():
    match = Match(Chat(), (SOC, ADA))
    match.say(HOST, host.join_person(ANN))
    match.say(ANN, "Ada?")
    assert match.asked == {HOST, ANN, ADA}


def test_a_greeting_is_said_with_the_coming():
    match = Match(Chat(), ())
    turn = match.say(HOST, host.join_character(SOC, ("gadfly",), 0.3, "Well met.\nSit."))
    joined = Joined(SOC, character=True, aliases=("gadfly",), talkativeness=0.3)
    assert list(turn.events) == [joined, Said(SOC, 1, Words("Well met.\nSit."))]
    assert history(match.log) == [Line(1, SOC, "Well met.\nSit.", character=True)]


def test_an_alias_calls_and_coming_again_changes_the_aliases():
    match = started(SOC, ADA)
    match.say(HOST, host.join_character(ADA, ("Countess",), 0.0))
    match.say(ANN, "What would the countess say?")
    assert queue(match) == [ADA]


def test_who_has_left_is_asked_no_more_and_may_come_back():
    match = started(SOC, people=(ANN, BOB))
    match.say(BOB, "Socrates?")
    match.say(HOST, host.leave(SOC))
    assert match.asked == {HOST, ANN, BOB}
    assert match.log[-1] == Left(SOC)
    match.say(HOST, host.leave(BOB))
    refused(match, BOB, "Still here!", "Nothing is asked of bob now")
    match.say(HOST, host.join_person(BOB))
    match.say(BOB, "Back.")
    assert lines(match)[-1] == (BOB, "Back.")


def test_no_more_characters_come_than_the_chat_allows():
    match = started(SOC, ADA, most=2)
    refused(match, HOST, host.join_character(BEN), "At most 2 characters can be in this chat")
    match.say(HOST, host.join_character(ADA, ("Lovelace",)))
    match.say(HOST, host.leave(ADA))
    match.say(HOST, host.join_character(BEN))


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (host.join_person(Seat("socrates")), "is taken twice"),
        (host.join_person(SOC), "Somebody else is called Socrates here"),
        (host.join_character(ANN), "Somebody else is called ann here"),
        (host.join_person(Seat("table")), "is the arena's own"),
        (host.join_person(HOST), "Say whom it concerns."),
        (host.join_person(Seat("")), "Say whom it concerns."),
        (host.join_person(Seat("a\nb")), "1 to 40 visible characters"),
        (host.leave(BOB), "'bob' is not in this chat."),
        (host.speak(BOB), "'bob' is not in this chat."),
        (host.speak(ANN), "ann is no character that is here now."),
        (host.stop(), "Nobody is about to speak."),
        (host.say(SOC, "I say"), "Socrates is a character and speaks for itself."),
        (host.say(ANN, ""), "Say which words."),
        (host.regenerate(1), "There is no such line in this chat."),
        (host.quiet(False), "There are no quiet hours now."),
        ("", "Say what is to be done"),
        ("nonsense", "Say exactly one of join"),
        ('{"do": "mode"}', "Say which mode: natural, pooled, list, manual."),
        ('{"do": "edit"}', "There is no such line in this chat."),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(request_, why):
    refused(started(), HOST, request_, why)


@pytest.mark.parametrize("options", [{"chain": -1}, {"chain": 21}, {"cooldown": 21}, {"most": 0}])
def test_options_outside_their_bounds_are_refused(options):
    with pytest.raises(BadSetup, match="needs a number from"):
        Chat(**options)


# What people say.


@pytest.mark.parametrize("words", ["pass", "None", "no comment", '{"answer": "x"}', "words: x"])
def test_every_word_of_a_person_counts_as_it_is(words):
    match = started()
    match.say(ANN, words)
    match.say(HOST, host.say(ANN, words))
    assert lines(match) == [(ANN, words)] * 2


def test_an_empty_line_and_one_that_is_too_long_are_refused():
    match = started()
    refused(match, ANN, " \n", "An empty line does not count.")
    refused(match, ANN, "x" * (LONGEST + 1), f"That has {LONGEST + 1} characters.")
    match.say(ANN, "x" * LONGEST)


def test_words_in_answer_to_a_character_call_it():
    match = started(SOC, ADA)
    match.say(HOST, host.say(ANN, "Why?", to=ADA))
    assert queue(match) == [ADA]
    assert match.log[-2] == Said(ANN, 1, Words("Why?"))


def test_words_in_answer_to_somebody_who_has_left_call_nobody():
    match = started(SOC)
    match.say(HOST, host.say(ANN, "Why?", to=Seat("Plato")))
    assert queue(match) == [SOC]


# Who speaks next.


def test_several_who_are_called_speak_one_after_the_other():
    match = started(SOC, ADA, BEN)
    match.say(ANN, "Ben and Socrates, what is a number?")
    assert match.log[-1] == Chosen((Wanted(BEN), Wanted(SOC)))
    assert match.asked == {HOST, ANN, BEN}
    match.say(BEN, "A figure.")
    assert match.asked == {HOST, ANN, SOC}


def test_a_character_that_is_called_by_another_takes_it_up():
    match = started(SOC, ADA)
    match.say(ANN, "Socrates?")
    match.say(SOC, "Ask Ada.")
    assert match.asked == {HOST, ANN, ADA}


def test_characters_talk_among_themselves_only_so_long():
    match = started(SOC, ADA, chain=4)
    match.say(ANN, "Socrates?")
    for _ in range(2):
        match.say(SOC, "Ada?")
        match.say(ADA, "Socrates?")
    assert match.asked == {HOST, ANN}
    match.say(ANN, "Go on, Ada.")
    assert match.asked == {HOST, ANN, ADA}


def test_a_chain_counts_those_who_are_still_to_speak():
    match = started(SOC, ADA, BEN, chain=3)
    match.say(ANN, "Socrates, Ada?")
    match.say(SOC, "And you, Ben?")
    assert queue(match) == [ADA, BEN]
    match.say(ADA, "Socrates again?")
    assert queue(match) == [BEN]


def test_without_a_chain_no_character_answers_another():
    match = started(SOC, ADA, chain=0)
    match.say(ANN, "Socrates?")
    match.say(SOC, "Ada?")
    assert queue(match) == []


def test_new_words_leave_who_speaks_just_now_alone_and_come_before_who_waits():
    match = started(SOC, ADA, BEN, people=(ANN, BOB))
    match.say(ANN, "Socrates, Ada?")
    asked = match.ask_id(SOC)
    match.say(BOB, "And Ben?")
    assert queue(match) == [SOC, BEN, ADA]
    assert match.ask_id(SOC) == asked


def test_who_is_called_while_it_speaks_speaks_again():
    match = started(SOC)
    match.say(ANN, "Hello.")
    match.say(ANN, "How are you?")
    match.say(ANN, "Well?")
    assert queue(match) == [SOC, SOC]


def test_quiet_hours_begin_and_end():
    match = started(SOC)
    match.say(HOST, host.quiet(True))
    refused(match, HOST, host.quiet(True), "It is quiet already.")
    match.say(ANN, "Anybody?")
    assert queue(match) == []
    match.say(ANN, "Socrates?")
    assert queue(match) == [SOC]
    match.say(SOC, "Hush.")
    match.say(HOST, host.quiet(False))
    match.say(ANN, "Anybody?")
    assert queue(match) == [SOC]


def test_in_manual_mode_only_the_host_lets_characters_speak():
    match = started(SOC, ADA, mode=Mode.MANUAL)
    match.say(ANN, "Ada?")
    assert queue(match) == []
    match.say(HOST, host.speak(SOC))
    assert queue(match) == [SOC]
    refused(match, HOST, host.speak(SOC), "Socrates is about to do that.")


def test_the_mode_can_be_changed():
    match = started(SOC, ADA)
    match.say(HOST, host.change_mode(Mode.LIST))
    match.say(ANN, "All of you.")
    assert queue(match) == [SOC, ADA]


def test_the_host_can_stop_who_was_to_speak():
    match = started(SOC, ADA)
    match.say(ANN, "Socrates, Ada?")
    match.say(HOST, host.stop())
    assert match.asked == {HOST, ANN}


def test_a_character_may_say_nothing():
    match = started(SOC, ADA)
    match.say(ANN, "Socrates, Ada?")
    turn = match.say(SOC, "")
    assert list(turn.events) == [Passed(SOC)]
    assert match.asked == {HOST, ANN, ADA}
    assert len(history(match.log)) == 1


def test_a_character_that_fails_stays_silent_and_no_words_are_put_into_its_mouth():
    match = started(SOC)
    match.say(ANN, "Hello.")
    assert match.asks[SOC].default == ""
    view = match.view_of(SOC)
    assert match.game.house_answer(view, match.asks[SOC], None, Random(1)) == ""


# What is done to lines.


def told():
    match = started(SOC)
    match.say(ANN, "What is virtue?")
    match.say(SOC, "Knowledge.")
    return match


def test_a_line_can_be_said_anew_and_its_versions_shown():
    match = told()
    match.say(HOST, host.regenerate(2))
    assert str(match.asks[SOC].prompt) == "Say line 2 anew."
    match.say(SOC, "A question.")
    assert match.log[-1] == Retold(SOC, 2, Words("A question."))
    assert lines(match)[-1] == (SOC, "A question.")
    assert queue(match) == []
    match.say(HOST, host.show(2, 1))
    assert lines(match)[-1] == (SOC, "Knowledge.")
    match.say(HOST, host.show(2, 2))
    assert lines(match)[-1] == (SOC, "A question.")
    refused(match, HOST, host.show(2, 3), "Line 2 has 2 versions; say which one to show.")
    refused(match, HOST, host.show(1, 2), "Line 1 has 1 version; say which one to show.")


def test_a_line_can_be_gone_on_with_in_the_version_that_is_shown():
    match = told()
    match.say(HOST, host.regenerate(2))
    match.say(SOC, "A question.")
    match.say(HOST, host.show(2, 1))
    match.say(HOST, host.go_on(2))
    assert str(match.asks[SOC].prompt) == "How do you go on with line 2?"
    match.say(SOC, "Or so they say.")
    assert match.log[-1] == Continued(SOC, 2, Words("Or so they say."))
    assert lines(match)[-1] == (SOC, "Knowledge. Or so they say.")
    match.say(HOST, host.show(2, 2))
    assert lines(match)[-1] == (SOC, "A question.")


def test_a_line_is_said_anew_before_those_who_wait_speak():
    match = started(SOC, ADA)
    match.say(ANN, "Socrates, Ada?")
    match.say(SOC, "Well.")
    match.say(ANN, "Socrates?")
    match.say(HOST, host.regenerate(2))
    assert match.state.queue == (Wanted(ADA), Wanted(SOC, 2), Wanted(SOC))


def test_a_person_cannot_be_made_to_say_a_line_anew():
    match = told()
    refused(match, HOST, host.regenerate(1), "ann is no character that is here now.")
    refused(match, HOST, host.go_on(1), "ann is no character that is here now.")


def test_a_line_has_only_so_many_versions():
    match = told()
    for number in range(MOST_VERSIONS - 1):
        match.say(HOST, host.regenerate(2))
        match.say(SOC, f"Version {number}.")
    refused(match, HOST, host.regenerate(2), f"Line 2 has {MOST_VERSIONS} versions")


def test_an_edited_line_has_only_its_new_words():
    match = told()
    match.say(HOST, host.regenerate(2))
    match.say(SOC, "A question.")
    match.say(HOST, host.edit(2, "none"))
    assert lines(match) == [(ANN, "What is virtue?"), (SOC, "none")]
    refused(match, HOST, host.show(2, 2), "Line 2 has 1 version")
    edited = match.log[-1]
    assert edited == Edited(SOC, 2, Words("none"))
    assert [edited.replaces(event) for event in match.log if isinstance(event, Said)] == [
        False,
        True,
    ]


def test_a_deleted_line_is_gone_and_its_number_is_not_given_again():
    match = told()
    match.say(HOST, host.regenerate(2))
    match.say(HOST, host.delete(2))
    assert match.log[-1] == Deleted(SOC, 2)
    assert queue(match) == []
    assert lines(match) == [(ANN, "What is virtue?")]
    for request in (host.delete(2), host.edit(2, "x"), host.regenerate(2), host.show(2, 1)):
        refused(match, HOST, request, "There is no such line in this chat.")
    match.say(ANN, "Once more?")
    assert [line.number for line in history(match.log)] == [1, 3]


def test_an_edit_ends_what_was_to_be_done_with_the_old_words():
    match = told()
    match.say(HOST, host.go_on(2))
    match.say(HOST, host.edit(2, "Nothing."))
    assert queue(match) == []


def test_lines_whose_words_are_forgotten_stay_as_empty_ones():
    match = told()
    match.say(HOST, host.go_on(2))
    match.say(SOC, "More.")
    codec = codec_of(Chat)
    again = Match(Chat(), (), 7, [forgetting(codec, turn) for turn in match.turns])
    assert lines(again) == [(ANN, ""), (SOC, "")]
    assert again.state == match.state
    assert match.propose(ANN, "And?") == again.propose(ANN, "And?")


def test_a_turn_can_be_emptied_in_memory_as_in_the_store():
    match = told()
    before = match.state
    said = next(at for at, turn in enumerate(match.turns) if turn.seat == ANN)
    match.forget(said)
    assert lines(match) == [(ANN, ""), (SOC, "Knowledge.")]
    assert "virtue" not in repr((match.log, match.turns))
    assert match.state == before


# The whole.


def test_the_host_ends_the_chat_without_winners():
    match = told()
    match.say(ANN, "More?")
    match.say(HOST, host.end())
    assert match.over
    assert match.outcome.scores == {}
    assert str(match.outcome.reason) == "The chat is over."
    with pytest.raises(NotYourTurn, match="The match is over"):
        match.say(ANN, "Wait!")


def at_random(seed, answers=150):
    """Return a match of people, characters and a host who do anything at all."""
    rng = Random(seed)
    match = started(SOC, ADA, BEN, people=(ANN, BOB), seed=seed, cooldown=1)
    for number in range(answers):
        seat = rng.choice(sorted(match.asked))
        text = rng.choice(["Ada?", "Ben, Socrates!", f"mark{number}", "Well."])
        if seat == HOST:
            line, who = rng.randint(1, number // 2 + 1), rng.choice([SOC, ADA, BEN, ANN, BOB])
            text = rng.choice(
                [
                    *(host.speak(who), host.leave(who), host.join_character(who, (), 0.4)),
                    *(host.join_person(who), host.regenerate(line), host.go_on(line)),
                    *(host.show(line, rng.randint(1, 3)), host.edit(line, "edited")),
                    *(host.delete(line), host.quiet(rng.random() < 0.5), host.stop()),
                    *(host.change_mode(rng.choice(list(Mode))), host.say(who, "So?", to=SOC)),
                ]
            )
        try:
            match.say(seat, text)
        except IllegalMove:
            continue
    match.say(HOST, host.end())
    return match


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_the_journal_alone_brings_the_chat_back(seed):
    match = at_random(seed)
    codec = codec_of(Chat)
    again = Match.from_json(match.to_json())
    assert facts(again) == facts(match)
    for event in match.log:
        kind, body = codec.encode(event)
        assert codec.decode(kind, json.loads(json.dumps(body))) == event
    stored = json.loads(json.dumps(state_to_json(Chat, match.state)))
    assert state_from_json(Chat, stored) == match.state
    forgotten = [forgetting(codec, turn) for turn in match.turns]
    assert Match(Chat(cooldown=1), (), seed, forgotten).state == match.state
    assert [line.number for line in history(match.log)] == [
        number for number, line in enumerate(match.state.lines, start=1) if line.versions
    ]


@pytest.mark.parametrize("seed", range(5))
def test_one_seed_gives_one_chat(seed):
    assert facts(at_random(seed)) == facts(at_random(seed))


NOT_OF_A_CHAT = {
    contract.random_play_ends_with_a_score_for_every_player,
    contract.house_bots_always_answer_legally,
}
"""Nobody scores here, and no house bot is a host."""


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "rule",
    [rule for rule in contract.RULES if rule not in NOT_OF_A_CHAT],
    ids=lambda rule: rule.__name__,
)
def test_a_chat_keeps_the_contract_of_every_game(rule, seed):
    rule(Chat(), (SOC, ADA), seed)


def test_a_long_chat_is_kept_small():
    match = started(SOC)
    turns = [Turn(ANN, (Said(ANN, number, Words("x")),)) for number in range(1, 3001)]
    again = Match(Chat(), (), 7, [*match.turns, *turns])
    size = len(json.dumps(state_to_json(Chat, again.state)))
    assert size < 3000 * 60


def test_junk_from_anybody_changes_nothing_or_is_words():
    match = told()
    for junk in contract.JUNK:
        for seat in (HOST, ANN, Seat("a stranger")):
            before = facts(match)
            why = contract.refusal_of(match, seat, junk)
            assert why is None or re.search(r"\w.*[.?!”)]$", why, re.DOTALL)
            assert facts(match) == before
