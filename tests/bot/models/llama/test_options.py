"""An option is chosen by its score, whatever place it has in the list."""

import json
from collections import Counter
from math import inf, nan

import pytest

from bot.models.llama.options import ballot, choose
from games.core import Ask

THROW = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))
SAID = ({"role": "system", "content": "Rules."}, {"role": "user", "content": "Well?"})


def liking(**scores):
    """Return a score that knows how much it likes each option."""

    async def score(messages, lead, endings):
        assert lead == '{"answer": '
        return [scores[str(json.loads(lead + ending)["answer"])] for ending in endings]

    return score


@pytest.mark.parametrize("seed", range(6))
async def test_the_option_with_the_best_score_is_chosen_in_whatever_order_they_stand(seed):
    options = ballot(THROW.json_schema(), seed)
    said = await choose(SAID, options, liking(rock=-2.0, paper=-0.5, scissors=-1.0), seed=seed)
    assert THROW.parse(said) == "paper"


def test_the_order_is_drawn_by_the_seed_and_shown_in_the_prompt():
    orders = {ballot(THROW.json_schema(), seed).names for seed in range(40)}
    assert len(orders) == 6
    assert ballot(THROW.json_schema(), 7) == ballot(THROW.json_schema(), 7)
    options = ballot(THROW.json_schema(), 7)
    shown = options.shown(SAID)
    assert shown[0] == SAID[0]
    first, second, third = options.names
    assert (
        shown[1]["content"] == f"Well?\n\nAnswer with one of these: {first}, {second} or {third}."
    )


def test_options_end_where_their_answer_ends():
    ask = Ask("Who?", choices=("Player 1", "Player 10", 'the "x"'))
    options = ballot(ask.json_schema(), 3)
    read = {ask.parse(options.lead + ending) for ending in options.endings}
    assert read == set(ask.choices)


async def test_an_optional_choice_may_be_passed():
    ask = Ask("Who?", choices=("ann", "bob"), optional=True)
    options = ballot(ask.json_schema(), 1)
    assert '"pass"' in options.names
    said = await choose(SAID, options, liking(ann=-2.0, bob=-2.0, **{"None": -1.0}))
    assert ask.parse(said) is None


def test_with_a_temperature_likelier_options_are_drawn_more_often():
    options = ballot(THROW.json_schema(), 0)
    drawn = Counter(options.answer([-1.0, -2.0, -inf], 1.0, seed) for seed in range(400))
    first, second = (options.lead + ending for ending in options.endings[:2])
    assert set(drawn) == {first, second}
    assert drawn[first] > 1.8 * drawn[second]
    assert options.answer([-1.0, -2.0, -3.0], 1.0, 5) == options.answer([-1.0, -2.0, -3.0], 1.0, 5)


@pytest.mark.parametrize("score", [nan, -inf])
def test_a_model_that_can_rate_nothing_still_gives_a_legal_answer(score):
    options = ballot(THROW.json_schema(), 0)
    assert THROW.parse(options.answer([score] * 3, 0.0, 0)) in THROW.choices


@pytest.mark.parametrize(
    "ask",
    [
        Ask("Say something."),
        Ask("How many?", low=0, high=1000),
        Ask("Who?", choices=("a", "b", "c"), at_most=2),
        Ask("Fill in.", fields={"who": THROW, "why": Ask("Why?")}),
        Ask("Which?", choices=tuple(map(str, range(33)))),
        Ask("Which?", choices=("a" * 1000, "b" * 1000)),
        Ask("Why?", optional=True),
        Ask("Only this.", choices=("a",)),
    ],
)
def test_everything_else_is_left_to_a_grammar(ask):
    assert ballot(ask.json_schema(), 0) is None


def test_a_few_numbers_are_options_too():
    ask = Ask("How much?", low=0, high=1, step=0.5)
    options = ballot(ask.json_schema(), 0)
    assert {ask.parse(options.lead + ending) for ending in options.endings} == {0, 0.5, 1}
