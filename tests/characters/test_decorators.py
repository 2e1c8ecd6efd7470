"""Every decorator of a lorebook entry, and what the specification says of them together."""

import pytest

from characters.decorators import Decorators, Position, Role, UiPrompt, split_decorators, understood
from characters.scan import Place
from tests.characters.small_talk import entry, scanned, told, verdict

TALK = ["Socrates: Welcome.", "ann: Is hemlock bitter?", "Socrates: It is.", "bob: So."]


def decorated(*decorators, **fields):
    return entry(content="\n".join([*decorators, "", "It is bitter."]), **fields)


def read(*decorators, chat=True):
    chains, content = split_decorators("\n".join([*decorators, "", "Content."]))
    assert content == "Content."
    return understood(chains, chat=chat)


def test_decorators_and_the_lines_around_them_are_taken_off_the_content():
    chains, content = split_decorators("\n\n@@depth 4\n@@role user\n\n\nIt is\n\n@@not one\n")
    assert content == "It is\n\n@@not one"
    assert chains == [(("depth", "4"),), (("role", "user"),)]


@pytest.mark.parametrize(
    ("line", "chat", "expected"),
    [
        ("@@activate_only_after 3", True, {"activate_only_after": 3}),
        ("@@activate_only_every 2", True, {"activate_only_every": 2}),
        ("@@keep_activate_after_match", True, {"keep_activate_after_match": True}),
        ("@@dont_activate_after_match", True, {"dont_activate_after_match": True}),
        ("@@depth 4", True, {"depth": 4}),
        ("@@depth -4", True, {"depth": 0}),
        ("@@instruct_depth 100", False, {"instruct_depth": 100}),
        ("@@reverse_depth 1", True, {"reverse_depth": 1}),
        ("@@reverse_instruct_depth 9", False, {"reverse_instruct_depth": 9}),
        ("@@role assistant", True, {"role": Role.ASSISTANT}),
        ("@@scan_depth 1", True, {"scan_depth": 1}),
        ("@@instruct_scan_depth 50", False, {"instruct_scan_depth": 50}),
        ("@@is_greeting 0", True, {"is_greeting": 0}),
        ('@@position "scenario"', True, {"position": Position.SCENARIO}),
        ("@@ignore_on_max_context", True, {"ignore_on_max_context": True}),
        ("@@additional_keys a, b", True, {"additional_keys": (("a", "b"),)}),
        ("@@exclude_keys a,b,,", True, {"exclude_keys": ("a", "b")}),
        ("@@dont_activate", True, {"dont_activate": True}),
        ("@@activate true", True, {"activate": True}),
        ("@@disable_ui_prompt system_prompt", True, {"disable_ui_prompt": UiPrompt.SYSTEM}),
    ],
)
def test_each_decorator_is_read(line, chat, expected):
    assert read(line, chat=chat) == Decorators(**expected)


@pytest.mark.parametrize(
    "line",
    [
        "@@risu_only 4",
        "@@depth four",
        "@@depth",
        "@@activate_only_every 0",
        "@@role narrator",
        "@@position roof",
        "@@additional_keys",
        "@@activate false",
        "@@disable_ui_prompt jailbreak",
        "@@is_user_icon Xanthippe",
        "@@instruct_depth 3",
        "@@instruct_scan_depth 3",
        "@@reverse_instruct_depth 3",
        "@@@depth 3",
    ],
)
def test_what_is_unknown_invalid_or_means_nothing_in_a_chat_is_ignored(line):
    assert read(line) == Decorators()


@pytest.mark.parametrize(
    "line", ["@@depth 3", "@@scan_depth 3", "@@activate_only_after 3", "@@role user"]
)
def test_what_counts_messages_means_nothing_in_plain_text(line):
    assert read(line, chat=False) == Decorators()


def test_the_first_fallback_that_is_understood_stands_in_for_an_ignored_decorator():
    lines = ["@@a 1", "@@@b 2", "@@@c 3", "@@@d 4", "@@@e 5", "@@@depth 6", "@@@scan_depth 7"]
    assert read(*lines) == Decorators(depth=6)


def test_a_fallback_of_a_decorator_that_is_understood_is_ignored():
    assert read("@@depth 5", "@@@scan_depth 2") == Decorators(depth=5)


def test_which_fallback_counts_depends_on_whether_it_is_a_chat():
    lines = ["@@instruct_depth 100", "@@@depth 5"]
    assert read(*lines) == Decorators(depth=5)
    assert read(*lines, chat=False) == Decorators(instruct_depth=100)


def test_of_decorators_with_one_name_the_first_counts():
    assert read("@@depth 1", "@@depth 2", "@@exclude_keys a", "@@exclude_keys b") == Decorators(
        depth=1, exclude_keys=("a",)
    )


def test_activate_only_after_waits_for_so_many_messages_of_the_character():
    assert verdict(decorated("@@activate_only_after 2"), *TALK).taken
    found = verdict(decorated("@@activate_only_after 3"), *TALK)
    assert (found.taken, found.reason) == (False, "it waits for message 3 of the character")


def test_messages_of_other_characters_are_not_counted():
    assert not verdict(decorated("@@activate_only_after 1"), "Ada: Is hemlock bitter?").taken


def test_activate_only_every_wants_no_remainder():
    assert verdict(decorated("@@activate_only_every 2"), *TALK).taken
    found = verdict(decorated("@@activate_only_every 3"), *TALK)
    assert (found.taken, found.reason) == (False, "it comes at every 3 messages of the character")


LATER = [*TALK, "ann: Yes?", "bob: No.", "ann: Yes!", "bob: Why?"]


def test_keep_activate_after_match_keeps_an_entry_that_has_matched_before():
    assert not verdict(decorated(), *LATER).taken
    found = verdict(decorated("@@keep_activate_after_match"), *LATER)
    assert found.taken and found.reason == "it has matched before (@@keep_activate_after_match)"


def test_what_was_said_but_answered_by_nobody_was_no_match():
    lines = ["ann: hemlock", *["bob: Hm."] * 4]
    assert not verdict(decorated("@@keep_activate_after_match"), *lines).taken


def test_dont_activate_after_match_takes_an_entry_once():
    one = decorated("@@dont_activate_after_match")
    assert verdict(one, *TALK[:2]).taken
    found = verdict(one, *TALK)
    assert found.reason == "it has matched before (@@dont_activate_after_match)" and not found.taken


def test_a_greeting_is_no_message_at_which_something_matched():
    assert verdict(decorated("@@dont_activate_after_match", constant=True), *TALK[:2]).taken
    assert not verdict(decorated("@@dont_activate_after_match", constant=True), *TALK).taken


def test_depth_counts_messages_from_the_newest():
    found = verdict(decorated("@@depth 2"), *TALK)
    assert (found.place, found.depth, found.role) == (Place.DEPTH, 2, Role.SYSTEM)
    assert verdict(decorated("@@depth 99"), *TALK).depth == 4


def test_reverse_depth_counts_messages_from_the_oldest():
    assert verdict(decorated("@@reverse_depth 1"), *TALK).depth == 3
    assert verdict(decorated("@@reverse_depth 1", "@@depth 2"), *TALK).depth == 2


def test_instruct_depths_count_tokens_in_plain_text():
    assert verdict(decorated("@@instruct_depth 3"), *TALK, plain=40).depth == 3
    assert verdict(decorated("@@instruct_depth 99"), *TALK, plain=40).depth == 40
    assert verdict(decorated("@@reverse_instruct_depth 3"), *TALK, plain=40).depth == 37


def test_role_says_in_whose_name_an_entry_stands():
    assert verdict(decorated("@@depth 1", "@@role assistant"), *TALK).role is Role.ASSISTANT


def test_scan_depth_counts_before_that_of_the_book():
    assert not verdict(decorated("@@scan_depth 2"), *TALK, fields={"scan_depth": 4}).taken
    assert verdict(decorated("@@scan_depth 3"), *TALK, fields={"scan_depth": 1}).taken


def test_instruct_scan_depth_counts_tokens_in_plain_text():
    lines = ["ann: Is hemlock bitter or is it not?"]
    found = verdict(decorated("@@instruct_scan_depth 3"), *lines, plain=10)
    assert (found.taken, found.reason) == (False, "no key in the last 3 tokens")
    assert verdict(decorated("@@instruct_scan_depth 30"), *lines, plain=10).taken


def test_is_greeting_wants_the_chat_to_have_begun_with_it():
    one = decorated("@@is_greeting 1")
    assert verdict(one, greeting=1).taken
    assert verdict(one, greeting=None).taken
    found = verdict(one, greeting=0)
    assert (found.taken, found.reason) == (False, "it belongs to greeting 1")


@pytest.mark.parametrize("position", Position)
def test_position_names_a_place_within_the_card(position):
    assert verdict(decorated(f"@@position {position}", "@@depth 3")).place == position.value


def test_a_position_that_the_card_does_not_have_is_ignored():
    found = verdict(decorated("@@position scenario", "@@depth 1"), sections=())
    assert (found.place, found.depth) == (Place.DEPTH, 1)


def test_ignore_on_max_context_leaves_an_entry_out_when_the_context_is_full():
    one = decorated("@@ignore_on_max_context")
    assert verdict(one, full=False).taken
    found = verdict(one, full=True)
    assert (found.taken, found.reason) == (False, "the context is full")


def test_ignore_on_max_context_is_dropped_first_whatever_its_priority():
    long = "x" * 40
    first = entry(content=f"@@ignore_on_max_context\n{long}", priority=9)
    assert told([first, entry(content="y" * 40, priority=1)], budget=15) == ["y" * 40]


def test_additional_keys_ask_for_one_of_theirs_as_well():
    assert verdict(decorated("@@additional_keys wine, bitter")).taken
    found = verdict(decorated("@@additional_keys wine"))
    assert found.reason == (
        "“hemlock” is in the last 4 lines, but none of its additional keys is in the last 4 lines"
    )


def test_additional_keys_may_be_there_more_than_once_and_each_counts():
    assert verdict(decorated("@@additional_keys bitter", "@@additional_keys is")).taken
    assert not verdict(decorated("@@additional_keys bitter", "@@additional_keys wine")).taken


def test_additional_keys_are_a_condition_for_constant_entries_too():
    assert not verdict(decorated("@@additional_keys wine", constant=True)).taken


def test_with_patterns_additional_keys_are_more_patterns():
    one = decorated("@@additional_keys b.tter", keys=["wine"], use_regex=True)
    assert verdict(one).taken
    broken = decorated("@@additional_keys (", keys=["hemlock"], use_regex=True)
    assert not verdict(broken).taken


def test_exclude_keys_keep_an_entry_out():
    assert verdict(decorated("@@exclude_keys wine")).taken
    found = verdict(decorated("@@exclude_keys wine, bitter"))
    assert (found.taken, found.reason) == (False, "“bitter” in the last 4 lines keeps it out")


def test_with_patterns_exclude_keys_are_ignored():
    assert verdict(decorated("@@exclude_keys bitter", use_regex=True)).taken


def test_is_user_icon_is_ignored_for_its_fallback():
    assert read("@@is_user_icon Xanthippe", "@@@depth 2") == Decorators(depth=2)


def test_dont_activate_takes_an_entry_in_no_case_but_activate_in_every():
    assert verdict(decorated("@@dont_activate", constant=True)).reason == (
        "@@dont_activate never takes it"
    )
    assert verdict(decorated("@@dont_activate", "@@activate"), "ann: Hello").taken
    assert verdict(decorated("@@activate", "@@is_greeting 3"), "ann: Hello", greeting=0).taken


@pytest.mark.parametrize("prompt", UiPrompt)
def test_disable_ui_prompt_switches_a_text_of_the_house_off_while_the_entry_matches(prompt):
    one = decorated(f"@@disable_ui_prompt {prompt}")
    assert scanned([one]).switched_off == {prompt}
    assert scanned([one], ["ann: Hello"]).switched_off == set()


def test_all_conditions_must_hold_together():
    one = decorated("@@activate_only_after 2", "@@exclude_keys so", "@@scan_depth 3")
    assert not verdict(one, *TALK).taken
    assert verdict(one, *TALK[:3], "bob: Well.").taken


def test_only_an_entry_that_never_comes_and_goes_is_steady():
    assert verdict(decorated(constant=True)).steady
    assert verdict(decorated("@@activate")).steady
    for line in (
        "@@activate_only_after 0",
        "@@exclude_keys x",
        "@@depth 2",
        "@@ignore_on_max_context",
    ):
        assert not verdict(decorated(line, constant=True)).steady
    assert not verdict(entry(content="{{roll:6}}", constant=True)).steady
