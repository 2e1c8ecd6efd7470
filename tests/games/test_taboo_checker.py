"""The clue checker of taboo: what counts as a form of a word, and what does not."""

import re
import string
from random import Random

import pytest

from games.puzzle_words import Language
from games.taboo_checker import same_word, word_broken

EN, DE = Language.ENGLISH, Language.GERMAN

NAMED = [
    # the word itself, in any dress
    ("piano", "a PIANO stands there"), ("piano", "p i a n o"), ("piano", "p.i.a.n.o."),
    ("piano", "pi-ano"), ("piano", "pi\u200bano"), ("piano", "p1an0"), ("piano", "onaip"),
    ("piano", "ｐｉａｎｏ"), ("café", "a cafe"),
    ("ice cream", "icecream"), ("ice cream", "ice-cream"),
    ("ice cream", "cold cream"), ("T-shirt", "tshirts"), ("ice", "ice!"), ("grass", "gr@ss"),
    # endings
    ("piano", "two pianos"), ("piano", "a pianist"), ("box", "boxes"), ("cherry", "cherries"),
    ("leaf", "leaves"), ("run", "running"), ("run", "a runner"), ("swim", "swimming"),
    ("read", "readers"), ("happy", "happiness"), ("happy", "unhappy"), ("happy", "happily"),
    ("sun", "sunny"), ("rain", "rainy"), ("bake", "baking"), ("baking", "bakers"),
    ("dance", "dancing"), ("beauty", "beautiful"), ("danger", "dangerous"), ("invent", "invention"),
    ("inventor", "inventions"), ("education", "educate"), ("nation", "international"),
    ("music", "musical"), ("magician", "magic"), ("electric", "electricity"), ("hope", "hopeless"),
    ("child", "childhood"), ("child", "childish"), ("friend", "friendship"), ("paint", "painters"),
    ("move", "movement"), ("kind", "unkindness"), ("tall", "tallest"), ("write", "rewriting"),
    # irregular forms
    ("tooth", "teeth"), ("feet", "foot"), ("mouse", "mice"), ("drink", "drunk"), ("fly", "flew"),
    ("flight", "flying"), ("eat", "ate"), ("write", "wrote"), ("knife", "knives"),
    ("child", "children"),
    # parts and compounds
    ("spaceship", "space"), ("spaceship", "ship"), ("snow", "snowman"), ("snowman", "snow"),
    ("rain", "raincoat"), ("rainbow", "rain"), ("photograph", "photo"), ("foot", "football"),
    ("light", "daylight"), ("man", "a man"), ("ball", "snowballs"), ("book", "bookshelves"),
    ("tooth", "toothbrush"),
]  # fmt: skip
FREE = [
    ("king", "making and baking"), ("king", "walking, talking, thinking"),
    ("ring", "during spring"), ("rain", "the train of thought"), ("rain", "a brain"),
    ("art", "start of the party"), ("car", "carpet"), ("car", "a scar"), ("eat", "weather"),
    ("sing", "using it"), ("hat", "that"), ("ship", "you shape it"), ("bow", "rainbow"),
    ("plant", "a plan"), ("station", "the state"), ("nation", "a native"),
    ("letter", "let me think"), ("on", "one"), ("sea", "a search"), ("two", "the tower"),
    ("ice", "a nice police officer"), ("bee", "I have been there"), ("one", "the phone"),
    ("cow", "a coward"), ("moon", "a monk"), ("piano", "a violin"), ("tree", "three"),
    ("corn", "a unicycle"), ("ear", "early in the year"), ("ball", "a ballet"),
    ("red", "they read"),
]  # fmt: skip
GERMAN_NAMED = [
    ("Klavier", "Klaviere"), ("Klavier", "ein Klavierspieler"), ("spielen", "er spielt"),
    ("spielen", "gespielt"), ("Bäcker", "eine Bäckerei"), ("Bäcker", "backer"), ("Haus", "Häuser"),
    ("Haus", "im Krankenhaus"), ("Schneemann", "Schnee"), ("Zahn", "Zähne"), ("Zahn", "zahnlos"),
    ("Zahnarzt", "Arzt"), ("lesen", "gelesen"), ("Buch", "Bücher"), ("Freund", "Freundschaft"),
    ("frei", "Freiheit"), ("warm", "wärmer"), ("sehen", "gesehen"), ("Musik", "Musiker"),
    ("Lehrer", "Lehrerinnen"), ("Hund", "Hündchen"), ("schwimmen", "geschwommen"),
    ("Straße", "strasse"), ("heiraten", "sie heirateten"), ("Regenschirm", "Regen"),
    ("Garten", "Gärtner"),
]  # fmt: skip
GERMAN_FREE = [
    ("Uhr", "nur so"), ("Ei", "eine Reise"), ("Tier", "er spaziert"), ("Hut", "gutmütig"),
    ("Eis", "eine Reise"), ("Rat", "er hat ein Rad"), ("Mond", "montags"), ("Bär", "wunderbar"),
    ("Feuer", "ein Abenteuer"), ("Stern", "gestern"), ("Reis", "der Preis"),
    ("Klavier", "eine Geige"), ("alt", "kalte Tage"),
]  # fmt: skip
TEXT = (
    "Most people have one at home and see it every day, but nobody thinks much about it. My "
    "grandmother kept hers near the window. You can buy it cheaply in any shop around the corner."
)


@pytest.mark.parametrize(("word", "clue"), NAMED)
def test_a_form_of_a_word_counts_as_the_word(word, clue):
    assert word_broken(f"think of {clue} now", ("other", word), EN) == word


@pytest.mark.parametrize(("word", "clue"), FREE)
def test_other_words_are_free(word, clue):
    assert word_broken(f"think of {clue} now", (word,), EN) is None


@pytest.mark.parametrize(("word", "clue"), GERMAN_NAMED)
def test_a_form_of_a_german_word_counts_as_the_word(word, clue):
    assert word_broken(f"denk an {clue} jetzt", ("anderes", word), DE) == word


@pytest.mark.parametrize(("word", "clue"), GERMAN_FREE)
def test_other_german_words_are_free(word, clue):
    assert word_broken(f"denk an {clue} jetzt", (word,), DE) is None


@pytest.mark.parametrize("word", ["elephant", "volcano", "passport", "kangaroo", "spider", "honey"])
def test_ordinary_words_break_no_card(word):
    assert word_broken(TEXT, (word,), EN) is None


def test_a_word_hidden_anywhere_with_any_signs_between_its_letters_is_found():
    rng = Random("hidden")
    for _ in range(300):
        word = rng.choice(["umbrella", "volcano", "library", "Elefant", "Brücke"])
        sign = rng.choice(
            [*string.punctuation.translate(str.maketrans("", "", "@$")), " ", "\u200b"]
        )
        said = [*TEXT.split()]
        said.insert(
            rng.randrange(len(said)), sign.join(word.upper() if rng.random() < 0.5 else word)
        )
        assert word_broken(" ".join(said), (word,), rng.choice([EN, DE])) == word


def test_the_longest_clue_is_checked_at_once():
    words = ("umbrella", "ice cream", *string.ascii_lowercase[:5])
    assert word_broken("x1" * 100_000, words, EN) is None
    assert word_broken("zz " * 5_000, words, EN) is None


@pytest.mark.parametrize("text", ["", "...", "🎹", "名前", "\x00"])
def test_a_text_without_words_names_nothing(text):
    assert word_broken(text, ("piano", "C"), EN) is None


@pytest.mark.parametrize("guess", ["piano", "A piano!", "the piano?", "is it a piano", "PIANOS"])
def test_a_guess_is_right_with_an_article_or_in_the_plural(guess):
    assert same_word(guess, "piano", EN)


@pytest.mark.parametrize("guess", ["", "violin", "piano or violin", "piano, guitar", "pia", "no"])
def test_other_guesses_are_wrong(guess):
    assert not same_word(guess, "piano", EN)


def test_german_guesses_may_have_an_article_too():
    assert same_word("das Klavier", "Klavier", DE)
    assert same_word("Ist es eine Brücke?", "Brücke", DE)
    assert not same_word("ein Klavier und eine Brücke", "Brücke", DE)


@pytest.mark.parametrize(
    ("guess", "word", "language"),
    [
        ("farm", "farmer", EN), ("farming", "farmer", EN), ("magical", "magician", EN),
        ("corn", "corner", EN), ("flow", "flower", EN), ("wed", "wedding", EN),
        ("Zauber", "Zauberer", DE), ("spinnerei", "Spinne", DE), ("backen", "Bäcker", DE),
    ],
)  # fmt: skip
def test_a_word_that_is_only_related_is_a_wrong_guess(guess, word, language):
    assert not same_word(guess, word, language)


@pytest.mark.parametrize(
    ("guess", "word", "language"),
    [
        ("libraries", "library", EN), ("boxes", "box", EN), ("glass", "glasses", EN),
        ("Elefanten", "Elefant", DE), ("Brücken", "Brücke", DE), ("Gärten", "Garten", DE),
    ],
)  # fmt: skip
def test_a_plural_is_a_right_guess(guess, word, language):
    assert same_word(guess, word, language)


def test_no_pattern_can_be_put_into_a_clue():
    assert word_broken(re.escape("p.*o[") + "(", ("piano",), EN) is None
