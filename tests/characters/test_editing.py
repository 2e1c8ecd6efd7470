"""Cards written and changed field by field: what was typed is there, and all else stays."""

import pytest

from characters.card import read_card
from characters.editing import edited, new_card, typed_form
from characters.errors import BadCard
from characters.form_fields import NEW, PARTS
from characters.shipped import shipped
from tests.characters.samples import EACH, V1, V2, V3, minimal

FIELDS = {field.name: field for part in PARTS.values() for field in part}
TYPED = {
    "name": "Ada",
    "nickname": "Enchantress",
    "description": "Line one\n\nline two",
    "personality": "keen",
    "scenario": "a salon",
    "first_mes": "Good day.",
    "alternate_greetings": "Hello\nthere\n---\nAh, you.",
    "group_only_greetings": "All of you!",
    "mes_example": "<START>\n{{char}}: Hm.",
    "aliases": "Ada\nЛавлейс",
    "talkativeness": "0.25",
    "tags": "maths\nnsfw",
    "creator_notes": "Mind her.",
    "creator": "Bo",
    "first_year": "1815",
    "last_year": "1852",
    "knows": "looms",
    "cannot_know": "films",
    "manner": "asks",
    "place": "London",
    "time": "1843",
    "status": "she translates",
    "born": "1815",
    "died": "1852",
    "system_prompt": "{{original}} Be brief.",
    "post_history_instructions": "Stay.",
}


def forms(card):
    return {name: typed_form(card, field) for name, field in FIELDS.items()}


def test_a_form_has_five_fields_at_most_and_no_field_stands_in_two_ways():
    assert all(1 <= len(part) <= 5 for part in (*PARTS.values(), NEW))
    assert set(TYPED) == set(FIELDS)
    assert {field.name for field in NEW} <= set(FIELDS)


def test_whatever_is_typed_is_what_the_card_says_and_what_the_form_shows_again():
    card = new_card(TYPED)
    assert forms(card) == TYPED
    assert (card.version, card.called, card.tags) == (3, "Enchantress", ("maths", "nsfw"))
    assert card.alternate_greetings == ("Hello\nthere", "Ah, you.")
    assert (card.profile.talkativeness, card.profile.era.last_year) == (0.25, 1852)
    assert card.profile.aliases == ("Ada", "Лавлейс")
    assert card.profile.now.status == "she translates"


@pytest.mark.parametrize("name", FIELDS)
def test_one_field_changes_and_no_other_and_nothing_unknown_is_lost(name):
    years = {"first_year": "-500", "last_year": "-390", "talkativeness": "0.125"}
    card = read_card(V3)
    changed = edited(card, {name: years.get(name, "Another")})
    before, after = forms(card), forms(changed)
    assert after.pop(name) == years.get(name, "Another")
    before.pop(name)
    assert after == before
    assert changed.data["extensions"]["parlour"]["unknown"] == {"deep": [[[1]]]}
    assert changed.document["beside"] == {"kept": True}
    assert changed.book == card.book
    assert card.document == V3


@pytest.mark.parametrize("document", EACH.values(), ids=EACH)
def test_a_form_sent_off_as_it_was_shown_changes_nothing(document):
    card = read_card(document)
    shown = {name: text for name, text in forms(card).items() if text is not None}
    spaced = {name: f" {text} \r\n".replace("\n", " \n") for name, text in shown.items()}
    for given in (shown, spaced):
        assert forms(edited(card, given)) == forms(card)
    if card.version == 3:
        assert repr(edited(card, shown).document) == repr(V3)


@pytest.mark.parametrize("document", [V1, V2], ids=["V1", "V2"])
def test_an_older_card_becomes_one_of_v3_that_says_the_same(document):
    card = read_card(document)
    changed = edited(card, {"nickname": "Zo"})
    assert (changed.version, changed.nickname) == (3, "Zo")
    assert (changed.description, changed.example_dialogue) == (
        card.description,
        card.example_dialogue,
    )


def test_every_shipped_character_can_be_edited_but_for_texts_too_long_for_a_form():
    for card in shipped().values():
        for name, text in forms(card).items():
            if text is not None:
                assert edited(card, {name: text}).document == card.document


def test_what_no_form_can_hold_is_not_shown_and_so_not_lost():
    long = read_card(minimal(description="x" * 4001, alternate_greetings=["a\n---\nb"]))
    assert typed_form(long, FIELDS["description"]) is None
    assert typed_form(long, FIELDS["alternate_greetings"]) is None
    odd = read_card({"name": "Bo", "tags": ["two\nlines"], "nickname": None})
    assert typed_form(odd, FIELDS["tags"]) is None


def test_emptied_fields_are_gone():
    card = new_card(TYPED)
    now = edited(card, dict.fromkeys(("place", "time", "status"), ""))
    assert now.profile.now is None
    era = ("first_year", "last_year", "knows", "cannot_know", "manner")
    assert edited(card, dict.fromkeys(era, "")).profile.era is None
    assert edited(card, {"talkativeness": ""}).profile.talkativeness == 0.5
    assert edited(card, {"aliases": " \n "}).profile.aliases == ()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "  "}, "has no name"),
        ({"talkativeness": "2"}, "a number from 0 to 1"),
        ({"talkativeness": "often"}, "a number from 0 to 1"),
        ({"talkativeness": "nan"}, "a number from 0 to 1"),
        ({"first_year": "soon"}, "A year is a whole number"),
        ({"first_year": "٤"}, "A year is a whole number"),
        ({"first_year": "1900"}, "after its last_year"),
        ({"first_year": ""}, "needs its first and its last year"),
        ({"tags": "\n".join(f"tag {number}" for number in range(2001))}, "2,001 items"),
    ],
)
def test_what_will_not_do_is_refused_with_one_sentence(given, why):
    with pytest.raises(BadCard, match=why) as refused:
        edited(new_card(TYPED), given)
    assert "\n" not in str(refused.value)
