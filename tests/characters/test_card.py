"""Cards of all three versions are read as one thing, and nothing of them is lost."""

import copy

import pytest

from characters.card import Asset, read_card
from characters.errors import BadCard
from characters.profile import Era, Now, Profile, Scene
from tests.characters.samples import EACH, V1, V2, V3, minimal


def test_each_field_of_a_v3_card_is_read():
    card = read_card(V3)
    assert (card.version, card.name, card.nickname, card.called) == (3, "Zoë", "Zo", "Zo")
    assert card.description == "{{char}} keeps bees."
    assert (card.personality, card.scenario) == ("calm", "a garden")
    assert (card.first_message, card.alternate_greetings) == ("Mind the hive.", ("Hello.", "Oh!"))
    assert card.group_only_greetings == ("So many!",)
    assert card.example_dialogue == "<START>\n{{user}}: Hello\n{{char}}: Hush."
    assert card.system_prompt == "{{original}} Be calm."
    assert card.post_history_instructions == "Stay calm."
    assert (card.creator_notes, card.creator) == ("For the garden.", "Ann")
    assert (card.tags, card.character_version) == (("bees", "garden"), "1.2")
    assert card.assets[0] == Asset("icon", "ccdefault:", "main", "png")
    assert [asset.is_portrait for asset in card.assets] == [True, False]
    assert (card.book.name, len(card.book.entries)) == ("Bees", 2)
    assert card.warnings == ()


def test_the_profile_of_an_own_card_is_read():
    assert read_card(V3).profile == Profile(
        ("Zoe", "Зоя"),
        0.5,
        "470 BC",
        "399 BC",
        Era(-470, -399, "bees", "cars", "asks"),
        Now("garden", "noon", "{{char}} waits"),
        (Scene(-432, "spring", "here", ("Bo",), "It rained.", "Bo 1.2"),),
        ("Bo",),
    )


def test_v1_and_v2_cards_are_read_with_defaults_for_what_they_lack():
    first, second = read_card(V1), read_card(V2)
    assert (first.version, first.called, first.book) == (1, "Zoë", None)
    assert (second.version, second.called, second.assets) == (2, "Zoë", ())
    assert first.profile == Profile()
    assert second.profile == Profile(talkativeness=0.75)


@pytest.mark.parametrize("document", EACH.values(), ids=EACH)
def test_the_document_is_kept_as_it_was_and_reading_changes_nothing(document):
    before = copy.deepcopy(document)
    assert read_card(document).document is document
    assert document == before


@pytest.mark.parametrize(
    ("said", "used"),
    [("0.9", 0.9), (1, 1.0), (7, 1.0), (-3, 0.0), ("much", 0.5), ([1], 0.5), ("nan", 0.5),
     (None, 0.5), ("1e999", 1.0), (10**400, 0.5)],
)  # fmt: skip
def test_what_other_programs_say_about_talkativeness_is_used_if_it_is_a_number(said, used):
    card = read_card(minimal(extensions={"talkativeness": said}))
    assert card.profile.talkativeness == used


@pytest.mark.parametrize("version", ["3.1", 4, "30"])
def test_a_newer_version_is_imported_with_a_warning(version):
    card = read_card({**minimal(), "spec_version": version})
    assert card.name == "Bo"
    (warning,) = card.warnings
    assert f"version {version}, newer than 3.0" in warning


@pytest.mark.parametrize("version", ["three", None, [], {}, "", 10**400])
def test_a_version_that_is_no_number_is_imported_with_a_warning(version):
    (warning,) = read_card({**minimal(), "spec_version": version}).warnings
    assert "does not say its “spec_version” as a number" in warning


@pytest.mark.parametrize("version", ["3.0", "3", 3, 2.5, "2.0"])
def test_versions_up_to_3_compare_as_numbers_and_need_no_warning(version):
    assert read_card({**minimal(), "spec_version": version}).warnings == ()


def test_null_counts_as_missing_in_every_field():
    data = dict.fromkeys(V3["data"], None) | {"name": "Bo"}
    card = read_card({**minimal(), "data": data})
    assert (card.name, card.description, card.tags, card.book) == ("Bo", "", (), None)
    assert card.document["data"] == data


def test_texts_are_cleaned_of_what_could_hurt_whoever_shows_them():
    card = read_card(minimal(name=" B\n\to\u202e \ud800", description="a\x00b\r\nc"))
    assert card.name == "B o ?"
    assert card.description == "ab\nc"


WRONG = {
    "no name": (minimal(name=" \n"), "no name"),
    "null as a name": (minimal(name=None), "no name"),
    "a number as a name": (minimal(name=7), "“data.name” in the card must be text, not a number"),
    "a long name": (minimal(name="x" * 101), "101 characters, and 100 is the most"),
    "tags as text": (minimal(tags="a, b"), "“data.tags” in the card must be a list, not text"),
    "a tag as an object": (minimal(tags=["a", {}]), "“data.tags[1]” in the card must be text, not"),
    "data as a list": ({**minimal(), "data": []}, "“data” in the card must be an object"),
    "no data": ({"spec": "chara_card_v2"}, "no “data”"),
    "a lorebook": ({"spec": "lorebook_v3", "data": {}}, "a lorebook and no character"),
    "another spec": ({"spec": "chara_card_v9"}, "“spec” is 'chara_card_v9'"),
    "a spec that is no text": ({"spec": [1]}, "“spec” is of no kind"),
    "an asset as text": (minimal(assets=["a.png"]), "“data.assets[0]” in the card must be an obj"),
    "a book as a list": (minimal(character_book=[]), "“data.character_book” in the card must be"),
    "too much text": (minimal(alternate_greetings=["x" * 600_000] * 2), "1,200,002 characters"),
    "too long a text": (minimal(scenario="x" * 1_000_001), "1,000,003 characters of text"),
    "too many greetings": (minimal(alternate_greetings=[""] * 2001), "2,001 items, and 2,000"),
    "too many entries": (minimal(character_book={"entries": [{}] * 2001}), "2,001 items"),
    "a profile as text": (minimal(extensions={"parlour": "x"}), "“data.extensions.parlour” in"),
    "an era without years": (
        minimal(extensions={"parlour": {"era": {}}}),
        "“data.extensions.parlour.era.first_year” in the card must be a year, not null",
    ),
    "an era backwards": (
        minimal(extensions={"parlour": {"era": {"first_year": 2, "last_year": 1}}}),
        "is after its last_year",
    ),
    "half a year": (
        minimal(extensions={"parlour": {"era": {"first_year": 1.5, "last_year": 2}}}),
        "first_year” in the card must be a whole number",
    ),
    "a huge year": (
        minimal(extensions={"parlour": {"era": {"first_year": 10**400, "last_year": 2}}}),
        "first_year” in the card must be a number",
    ),
}


@pytest.mark.parametrize(("document", "said"), WRONG.values(), ids=WRONG)
def test_a_bad_card_is_refused_with_one_sentence_that_says_what_is_wrong(document, said):
    with pytest.raises(BadCard) as refusal:
        read_card(document)
    sentence = str(refusal.value)
    assert said in sentence
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 300
