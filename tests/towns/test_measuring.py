"""Measurements: what they can say, and that nothing else is ever understood."""

from random import Random

import pytest

from towns.measuring import LONGEST, MOST_PARTS, BadMeasurement, checked, measured

HOSTILE = (
    "response number( lower( len( contains( ) , 1 9e9 0 - + * / ** % // ( == < > and or not 'a' "
    '"b" __class__ . [ ] lambda : eval exec import True None { } @ ~ := in is if else for yield '
    "await \\ # ; = f'{ }' 1_0 0x9 é ''' …"
)


@pytest.mark.parametrize(
    ("measurement", "response", "value"),
    [
        ('contains(response, "SHOP")', "I run the shop.", True),
        ('not contains(response, "shop")', "I run the shop.", False),
        ('response == "yes"', "yes", True),
        ('lower(response) == "yes"', "YES", True),
        ("number(response)", "About 1,250.5 coins", 1250.5),
        ("number(response) * 2 - 1", "I have 3 friends", 5),
        ("10 / number(response)", "4", 2.5),
        ("1 < number(response) <= 3", "3", True),
        ("len(response) > 3 and len(response) != 5", "four", True),
        ('contains(response, "none") or number(response) == 0', "none", True),
        ("-number(response)", "-7", 7),
        ("True", "", True),
        ("len(response)", "", 0),
        (r'contains(response, "\d")', "digits", False),
    ],
)
def test_a_measurement_gives_yes_no_or_a_number(measurement, response, value):
    assert measured(measurement, response) == value


@pytest.mark.parametrize(
    ("measurement", "why"),
    [
        ("", "This is no expression"),
        ("1 +", "This is no expression"),
        ("x = 1", "This is no expression"),
        ("(" * 150 + "1" + ")" * 149, "This is no expression"),
        ("'a' " * 80, "at most 300 characters"),
        ("1+" * 60 + "1", "at most 80 parts"),
        ("__import__('os')", "use nothing else"),
        ("response.upper()", "use nothing else"),
        ("response[0]", "use nothing else"),
        ("open('x')", "use nothing else"),
        ("2 ** 99", "use nothing else"),
        ("7 // 2", "use nothing else"),
        ("1 << 9", "use nothing else"),
        ("lambda: 1", "use nothing else"),
        ("[x for x in response]", "use nothing else"),
        ("f'{response}'", "use nothing else"),
        ("(x := 1)", "use nothing else"),
        ("'a' in response", "use nothing else"),
        ("len(*response)", "use nothing else"),
        ("len(response, response)", "use nothing else"),
        ("len(response, key=1)", "use nothing else"),
        ("1 if True else 2", "use nothing else"),
        ("None", "use nothing else"),
        ("b'a'", "use nothing else"),
        ("1j", "use nothing else"),
        ("9" * 13, "use nothing else"),
        ("1e999", "use nothing else"),
    ],
)
def test_whatever_is_not_listed_is_refused_before_any_answer(measurement, why):
    with pytest.raises(BadMeasurement, match=why) as refused:
        checked(measurement)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("measurement", "response", "why"),
    [
        ("number(response) > 1", "many", "There is no number in the answer"),
        ("response", "yes", "not a text: compare it"),
        ("response > 1", "2", "cannot be compared"),
        ("response + 1", "2", "reckon with a text"),
        ("len(response) and True", "2", "take comparisons only"),
        ("number(len(response))", "2", "takes texts only"),
        ("number", "2", "needs its brackets"),
        ("1 / 0", "", "divided by 0"),
        ("number(response) * 999999999999", "99", "too large"),
        ("number(response)", "9" * 400, "too large"),
    ],
)
def test_an_answer_without_a_value_is_told_in_a_sentence(measurement, response, why):
    with pytest.raises(BadMeasurement, match=why):
        measured(measurement, response)


def test_ten_thousand_hostile_expressions_do_nothing_but_measure_or_refuse():
    rng = Random(6)
    pieces = [*HOSTILE.split(" "), "\n", "\t", "\x00"]
    values, refusals = 0, set()
    for _ in range(10_000):
        wild = "".join(rng.choice(pieces) + rng.choice(["", " "]) for _ in range(rng.randint(1, 9)))
        try:
            values += isinstance(measured(wild, "it is 7"), bool | float | int)
        except BadMeasurement as why:
            refusals.add(str(why))
    assert all(why.endswith(".") for why in refusals)
    assert values > 100


def test_the_bounds_are_no_smaller_than_they_say():
    assert measured("1" + " " * (LONGEST - 1), "") == 1
    assert measured("not " * ((MOST_PARTS - 1) // 2 - 1) + "True", "") in (True, False)
