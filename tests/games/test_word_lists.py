"""The shipped word lists are complete, and words are found in whatever form they are named."""

import json

import pytest

from games.word_lists import DATA, squeezed, word_list, word_named

FRUITS = ("Apple", "Cherry", "Ice cream", "Wolf", "Drums", "T-shirt")


def shipped():
    return sorted(path.stem for path in DATA.glob("chameleon_*.json"))


def topic_faults(topic):
    if len(topic.words) != 16:
        yield f"has {len(topic.words)} words, not 16"
    for word, clues in topic.clues.items():
        others = tuple(other for other in topic.words if other != word)
        if named := word_named(word, others):
            yield f"{word} has {named} in it"
        if word.isascii() and len(squeezed(word)) < 4:
            yield f"{word} is so short that ordinary words have it in them"
        if len(clues) < 8:
            yield f"{word} has {len(clues)} clues, fewer than 8"
        if len({squeezed(clue) for clue in clues}) < len(clues):
            yield f"{word} has a clue twice"
        for clue in clues:
            if named := word_named(clue, topic.words):
                yield f"the clue {clue!r} of {word} names {named}"
            if not 0 < len(clue) <= 100:
                yield f"the clue {clue!r} of {word} has {len(clue)} characters"


def phrase_faults(words):
    if len({squeezed(clue) for clue in words.vague}) < 12:
        yield "there are fewer vague clues than seats"
    for topic in words.topics.values():
        for clue in words.vague:
            if named := word_named(clue, topic.words):
                yield f"the vague clue {clue!r} names {named} of {topic.name}"
    for kind in ("vague", "odd", "unclear", "trusted"):
        for line in words.remarks.get(kind, ["(none)"]):
            if "{seat}" not in line or len(line.format(seat="s" * 40, clue="c" * 100)) > 300:
                yield f"the {kind} remark {line!r} names no seat or is too long"


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_list_has_no_faults(name):
    words = word_list(name)
    faults = [f"{t.name}: {fault}" for t in words.topics.values() for fault in topic_faults(t)]
    faults += phrase_faults(words)
    if len(words.topics) < 12:
        faults.append(f"there are {len(words.topics)} topics, fewer than 12")
    if name != f"chameleon_{words.language}" or not words.source:
        faults.append("the language or the source is not told")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", shipped())
def test_no_topic_or_word_stands_in_a_list_twice(name):
    def once(pairs):
        keys = [squeezed(key) for key, _ in pairs]
        assert len(set(keys)) == len(keys), [key for key in keys if keys.count(key) > 1]
        return dict(pairs)

    json.loads((DATA / f"{name}.json").read_text("utf-8"), object_pairs_hook=once)


def test_related_words_share_clues_so_that_a_chameleon_can_blend_in():
    for topic in word_list().topics.values():
        for word, clues in topic.clues.items():
            others = {c for other in topic.words if other != word for c in topic.clues[other]}
            assert len(others & set(clues)) >= 3, f"{topic.name}: {word}"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("APPLE", "Apple"),
        ("two apples a day", "Apple"),
        ("pineapple", "Apple"),
        ("ap-ple, a p p l e", "Apple"),
        ("Äpple", "Apple"),
        ("ap\u200bple", "Apple"),
        ("cherries", "Cherry"),
        ("cherry-red", "Cherry"),
        ("icecream", "Ice cream"),
        ("ice-creams", "Ice cream"),
        ("they hunt like wolves", "Wolf"),
        ("drumsticks", "Drums"),
        ("a drum", "Drums"),
        ("T SHIRTS", "T-shirt"),
    ],
)
def test_a_word_is_named_in_any_simple_form(text, word):
    assert word_named(text, FRUITS) == word


@pytest.mark.parametrize(
    "text", ["", "...", "a ripe pear", "map pleat", "ice and cream", "my shirt", "wool fabric"]
)
def test_other_words_name_nothing(text):
    assert word_named(text, FRUITS) is None


def test_a_list_is_read_once():
    assert word_list() is word_list()
