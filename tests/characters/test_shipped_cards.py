"""Every character that comes with Parlour is complete, consistent and has its sources."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from struct import unpack_from

import pytest

from bot.cast import folded
from characters.card import read_card
from characters.card_files import CardFile, Format, read_file, write_file
from characters.documents import read_document, write_document
from characters.png import chunks
from characters.shipped import CARDS, PORTRAITS, portrait, shipped

INTERVIEWS = CARDS.parent / "interviews"
IDS = sorted(file.stem for file in CARDS.glob("*.json"))
DRAWN = {"svg", "rect", "circle", "ellipse", "polygon", "polyline", "path", "line", "g", "title"}


def words(text):
    return len(text.split())


@pytest.fixture(params=IDS)
def character(request):
    return request.param


@pytest.fixture
def card(character):
    return read_card(read_document((CARDS / f"{character}.json").read_bytes()))


@pytest.fixture
def interview(character):
    return json.loads((INTERVIEWS / f"{character}.json").read_text("utf-8"))


def test_shipped_cards_are_those_of_the_folder_by_the_names_of_their_files():
    assert list(shipped()) == IDS
    assert shipped() is shipped()
    with pytest.raises(TypeError):
        shipped()["me"] = None
    with pytest.raises(KeyError):
        portrait("../../bot")


def test_at_least_twelve_people_come_with_parlour():
    assert len(IDS) >= 12
    assert {"socrates", "cleopatra", "spartacus", "caesar", "newton", "beethoven", "king"} <= {*IDS}


def test_a_shipped_card_is_v3_as_the_specification_wants_it(character, card):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", character)
    data = card.data
    assert (card.version, card.document["spec_version"], card.warnings) == (3, "3.0", ())
    assert (card.creator, card.system_prompt, data["source"]) == ("Parlour", "", [])
    assert card.assets == () or [asset.uri for asset in card.assets] == ["ccdefault:"]
    assert data["creation_date"] <= data["modification_date"]
    assert isinstance(data["creator_notes_multilingual"], dict)
    for entry in data["character_book"]["entries"]:
        assert {"keys", "content", "extensions", "enabled", "insertion_order", "use_regex"} <= {
            *entry
        }


def test_a_shipped_card_says_enough_and_not_too_much(card):
    assert card.nickname and card.tags and card.character_version
    assert 140 <= words(card.description) <= 320
    assert 50 <= words(card.personality) <= 140
    assert 35 <= words(card.scenario) <= 110
    assert words(card.creator_notes) >= 15
    assert "{{char}}" in card.description and "{{user}}" in card.scenario


def test_a_shipped_character_can_begin_in_several_ways(card):
    assert 35 <= words(card.first_message) <= 140
    greetings = [card.first_message, *card.alternate_greetings, *card.group_only_greetings]
    assert len(card.alternate_greetings) >= 3 and len(card.group_only_greetings) >= 1
    assert len({*greetings}) == len(greetings)


def test_the_example_dialogue_has_both_speakers_in_every_block(card):
    begin, *blocks = re.split(r"(?m)^<START>$", card.example_dialogue)
    assert begin == "" and len(blocks) >= 3
    for block in blocks:
        assert re.search(r"(?m)^{{user}}: \S", block) and re.search(r"(?m)^{{char}}: \S", block)


def test_no_text_of_a_card_speaks_of_models(card):
    said = json.dumps(card.document).casefold()
    for phrase in ("as an ai", "language model", "chatbot", "tapestry", "testament to", "delve"):
        assert phrase not in said, phrase


def test_the_lorebook_has_facts_with_keys_and_sources(card):
    entries = card.data["character_book"]["entries"]
    assert len(entries) >= 25
    for name in ("id", "name"):
        assert max(Counter(entry[name] for entry in entries).values()) == 1
    for entry in entries:
        assert entry["enabled"] and (entry["constant"] or len(entry["keys"]) >= 2), entry["name"]
        assert 20 <= words(entry["content"]) <= 110, entry["name"]
        assert all(entry["extensions"]["parlour"]["sources"]), entry["name"]
        assert entry["extensions"]["parlour"]["sources"], entry["name"]
        assert entry["position"] in {"before_char", "after_char"}


def test_the_life_is_told_in_order_within_the_era(card):
    profile = card.profile
    assert len(profile.life) >= 14
    for before, after in pairwise(profile.life):
        assert before.year <= after.year
    for scene in profile.life:
        assert profile.era.first_year <= scene.year <= profile.era.last_year
        assert scene.date and scene.place and scene.source
        assert 25 <= words(scene.scene) <= 110, scene.date


def test_the_profile_says_what_the_person_can_know_and_where_one_meets(card):
    profile = card.profile
    assert profile.born and profile.died and profile.sources
    assert 0 <= profile.talkativeness <= 1
    assert profile.era.first_year < profile.era.last_year
    for text in (profile.era.knows, profile.era.cannot_know):
        assert 30 <= words(text) <= 130
    assert profile.era.manner
    assert profile.now.place and profile.now.time and profile.now.status


def test_no_two_shipped_characters_answer_to_the_same_name():
    names = Counter(
        name
        for character, card in shipped().items()
        for name in {*map(folded, (character, card.name, card.nickname, *card.profile.aliases))}
    )
    assert [name for name, count in names.items() if count > 1 or not name] == []


def test_a_shipped_character_has_names_in_other_scripts(card):
    assert len(card.profile.aliases) >= 5
    assert any(not alias.isascii() for alias in card.profile.aliases)


def test_the_portrait_is_a_square_png_drawn_from_flat_shapes(character):
    picture = portrait(character)
    header = chunks(picture)[0]
    assert unpack_from(">II", header.data) == (512, 512)
    assert len(picture) < 100_000
    drawing = (PORTRAITS / f"{character}.svg").read_text("utf-8")
    assert 'viewBox="0 0 256 256"' in drawing
    assert {*re.findall(r"<([a-zA-Z]+)", drawing)} <= DRAWN
    assert not re.search(r"href|url\(|data:|@import|<!", re.sub(r"<!--.*?-->", "", drawing))


def test_a_shipped_card_is_the_same_after_each_format(character, card):
    for wanted in (Format.JSON, Format.PNG):
        again = read_file(write_file(CardFile(card, portrait(character)), wanted, b""))
        assert write_document(again.card.document) == write_document(card.document)


def test_the_interview_has_thirty_probes_across_eras(character, card, interview):
    assert interview["character"] == character
    probes = interview["probes"]
    assert len(probes) == 30 == len({probe["id"] for probe in probes})
    assert 6 <= sum(probe["knows"] for probe in probes) <= 8
    for probe in probes:
        assert {"id", "question", "about", "year", "knows"} <= {*probe}, probe
        assert isinstance(probe["year"], int) and probe["question"].strip()
        if probe["knows"]:
            assert probe["year"] <= card.profile.era.last_year, probe["id"]


def test_each_probe_tells_knowledge_from_ignorance_by_words_that_the_question_lacks(interview):
    for probe in interview["probes"]:
        signs = probe["facts"] if probe["knows"] else probe["signs"]
        assert 2 <= len(signs) <= 8, probe["id"]
        for sign in signs:
            assert sign == sign.lower() and sign.strip(), probe["id"]
        if not probe["knows"]:
            asked = probe["question"].lower()
            assert [sign for sign in signs if sign in asked] == [], probe["id"]


def test_the_interview_has_topics_and_questions_about_the_life(interview):
    assert len(interview["topics"]) == 6 == len({topic["id"] for topic in interview["topics"]})
    assert len(interview["facts"]) == 10 == len({fact["id"] for fact in interview["facts"]})
    for topic in interview["topics"]:
        assert topic["topic"] and topic["opening"].strip()
    for fact in interview["facts"]:
        assert fact["question"].strip().endswith("?") and fact["answer"].strip()


def test_each_file_belongs_to_a_shipped_character():
    for folder, ending in ((INTERVIEWS, "json"), (PORTRAITS, "svg"), (PORTRAITS, "png")):
        assert {Path(file).stem for file in folder.glob(f"*.{ending}")} <= {*IDS}
