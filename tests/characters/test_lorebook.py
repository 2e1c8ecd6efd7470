"""Every field of a lorebook, as the Character Card V3 specification describes it."""

import re
import time
from itertools import pairwise

import pytest

from characters.errors import BadCard
from characters.lorebook import MOST_KEYS, MOST_PATTERNS, CharPosition, read_lorebook
from characters.scan import Place, scan
from tests.characters.small_talk import MACROS, SOC, book, chat, entry, scanned, told, verdict


def test_an_entry_is_told_when_one_of_its_keys_is_said():
    one = entry(["cup", "hemlock"])
    found = verdict(one)
    assert found.taken and found.text == "It is bitter."
    assert found.reason == "“hemlock” is in the last 4 lines"


def test_an_entry_whose_keys_nobody_said_gives_that_as_its_reason():
    found = verdict(entry(), "ann: Hello")
    assert (found.taken, found.reason, found.text) == (False, "no key in the last 4 lines", "")


def test_an_entry_without_keys_never_matches():
    assert verdict(entry(["", "  "])).reason == "it has no keys"


def test_an_entry_that_matches_twice_is_told_once():
    assert told([entry(["hemlock", "bitter"])], "ann: hemlock, hemlock") == ["It is bitter."]


def test_an_entry_that_is_switched_off_matches_in_no_case():
    found = verdict(entry(content="@@activate\nx", enabled=False, constant=True))
    assert (found.taken, found.reason) == (False, "it is switched off")


def test_an_entry_with_empty_content_adds_nothing():
    scan = scanned([entry(content="@@depth 2\n")])
    assert not scan.taken
    assert scan.verdicts[0].reason == "“hemlock” is in the last 4 lines, but it says nothing"


def test_a_constant_entry_needs_no_key():
    found = verdict(entry([], constant=True), "ann: Hello")
    assert found.taken and found.reason == "it is constant" and found.steady


def test_a_pattern_makes_constant_and_second_keys_count_for_nothing():
    one = entry(["hem.*k"], use_regex=True, constant=True, selective=True, secondary_keys=["owl"])
    assert verdict(one).taken
    assert not verdict(one, "ann: Hello").taken


@pytest.mark.parametrize("second", [["wine", "bitter"], "wine, bitter"])
def test_a_selective_entry_needs_one_of_its_second_keys_as_well(second):
    one = entry(selective=True, secondary_keys=second)
    assert verdict(one).taken
    found = verdict(one, "ann: hemlock!")
    assert not found.taken
    assert found.reason == "“hemlock” is in the last 4 lines, but none of its second keys"


def test_second_keys_count_only_where_the_entry_is_selective():
    assert verdict(entry(selective=False, secondary_keys=["wine"])).taken


def test_selective_without_second_keys_asks_for_nothing_more():
    assert verdict(entry(selective=True)).taken


@pytest.mark.parametrize(("case_sensitive", "taken"), [(None, True), (False, True), (True, False)])
def test_case_counts_only_where_the_entry_says_so(case_sensitive, taken):
    assert verdict(entry(["HEMLOCK"], case_sensitive=case_sensitive)).taken is taken


def test_only_the_last_lines_of_the_scan_depth_are_looked_through():
    lines = ["ann: hemlock", "bob: Hm.", "ann: So."]
    assert verdict(entry(), *lines, fields={"scan_depth": 3}).taken
    found = verdict(entry(), *lines, fields={"scan_depth": 2})
    assert (found.taken, found.reason) == (False, "no key in the last 2 lines")
    assert verdict(entry(), *lines, fields={"scan_depth": 0}).reason == "no key in the last 0 lines"


def test_a_lower_insertion_order_stands_further_up_and_equals_as_in_the_book():
    entries = [
        entry(content=text, insertion_order=order)
        for text, order in zip("abcd", [9, 1, 9, 5], strict=True)
    ]
    assert told(entries) == ["b", "d", "a", "c"]


@pytest.mark.parametrize(
    ("position", "place"),
    [
        ("before_char", Place.BEFORE_CHAR),
        ("after_char", Place.AFTER_CHAR),
        (None, Place.BEFORE_CHAR),
    ],
)
def test_an_entry_stands_on_the_side_that_it_names(position, place):
    assert verdict(entry(position=position)).place is place


def test_over_the_token_budget_the_lowest_priority_is_dropped_first():
    entries = [
        entry(content=name * 40, priority=rank) for name, rank in zip("abc", [2, 1, 3], strict=True)
    ]
    found = scanned(entries, fields={"token_budget": 20})
    assert [one.text[0] for one in found.taken] == ["a", "c"]
    assert found.verdicts[1].over_budget
    assert found.verdicts[1].reason == (
        "“hemlock” is in the last 4 lines, but it is over the lorebook's budget of 20 tokens"
    )


def test_without_priorities_the_lowest_insertion_order_is_dropped_first():
    entries = [
        entry(content=name * 40, insertion_order=n)
        for name, n in zip("abc", [2, 1, 3], strict=True)
    ]
    assert [text[0] for text in told(entries, fields={"token_budget": 20})] == ["a", "c"]


def test_of_equals_the_one_further_down_is_dropped():
    entries = [entry(content=name * 40, priority=1) for name in "abc"]
    assert [text[0] for text in told(entries, fields={"token_budget": 20})] == ["a", "b"]


def test_an_entry_that_alone_is_over_the_budget_drops_no_other():
    entries = [entry(content="a" * 400, priority=9), entry(content="b", priority=1)]
    assert told(entries, fields={"token_budget": 20}) == ["b"]


def test_a_budget_of_nothing_drops_all():
    assert told([entry(), entry()], fields={"token_budget": 0}) == []


RECURSIVE = [
    entry(["hemlock"], "It grows near Megara."),
    entry(["megara"], "Euclid lives there."),
    entry(["euclid"], "He walks far."),
]


def test_entries_are_found_in_the_texts_of_others_only_where_the_book_says_so():
    assert len(told(RECURSIVE, fields={"recursive_scanning": True})) == 3
    assert told(RECURSIVE, fields={"recursive_scanning": False}) == ["It grows near Megara."]
    assert told(RECURSIVE) == ["It grows near Megara."]


def test_what_another_entry_says_counts_whatever_the_scan_depth():
    found = scanned(RECURSIVE, fields={"recursive_scanning": True, "scan_depth": 1})
    assert found.verdicts[2].reason == "“euclid” is in the last line or another entry"


def test_entries_that_name_each_other_are_each_told_once():
    ring = [entry(["hemlock", "owl"], "See wine."), entry(["wine"], "See owl.")]
    assert told(ring, fields={"recursive_scanning": True}) == ["See wine.", "See owl."]


def test_a_chain_of_entries_is_followed_five_links_far():
    links = ["hemlock", "owl", "wine", "ship", "sea", "wind", "sail", "rope"]
    chain = [entry([one], f"See {other}.") for one, other in pairwise(links)]
    assert len(told(chain, fields={"recursive_scanning": True})) == 6


def test_a_hidden_key_is_found_and_not_told():
    entries = [entry(content="Bitter.{{hidden_key:megara}}{{// athens}}"), entry(["megara"], "M"),
               entry(["athens"], "A")]  # fmt: skip
    assert told(entries, fields={"recursive_scanning": True}) == ["Bitter.", "M"]


def test_macros_in_an_entry_are_replaced():
    assert told([entry(content="{{user}} asks {{char}}.")]) == ["ann asks Socrates."]


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        ("hem.o", True),
        ("HEM", True),
        ("/HEM/", False),
        ("/HEM/i", True),
        ("/^is/im", True),
        ("/hem.*bitter/s", True),
        (r"/\u0068emlock/", True),
        (r"/\bbitter\b/", True),
        (r"/^\/hemlock/", False),
    ],
)
def test_patterns_may_be_plain_or_as_in_javascript(key, taken):
    assert (
        verdict(entry([key], use_regex=True), "bob: Well.", "ann: Is hemlock\nbitter?").taken
        is taken
    )


@pytest.mark.parametrize("key", ["(", "(?<=a)b", r"(a)\1", "/a/q", "(((a{500}){500}){500})"])
def test_an_invalid_pattern_is_no_match_and_says_so(key):
    found = verdict(entry(["hemlock", key], use_regex=True))
    assert not found.taken and "its pattern" in found.reason


def test_a_pattern_that_is_too_long_is_no_match():
    found = verdict(entry(["a" * 501], use_regex=True))
    assert found.reason == "its pattern is longer than 500 characters"


def test_a_pattern_that_would_blow_up_elsewhere_takes_linear_time():
    began = time.process_time()
    verdict(entry(["(a+)+$"], use_regex=True), "ann: " + "a" * 30_000 + "b")
    assert time.process_time() - began < 10


def test_a_book_of_its_own_is_read():
    document = {"spec": "lorebook_v3", "data": {"name": "Athens", "entries": [entry()]}}
    assert (read_lorebook(document).name, len(read_lorebook(document).entries)) == ("Athens", 1)


def test_missing_and_null_fields_have_sensible_values():
    one = read_lorebook({"entries": [{"keys": None, "content": None, "case_sensitive": None}]})
    (found,) = one.entries
    assert found.enabled and found.title == "entry 1" and found.position is CharPosition.BEFORE
    assert one.scan_depth is None and one.token_budget is None and not one.recursive_scanning


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"entries": {}}, "“character_book.entries” in the card must be a list"),
        ({"entries": [3]}, "“character_book.entries[0]” in the card must be an object"),
        ({"entries": [entry(enabled=1)]}, "“character_book.entries[0].enabled”"),
        ({"entries": [entry(use_regex="yes")]}, "must be true or false, not text"),
        ({"entries": [entry(insertion_order="x")]}, "must be a number"),
        ({"entries": [entry(keys=[1])]}, "“character_book.entries[0].keys[0]”"),
        ({"entries": [entry(keys=["a"] * 1900)] * 9}, f"{MOST_KEYS:,} is the most"),
        ({"entries": [entry(["a"] * 51, use_regex=True)] * 10}, f"{MOST_PATTERNS} is the most"),
        ({"entries": [], "token_budget": "many"}, "“character_book.token_budget”"),
        ({"spec": "lorebook_v3"}, "The lorebook has no “data”"),
    ],
)
def test_a_bad_book_is_refused_with_a_sentence(fields, sentence):
    with pytest.raises(BadCard, match=re.escape(sentence)):
        read_lorebook(fields)


def test_a_negative_or_huge_depth_does_no_harm():
    assert book(entry(), scan_depth=-3).scan_depth == 0
    assert verdict(entry(), fields={"scan_depth": 10**12, "token_budget": 1e300}).taken


def test_two_thousand_entries_with_eight_keys_each_are_scanned_at_once():
    entries = [entry([f"key{n}x{k}" for k in range(8)]) for n in range(2000)]
    one, lines = book(*entries), chat(*["ann: " + "so many words " * 20] * 4)
    began = time.process_time()
    scan(one, lines, me=SOC, macros=MACROS)
    assert time.process_time() - began < 10
