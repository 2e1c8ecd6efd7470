"""What an Ask accepts of people and of models, what it refuses, and what it tells of itself."""

import json

import pytest

from games.core import Ask, Kind, Seat, Text, UnclearMove

ROCK = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))
SEATS = Ask("Who?", choices=("Player 1", "Player 10", "Ann", "Anna"))
TEAM = Ask(
    "Which two or three?", choices=("Ann", "Bob", "Cy", "salt and pepper"), at_least=2, at_most=3
)
BID = Ask("How much?", low=0, high=2_000_000, step=5)
SHARE = Ask("What share?", low=-0.5, high=1, step=0.25)
SPEECH = Ask("What do you say?", max_length=40)
FORM = Ask(
    "Your verdict?",
    fields={
        "over": Ask("Is it over?", choices=("yes", "no")),
        "points": Ask("How many?", low=1, high=5, optional=True),
        "reason": Ask("Why?", max_length=100, optional=True),
    },
)


def refusal(ask, text):
    with pytest.raises(UnclearMove) as why:
        ask.parse(text)
    return str(why.value)


@pytest.mark.parametrize(
    "text",
    [
        "paper", "PAPER", "  Paper.  ", "paper!", "“paper”", "I choose paper",
        "I'll take paper, please", "paper paper", "2", "#2", "option 2", "No. 2", "2.", "(paper)",
        "*paper*", "ｐａｐｅｒ",
        '{"answer": "paper"}', '{"answer": "Paper"}', '```json\n{"answer": "paper"}\n```',
        '{"answer": 2}', '"paper"', '{"choice": "paper"}', '["paper"]',
    ],
)  # fmt: skip
def test_one_option_is_read_however_it_is_said(text):
    assert ROCK.parse(text) == "paper"


@pytest.mark.parametrize(
    "text",
    [
        "", "rocket", "paper or rock", "not paper", "anything but paper", "I don't want paper",
        "I won’t take paper", "0", "4", "12345678901234567890", "pass", '{"answer": null}',
        '{"answer": "rope"}', "{", "null", '{"answer": ["rock", "paper"]}', "paperrock", "don't",
    ],
)  # fmt: skip
def test_an_unclear_choice_is_refused_with_the_options(text):
    assert refusal(ROCK, text) == "Say exactly one of rock, paper and scissors."


@pytest.mark.parametrize("text", ["Player 10", "player 10!", "I vote for Player 10", "10"])
def test_the_longest_name_counts_where_one_stands_within_another(text):
    assert SEATS.parse(text) == "Player 10"
    assert SEATS.parse("anna") == "Anna"
    assert SEATS.parse("ann it is") == "Ann"


def test_a_number_that_stands_in_another_name_is_no_option_number():
    two = Ask("Who?", choices=("Player 2", "Player 3"))
    assert "exactly one" in refusal(two, "2 or 3")
    assert "exactly one" in refusal(Ask("Who?", choices=("Ann", "Player 3", "Player 2")), "2")
    assert Ask("Who?", choices=("Ann", "Player 2")).parse("2") == "Player 2"


def test_an_option_may_itself_hold_a_negation():
    verdict = Ask("Well?", choices=("guilty", "not guilty"))
    assert verdict.parse("I say not guilty") == "not guilty"
    assert verdict.parse("Guilty.") == "guilty"
    assert "exactly one" in refusal(verdict, "he did not do it")


@pytest.mark.parametrize(
    ("options", "text", "option"),
    [
        (("石头", "布", "剪刀"), "我出石头", "石头"),
        (("石头", "布", "剪刀"), "剪刀！", "剪刀"),
        (("グー", "チョキ", "パー"), "グーを出します", "グー"),
        (("바위", "보", "가위"), "바위를 낼게", "바위"),
        (("café", "thé"), "CAFÉ", "café"),
        (("café", "thé"), "un cafe\u0301, merci", "café"),
        (("Straße", "Weg"), "STRASSE", "Straße"),
        (("камень", "бумага"), "Я выбираю КАМЕНЬ", "камень"),
    ],
)
def test_options_of_other_scripts_are_read(options, text, option):
    assert Ask("?", choices=options).parse(text) == option


def test_a_negation_is_noticed_in_a_script_without_spaces():
    assert "exactly one" in refusal(Ask("?", choices=("石头", "布")), "不要石头")


def test_options_without_a_letter_are_read_when_said_exactly():
    ask = Ask("?", choices=("👍", "👎", "+"))
    assert [ask.parse(text) for text in ("👍", ' "👎" ', "+", "2")] == ["👍", "👎", "+", "👎"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ann, Bob", ("Ann", "Bob")),
        ("bob and ann", ("Bob", "Ann")),
        ("1, 3", ("Ann", "Cy")),
        ("Cy\nBob; Ann", ("Cy", "Bob", "Ann")),
        ("Ann & Cy & Ann", ("Ann", "Cy")),
        ("salt and pepper, Cy", ("salt and pepper", "Cy")),
        ('{"answer": ["Bob", "cy"]}', ("Bob", "Cy")),
        ('["Ann", 2]', ("Ann", "Bob")),
    ],
)
def test_several_options_are_read_as_a_list(text, named):
    assert TEAM.parse(text) == named


@pytest.mark.parametrize(
    "text",
    ["", "Ann", "Ann, Ann", "Ann, Bob, Cy, salt and pepper", "Ann, Dee", "Ann, not Bob", "[[]]",
     ", ".join(["Ann"] * 50)],
)  # fmt: skip
def test_too_few_too_many_or_unknown_options_are_refused(text):
    said = refusal(TEAM, text)
    assert (
        said.startswith(("Name 2 to 3 of Ann, Bob, Cy and salt", "Say exactly one of Ann")) or said
    )


def test_no_option_at_all_is_an_answer_where_none_need_be_named():
    ask = Ask("Whom do you heal?", choices=("Ann", "Bob"), at_least=0, at_most=2)
    assert [ask.parse(text) for text in ("none", "[]", "", '{"answer": []}')] == [(), (), (), ()]


@pytest.mark.parametrize(
    ("ask", "text", "number"),
    [
        (BID, "15", 15),
        (BID, "I bid 1,000.", 1000),
        (BID, "2000000", 2_000_000),
        (BID, "1e6", 1_000_000),
        (BID, '{"answer": 20}', 20),
        (BID, '{"answer": "25 coins"}', 25),
        (BID, "$30", 30),
        (SHARE, "-0.5", -0.5),
        (SHARE, "−0.25", -0.25),
        (SHARE, ".75", 0.75),
        (SHARE, "+1", 1),
        (SHARE, '{"answer": 0.25}', 0.25),
    ],
)
def test_a_number_is_read(ask, text, number):
    assert ask.parse(text) == number
    assert isinstance(ask.parse(text), type(number))


@pytest.mark.parametrize(
    "text",
    ["", "-5", "2000005", "7", "five", "5 or 10", "5-10", "not 5", "0x5", "1e999", "1e-5", "inf",
     "NaN", '{"answer": 1e999}', '{"answer": NaN}', '{"answer": true}', '{"answer": 1e-05}',
     '{"answer": [5]}', '{"answer": 1e16}', "1" + ",000" * 4000, "9" * 5000,
     '{"answer": ' + "9" * 4000 + "}"],
)  # fmt: skip
def test_what_is_no_allowed_number_is_refused(text):
    assert refusal(BID, text) == "Say one whole number from 0 to 2000000 in steps of 5."


def test_text_is_kept_as_it_was_said():
    assert SPEECH.parse('  Hello, {name}!\n"rock" ') == 'Hello, {name}!\n"rock"'
    assert SPEECH.parse('{"answer": "Hi"}') == "Hi"
    assert SPEECH.parse('{"rock": 1}') == '{"rock": 1}'
    assert SPEECH.parse("pass") == "pass"


def test_a_text_is_refused_when_empty_or_too_long():
    assert refusal(SPEECH, " \n ") == (
        "An empty answer does not count. Say something of at most 40 characters."
    )
    assert refusal(SPEECH, "x" * 41).startswith("That has 41 characters.")
    assert refusal(SPEECH, "x" * 100_000).startswith("That is too long to read.")


def test_text_that_came_as_json_is_as_clean_as_any():
    assert SPEECH.parse('{"answer": ["\\ud800", "\\u202e"]}') == '["?", ""]'
    assert SPEECH.parse('{"answer": "a\\u0000b\\u202e"}') == "ab"


@pytest.mark.parametrize(
    "text", ["pass", "Pass.", "skip", "", "no comment", "null", '{"answer": null}']
)
@pytest.mark.parametrize("kind", [{}, {"choices": ("a", "b")}, {"low": 1, "high": 3}])
def test_an_optional_question_may_be_passed(kind, text):
    assert Ask("?", optional=True, **kind).parse(text) is None


def test_a_seat_named_skip_can_be_chosen():
    ask = Ask("Who?", choices=("Skip", "None of it"), optional=True)
    assert [ask.parse(text) for text in ("Skip", "skip", "pass")] == ["Skip", "Skip", None]


@pytest.mark.parametrize(
    "text",
    [
        "over: yes\npoints: 3\nreason: all is said",
        "Over: YES!\nReason: all is said\nPoints: 3 points",
        '{"over": "yes", "points": 3, "reason": "all is said"}',
        '```json\n{"over": "yes", "points": "3", "reason": "all is said"}\n```',
    ],
)
def test_a_form_is_read_as_lines_or_as_json(text):
    assert FORM.parse(text) == {"over": "yes", "points": 3, "reason": "all is said"}


def test_optional_fields_of_a_form_may_be_left_out_and_a_lone_field_needs_no_name():
    nothing_else = {"points": None, "reason": None}
    for text in ("over: no", "no", '{"over": "no"}', "over: no\npoints: pass"):
        assert FORM.parse(text) == {"over": "no", **nothing_else}


def test_a_text_in_a_form_may_have_several_lines():
    assert FORM.parse("over: no\nreason: one\ntwo: three")["reason"] == "one\ntwo: three"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("over: perhaps", "over"),
        ("points: 3", "over"),
        ("over: no\npoints: 9", "points"),
        ("[1]", "over"),
    ],
)
def test_a_form_is_refused_with_the_name_of_the_field(text, field):
    assert refusal(FORM, text).startswith(f"{field}: ")


def test_the_schema_of_each_kind():
    def answer(ask):
        schema = ask.json_schema()
        assert schema["required"] == ["answer"]
        assert schema["additionalProperties"] is False
        return {
            key: value
            for key, value in schema["properties"]["answer"].items()
            if key != "description"
        }

    assert answer(ROCK) == {"type": "string", "enum": ["rock", "paper", "scissors"]}
    assert answer(TEAM)["minItems"] == 2
    assert answer(TEAM)["items"]["enum"] == list(TEAM.choices)
    assert answer(Ask("?", low=1, high=9)) == {"type": "integer", "minimum": 1, "maximum": 9}
    assert answer(SHARE) == {"enum": [-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1]}
    assert answer(SPEECH) == {"type": "string", "minLength": 1, "maxLength": 40}
    assert answer(Ask("?", low=1, high=9, optional=True))["anyOf"][1] == {"type": "null"}
    assert list(FORM.json_schema()["properties"]) == ["over", "points", "reason"]
    assert json.loads(json.dumps(FORM.json_schema())) == FORM.json_schema()


def test_the_kind_follows_from_what_is_given():
    kinds = [ask.kind for ask in (ROCK, TEAM, BID, SPEECH, FORM)]
    assert kinds == [Kind.ONE_OF, Kind.SEVERAL_OF, Kind.NUMBER, Kind.TEXT, Kind.FORM]


@pytest.mark.parametrize(
    "wrong",
    [
        {"choices": ("a",), "low": 1, "high": 2},
        {"low": 1},
        {"low": 2, "high": 1},
        {"low": 1, "high": 2, "step": 0},
        {"choices": ("a",), "at_most": 2},
    ],
)
def test_a_question_that_nobody_could_answer_cannot_be_put(wrong):
    with pytest.raises(AssertionError):
        Ask("?", **wrong)


def test_the_digest_tells_questions_apart():
    again = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))
    assert again.digest() == ROCK.digest()
    others = (
        SEATS,
        TEAM,
        BID,
        SPEECH,
        FORM,
        Ask(Text("{seat}?", seat=Seat("a"))),
        Ask(Text("{seat}?", seat=Seat("b"))),
    )
    assert len({ask.digest() for ask in (ROCK, *others)}) == 8


def test_a_long_list_of_options_is_shortened_in_the_hint():
    hint = str(Ask("?", choices=tuple(f"o{n}" for n in range(100))).hint())
    assert "o41 (and 58 more)" in hint
