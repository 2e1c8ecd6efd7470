"""What is wrong with a recipe is said all at once, with its place and what to do."""

from inspect import get_annotations

import pytest

from games.core import BadSetup
from games.recipes import SHIPPED, RecipeGame, recipe_game
from games.recipes.reading import read_recipe
from games.recipes.recipe import BadRecipe
from tests.games.recipes.documents import HEAD, faults_of

ASK = """
[[phases]]
name = "pick"
ask = "Which?"
answer = { kind = "choice", choices = ["a", "b"] }
"""
NUMBER = ASK.replace(
    'kind = "choice", choices = ["a", "b"]', 'kind = "number", least = 1, most = 9'
)
VOTE = ASK.replace('kind = "choice", choices = ["a", "b"]', 'kind = "vote"')
TEXT = ASK.replace('kind = "choice", choices = ["a", "b"]', 'kind = "text"')
JUDGE = """
[[phases]]
name = "judge"
of = "moderator"
about = "pick"
ask = "{about}: {answer}. Good?"
answer = { kind = "choice", choices = ["yes", "no"] }
"""
ROLES = """
[roles.spy]
count = 1
text = "You are the spy."

[roles.guest]
text = "You are a guest."
"""
WORDS = """
[lists]
words = ["x", "y", "z", "u", "v", "w"]

[draws.word]
from = "words"
"""


def points(rule, more=""):
    return f'\n[[phases.points]]\nrule = "{rule}"\n{more}\n'


def test_all_faults_are_listed_at_once_with_place_and_remedy():
    document = """
title = "Broken"
summary = 3
rules = "Use {nonsense}."
sea = true

[seats]
least = 5
most = 2

[[phases]]
name = "one"
ask = "Which?"
answer = { kind = "coice" }

[[phases]]
name = "one"
tell = "The {place}."
"""
    with pytest.raises(BadRecipe) as refusal:
        read_recipe(document, "broken.toml")
    assert refusal.value.faults == [
        "broken.toml, [seats]: “most” must be a whole number from 5 to 20: correct it.",
        "broken.toml, [phases 1]: there are two phases “one”: give one another name.",
        (
            "broken.toml, [phases 1.answer]: “kind” must be text, choice, several, number, vote or "
            "form: choose one."
        ),
        "broken.toml, [phases 2]: there are two phases “one”: give one another name.",
        "broken.toml: “summary” must be a text: write one.",
        "broken.toml: “sea” means nothing here: did you mean “seats”.",
        (
            "broken.toml: “rules” says “{nonsense}”, which is no value: there are round, leader, "
            "seats, seat."
        ),
        (
            "broken.toml, [phases 2]: “tell” says “{place}”, which is no value: there are round, "
            "leader, seats, seat."
        ),
    ]
    assert isinstance(refusal.value, BadSetup)
    assert str(refusal.value).splitlines() == refusal.value.faults


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (ASK + points("highest"), "“highest” is for numbers"),
        (ASK + points("chosen"), "“chosen” is for votes"),
        (TEXT + points("matching"), "no rule reads free text"),
        (ASK + points("equals"), "write the right answer as “answer”"),
        (ASK + points("equals", 'answer = "c"'), "must be one of the choices"),
        (
            NUMBER.replace("pick", "first") + ASK + points("equals", 'answer_in = "first"'),
            "“first” has the kind number, not choice: name another.",
        ),
        (NUMBER + points("nearest", 'answer = "many"'), "must be a number"),
        (ASK + points("payoff"), "“payoff” must give points for pairs"),
        (ASK + points("payoff", 'payoff = { "a/c" = 1 }'), "“payoff” must give points for pairs"),
        (ASK + points("unique", 'payoff = { "a/b" = 1 }'), "“payoff” belongs to the rule payoff"),
        (ASK + points("unique", 'part = "x"'), "“part” must name the part of a form"),
        (ASK + points("unique", 'phase = "later"'), "there is no phase “later”"),
        (ASK + points("unique", 'points = "many"'), "there is no option with a number “many”"),
        (ROLES + VOTE + points("caught"), "“role” belongs to names role, caught"),
        (ROLES + VOTE + points("caught", 'role = "spy"'), "these points tell who is spy"),
        (ROLES + ASK + points("unique", 'to = "spy"'), "these points tell who is spy"),
        (ROLES + ASK.replace("ask =", 'of = "spy"\nask ='), "this would show who is spy"),
        (ROLES.replace("count = 1", "count = 2") + ASK, "the counts leave nobody"),
        (ROLES.replace("count = 1", "") + ASK, "two roles have no “count”"),
        (ASK + JUDGE.replace('"moderator"', '"everyone"'), "“about” is for questions to the mod"),
        (JUDGE + ASK, "must name an earlier phase"),
        (ASK + 'shown = "nobody"\n' + JUDGE, "the moderator does not see the answers"),
        (ASK + '\n[[loops]]\nfrom = "pick"\nto = "peck"\ntimes = 2', "did you mean “pick”"),
        (ASK + '\n[[loops]]\nfrom = "pick"\nto = "pick"\ntimes = 51', "from 1 to 50"),
        (ASK + "\n[end]\nwhen = { pints = 3 }", "say one thing that must hold"),
        (ASK + '\n[end]\nwhen = { caught = "pick", role = "spy" }', "there is no role “spy”"),
        (WORDS + ASK + "\n[options.word]\nhelp = 'A word, here.'\ndefault = 1\nmost = 2", "two"),
        (WORDS + "known_by = ['spies']\n" + ASK, "there is no role “spies”"),
        (WORDS.replace(', "w"]', "]") + "each = true\n" + ASK, "has fewer rows than there may be"),
        (WORDS + ASK.replace('["a", "b"]', '"word"'), "which holds no lists of 2 to 25 texts"),
        (ASK.replace("pick", "def"), ""),
        (WORDS.replace(".word]", ".class]") + ASK + 'tell = "{class}"', ""),
        (WORDS + ASK + 'tell = "Not {word}."', ""),
        (WORDS + ASK + 'tell = "Not { word }."', "“{ word }”, which is no value: did you mean “wo"),
        (ASK + "\n[options.class]\nhelp = 'No.'\ndefault = true", "means something already"),
        (ASK + 'when = { answered = "pick", with = "c" }', "“with” must be what can be answered"),
        (ASK + 'when = { answered = "pick", with = "b" }', ""),
        (NUMBER + 'when = { answered = "pick", with = 10 }', "“with” must be what can be answered"),
        (NUMBER + 'when = { answered = "pick", with = 9.0 }', ""),
        (TEXT + 'when = { agreed = "pick" }', "no condition reads what is said in “pick”"),
        (ASK + "defult = 'a'", "“defult” means nothing here: did you mean “default”"),
        (ASK + points("unique", "point = 2"), "“point” means nothing here: did you mean “points”"),
        (ASK + "[end]\nwhen = { answered = 'later', with = 'a' }", "there is no phase “later”"),
        (
            ASK.replace('kind = "choice"', 'kind = "form"').replace(
                'choices = ["a", "b"]', 'parts = { a = { kind = "vote", prompt = "{leader}" } }'
            ),
            "values stand in “ask”, and not in a “prompt”",
        ),
        (ASK + "\n[options.rules]\nhelp = 'No.'\ndefault = true", "means something already"),
        (ASK + "\n[options.a-b]\nhelp = 'No.'\ndefault = true", "cannot be a name"),
        (ASK + "default = 'c'", "“default” is no answer to the question"),
        (VOTE + "default = 'Ann'", "for written choices, numbers and texts only"),
        ("[[phases]]\nname = 'a'", "nothing happens in this phase"),
        ("[[phases]]\nname = 'a'\ntell = 'b'\nseconds = 9", "“seconds” belongs to a question"),
        (ASK.replace('"b"', f'"{"b" * 81}"'), "“choices” has a text of over 80 characters"),
        (f'lists.words = ["{"x" * 1501}"]\n' + ASK, "row 1 of “words” has a text of over 1,500"),
        (f'lists.words = [["{"x" * 81}"]]\n' + ASK, "characters, or in a list of over 80: shorten"),
        ("lists.words = ['  ']\n" + ASK, "row 1 of “words” must hold texts, numbers or lists"),
        ("lists.words = [true]\n" + ASK, "row 1 of “words” must hold texts, numbers or lists"),
        ("lists.words = [[[1]]]\n" + ASK, "row 1 of “words” must hold texts, numbers or lists"),
        (f"lists.words = [0x{'F' * 9000}]\n" + ASK, "row 1 of “words” must hold texts, numbers"),
        (NUMBER + f"default = 0x{'F' * 9000}", "“default” must be a text or a number: write one."),
        ("", "“phases” must list 1 to 30 phases"),
        (
            ASK + "[phases.points]\nrule = 'unique'",
            "list of tables: write each as [[phases.points]]",
        ),
        (
            "[phases.pick]\nask = 'What?'",
            "“phases” must be a list of tables: write each as [[phases",
        ),
        (ASK * 31, "“phases” must list 1 to 30 phases"),
    ],
)
def test_what_does_not_fit_is_named(body, fault):
    found = faults_of(body)
    assert any(fault in one for one in found) if fault else found == []


def test_no_option_takes_the_place_of_something_that_every_game_has():
    names = {name for kind in RecipeGame.__mro__ for name in (*vars(kind), *get_annotations(kind))}
    for name in sorted(name for name in names if not name.startswith("_")):
        option = f"\n[options.{name}]\nhelp = 'No.'\ndefault = true"
        assert faults_of(ASK + option) == [
            f"test.toml, [options.{name}]: “{name}” means something already: choose another name."
        ]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("title = ", "this is no valid TOML (Invalid value"),
        ("a = " + "[" * 5000, "this is no valid TOML (it is nested too deeply)"),
        ("x" * 60_001, "it has over 60,000 characters: shorten it."),
        ("a = " + "9" * 5000, "this is no valid TOML"),
    ],
)
def test_what_is_no_document_is_said_in_one_fault(document, fault):
    (found,) = faults_of(document, head="")
    assert found.startswith(f"test.toml: {fault}")


def test_no_game_goes_on_for_ever():
    ask = "".join(ASK.replace("pick", f"pick{number}") for number in range(8))
    loop = '\n[[loops]]\nfrom = "pick0"\nto = "pick7"\ntimes = 50\n'
    assert "may take over 2,000 answers" in faults_of(ask + loop)[0]
    assert faults_of(ask + loop.replace("50", "41")) == []


def test_a_document_becomes_the_same_game_each_time():
    document = HEAD + ASK
    game = recipe_game(document)
    assert recipe_game(str(document)) is game
    assert (game.name, game.min_seats, game.max_seats) == ("a-test", 2, 6)
    assert game.__doc__ == "A game for tests."
    assert game.environment == ()
    assert recipe_game(document + JUDGE).environment == ("moderator",)


def test_the_shipped_games_are_named_after_their_titles():
    titles = [kind.recipe.title for kind in SHIPPED]
    assert titles == ["Museum of odd things", "Night market", "Where are we"]
    assert [kind.name for kind in SHIPPED] == [
        title.casefold().replace(" ", "-") for title in titles
    ]
