"""The rules of secret mafia, one test each."""

from collections import Counter
from random import Random

import pytest

from games.core import PASS, BadSetup, Level, Match, NotYourTurn, Refused, Seat, UnclearMove
from games.core.options import game_with
from games.secret_mafia import LAST_DAY, SecretMafia, Stage, Tie
from games.secret_mafia_events import (
    Aimed,
    DayBroke,
    Ended,
    HunterCalled,
    Investigated,
    NightEnded,
    NightFell,
    NobodyVotedOut,
    Passed,
    Protected,
    Role,
    RoleGiven,
    Shot,
    Spoken,
    Suspected,
    Tallied,
    VoteCalled,
    Voted,
    VotedOut,
)
from tests.games.contract import play_at_random

ANN, BOB, CY, DEE, EVE, FAY, GUS, HAL = SEATS = tuple(
    map(Seat, ("ann", "bob", "cy", "dee", "eve", "fay", "gus", "hal"))
)
MAFIA, DETECTIVE, DOCTOR, HUNTER, VILLAGER = Role
ROLES = (MAFIA, MAFIA, DETECTIVE, DOCTOR, VILLAGER, VILLAGER, VILLAGER)
TALLY = (
    "The votes are in: 3 for nobody (from ann, bob and fay), 2 for ann (from cy and dee) and "
    "1 for bob (from gus)."
)
WITH_HUNTER = (MAFIA, MAFIA, DETECTIVE, DOCTOR, HUNTER, VILLAGER, VILLAGER)


def opened(*, roles=ROLES, **options):
    """A match in which ann and bob are the mafia, cy the detective and dee the doctor."""
    return Match(SecretMafia(roles=roles, **options), SEATS[: len(roles)])


def answer(match, **answers):
    """Let the named seats answer so, and all others who are asked pass; one round of each."""
    for seat in match.asks:
        match.say(seat, answers.get(seat, PASS))


def morning(victim=EVE, **options):
    match = opened(**options)
    answer(match, ann=victim)
    return match


def vote_of(first=EVE, **options):
    """A match at its first vote, when one villager is dead."""
    match = morning(first, talk=0, **options)
    assert match.state.stage is Stage.VOTE
    return match


def refused(match, seat, text, error):
    """Return the sentence with which an answer is refused, having seen that nothing changed."""
    before = (list(match.log), match.state, dict(match.asks))
    with pytest.raises(error) as caught:
        match.say(seat, text)
    assert (match.log, match.state, match.asks) == before
    return str(caught.value)


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


# Roles


@pytest.mark.parametrize(("seats", "mafia"), [(6, 2), (10, 2), (11, 3), (13, 3), (14, 4), (15, 4)])
def test_the_number_of_seats_decides_how_many_are_the_mafia(seats, mafia):
    match = Match(SecretMafia(), [f"p{n}" for n in range(seats)])
    assert Counter(match.state.roles.values()) == {
        MAFIA: mafia,
        DETECTIVE: 1,
        DOCTOR: 1,
        VILLAGER: seats - mafia - 2,
    }


@pytest.mark.parametrize("seats", [5, 16])
def test_six_to_fifteen_play(seats):
    with pytest.raises(BadSetup, match="secret-mafia needs 6 to 15 seats"):
        Match(SecretMafia(), [f"p{n}" for n in range(seats)])


def test_each_special_role_can_be_left_out_and_a_hunter_added():
    game = SecretMafia(detective=False, doctor=False, hunter=True)
    roles = Counter(Match(game, SEATS[:6]).state.roles.values())
    assert roles == {MAFIA: 2, HUNTER: 1, VILLAGER: 3}


def test_roles_vary_with_the_seed():
    mafias = {Match(SecretMafia(), SEATS, seed).state.mafia for seed in range(100)}
    assert len(mafias) > 20


def test_roles_can_be_fixed_as_text():
    told = "mafia, doctor, mafia, villager, villager, detective"
    match = Match(game_with(SecretMafia, {"roles": told}), SEATS[:6])
    assert match.state.mafia == (ANN, CY)
    assert match.view_of(ANN).game.roles is None


@pytest.mark.parametrize("roles", [ROLES[:6], (MAFIA,) * 7, (*ROLES[:6], HUNTER)])
def test_fixed_roles_must_be_those_of_the_table(roles):
    with pytest.raises(BadSetup, match="The option roles needs one role for each of the 7 seats"):
        Match(SecretMafia(roles=roles), SEATS[:7])


@pytest.mark.parametrize("talk", [-1, 11])
def test_talk_has_a_limit(talk):
    with pytest.raises(BadSetup, match="The option talk needs a number from 0 to 10"):
        SecretMafia(talk=talk)


def test_only_the_mafia_learns_who_is_the_mafia():
    match = opened()
    assert of(RoleGiven, match.view(ANN)) == [RoleGiven(ANN, MAFIA, (BOB,))]
    assert of(RoleGiven, match.view(CY)) == [RoleGiven(CY, DETECTIVE)]
    assert of(RoleGiven, match.public_view()) == []


# Nights


def test_every_living_player_is_asked_at_night_at_the_same_time():
    """So nobody learns from who is asked, or from whom the table waits, who has a task."""
    match = opened()
    assert match.asked == set(SEATS[:7])
    assert {ask.optional for ask in match.asks.values()} == {True}
    assert not any(ask.public for ask in match.asks.values())
    match.say(EVE, "ann")
    assert match.log[-1] == Suspected(EVE, ANN)
    assert match.asked == set(SEATS[:7]) - {EVE}


def test_the_mafia_sees_at_once_at_whom_a_partner_aims_and_nobody_else_does():
    match = opened()
    match.say(ANN, "eve")
    aimed = Aimed(ANN, EVE, (ANN, BOB))
    assert of(Aimed, match.view(BOB)) == of(Aimed, match.view(ANN)) == [aimed]
    for seat in (*SEATS[2:7], ""):
        assert of(Aimed, match.view(seat)) == []


def test_the_mafia_cannot_kill_its_own():
    match = opened()
    assert refused(match, ANN, "bob", UnclearMove) == (
        "Say exactly one of cy, dee, eve, fay and gus. Or say “pass”."
    )


def test_whom_most_of_the_mafia_name_dies():
    roles = (MAFIA, MAFIA, MAFIA, DETECTIVE, DOCTOR, *[VILLAGER] * 6)
    match = Match(SecretMafia(roles=roles), [f"p{n}" for n in range(11)])
    answer(match, p0="p9", p1="p10", p2="p10")
    assert of(NightEnded, match.log) == [NightEnded(Seat("p10"), VILLAGER)]


def test_a_mafia_that_disagrees_draws_lots():
    victims = set()
    for seed in range(20):
        match = Match(SecretMafia(roles=ROLES), SEATS[:7], seed)
        answer(match, ann="eve", bob="fay")
        victims |= set(match.state.dead)
    assert victims == {EVE, FAY}


def test_a_mafia_that_passes_kills_nobody():
    match = opened()
    answer(match)
    assert match.log[-2:] == [NightEnded(None, None), DayBroke(1)]
    assert str(match.log[-2].told()) == "The night is over, and everybody is still alive."


def test_the_detective_alone_finds_out_at_once():
    match = opened()
    match.say(CY, "bob")
    found = Investigated(CY, BOB, guilty=True)
    assert str(found.told()) == "You find out that bob is in the mafia."
    assert match.view(CY)[-1] == found
    assert all(found not in match.view(seat) for seat in (*SEATS[:2], *SEATS[3:], ""))


def test_whom_the_doctor_protects_lives():
    match = opened()
    answer(match, ann="eve", dee="eve")
    assert match.state.dead == ()
    assert Protected(DEE, EVE) not in match.view(EVE)


def test_the_doctor_protects_nobody_two_nights_in_a_row():
    match = opened(talk=0)
    answer(match, dee="dee")
    answer(match)  # a vote for nobody
    assert match.state.day == 2
    assert DEE not in match.asks[DEE].choices
    assert refused(match, DEE, "dee", UnclearMove).startswith("Say exactly one of ann, bob, cy")
    answer(match, dee="eve")
    answer(match)
    assert DEE in match.asks[DEE].choices


# Days


def test_the_living_talk_on_an_open_floor():
    match = morning()
    assert match.asked == {ANN, BOB, CY, DEE, FAY, GUS}
    match.say(GUS, "it was bob")
    match.say(GUS, "or ann")
    assert match.public_view()[-2:] == [Spoken(GUS, "it was bob"), Spoken(GUS, "or ann")]
    assert "Nothing is asked of eve" in refused(match, EVE, "boo", NotYourTurn)


def test_who_passes_waits_until_somebody_has_spoken():
    match = morning()
    match.say(ANN, PASS)
    assert match.log[-1] == Passed(ANN)
    assert ANN not in match.asked
    match.say(BOB, "hm")
    assert ANN in match.asked


def test_the_vote_is_called_when_everybody_is_silent():
    match = morning()
    answer(match)
    assert match.log[-1] == VoteCalled((ANN, BOB, CY, DEE, FAY, GUS), again=False)


def test_the_vote_is_called_when_enough_has_been_said():
    match = morning(talk=1)
    for seat in match.asked:
        match.say(seat, "hm")
    assert isinstance(match.log[-1], VoteCalled)


def test_a_message_has_at_most_500_characters():
    assert "at most 500 characters" in refused(morning(), GUS, "x" * 501, UnclearMove)


def test_all_vote_at_the_same_time_and_in_secret():
    match = vote_of()
    assert match.asked == {ANN, BOB, CY, DEE, FAY, GUS}
    match.say(GUS, "ann")
    assert of(Voted, match.view(GUS)) == [Voted(GUS, ANN)]
    assert of(Voted, match.view(ANN)) == of(Voted, match.public_view()) == []


@pytest.mark.parametrize("text", ["gus", "eve", "zoe", "ann or bob"])
def test_a_vote_is_for_one_other_living_player(text):
    match = vote_of()
    assert refused(match, GUS, text, UnclearMove) == (
        "Say exactly one of ann, bob, cy, dee and fay. Or say “pass”."
    )


def test_whoever_has_the_most_votes_dies():
    match = vote_of()
    answer(match, cy="ann", dee="ann", gus="bob")
    assert match.public_view()[-3:] == [
        Tallied({ANN: None, BOB: None, CY: ANN, DEE: ANN, FAY: None, GUS: BOB}),
        VotedOut(ANN, MAFIA, by_lot=False),
        NightFell(2),
    ]
    assert [str(event.told()) for event in match.log[-3:-1]] == [
        TALLY,
        "ann is voted out; role: mafia.",
    ]
    assert match.asked == {BOB, CY, DEE, FAY, GUS}


def test_a_vote_of_nobody_kills_nobody():
    match = vote_of()
    answer(match)
    assert match.log[-2:] == [NobodyVotedOut(), NightFell(2)]


def test_after_a_tie_all_vote_once_more_among_the_tied():
    match = vote_of()
    answer(match, cy="ann", dee="bob")
    assert match.log[-1] == VoteCalled((ANN, BOB), again=True)
    assert match.asks[CY].choices == (ANN, BOB)
    assert match.asks[ANN].choices == (BOB,)
    answer(match, cy="ann", dee="bob")
    assert match.log[-2:] == [NobodyVotedOut(), NightFell(2)]


def test_a_tie_can_kill_nobody_or_be_decided_by_lot():
    match = vote_of(tie=Tie.NOBODY)
    answer(match, cy="ann", dee="bob")
    assert match.log[-2] == NobodyVotedOut()
    match = vote_of(tie=Tie.LOT)
    answer(match, cy="ann", dee="bob")
    (out,) = of(VotedOut, match.log)
    assert out.seat in (ANN, BOB)
    assert str(out.told()).startswith("The lot decides. ")


def test_roles_of_the_dead_can_be_kept_from_the_living():
    match = vote_of(tell_roles=False)
    answer(match, cy="fay", dee="fay")
    assert of(NightEnded, match.log) == [NightEnded(EVE, None)]
    assert of(VotedOut, match.log) == [VotedOut(FAY, None, by_lot=False)]


# The hunter


def test_a_hunter_who_is_killed_may_take_one_player_along():
    match = morning(roles=WITH_HUNTER, hunter=True)
    assert match.log[-1] == HunterCalled(EVE)
    assert match.asked == {EVE}
    match.say(EVE, "bob")
    assert match.log[-2:] == [Shot(EVE, BOB, MAFIA), DayBroke(1)]
    assert match.state.dead == (EVE, BOB)


def test_a_hunter_who_is_voted_out_shoots_before_the_night():
    match = vote_of(FAY, roles=WITH_HUNTER, hunter=True)
    answer(match, ann="eve", bob="eve")
    match.say(EVE, PASS)
    assert match.log[-2:] == [Shot(EVE, None, None), NightFell(2)]


# The end


def test_the_town_wins_when_the_whole_mafia_is_dead():
    match = vote_of()
    answer(match, cy="ann", dee="ann")
    answer(match)
    answer(match, cy="bob")
    assert match.over
    assert match.log[-1] == Ended(match.state.roles)
    assert match.outcome.winners == [CY, DEE, EVE, FAY, GUS]
    assert str(match.outcome.reason) == "Nobody of the mafia is left alive: the town wins."


def test_the_mafia_wins_when_it_is_no_longer_outnumbered():
    match = vote_of()
    answer(match, ann="cy", bob="cy")
    answer(match, ann="dee")
    assert match.outcome.winners == [ANN, BOB]
    assert str(match.outcome.reason) == (
        "There are 2 of the mafia among the 4 living: the mafia wins."
    )


def test_a_mafia_that_lives_through_the_last_day_wins():
    match = opened(talk=0)
    for _ in range(2 * LAST_DAY):
        assert not match.over
        answer(match)
    assert match.outcome.winners == [ANN, BOB]
    assert str(match.outcome.reason) == "20 days are over and the mafia lives: it wins."


# What is kept and shown


def test_the_board_shows_what_its_viewer_knows():
    match = morning()
    rows = str(match.board(CY)).splitlines()
    assert rows[0].split() == ["State", "Role"]
    assert rows[3].split() == ["cy", "alive", "detective"]
    assert rows[5].split() == ["eve", "died", "in", "night", "1", "villager"]
    assert str(match.board(ANN)).count("mafia") == 2
    assert "mafia" not in str(match.board())


def test_words_can_be_forgotten():
    match = morning()
    match.say(GUS, "it was bob")
    match.forget(len(match.turns) - 1)
    assert Spoken(GUS, "") in match.log
    said = match.game.house_answer(match.view_of(FAY), match.asks[FAY], Level.HARD, Random(1))
    match.say(FAY, said)


def test_the_rules_tell_of_the_options():
    plain = str(SecretMafia(detective=False, doctor=False, talk=0).rules())
    full = str(SecretMafia(hunter=True, tie=Tie.LOT, tell_roles=False, talk=3).rules())
    for word in ("detective", "doctor", "hunter", "talks"):
        assert word not in plain
        assert word in full
    assert "by lot. Nobody learns the roles of the dead but the hunter's before the end" in full
    assert "the roles of the dead before the end" in str(SecretMafia(tell_roles=False).rules())


@pytest.mark.parametrize("seed", range(100))
def test_nobody_sees_a_secret_of_another_seat_in_random_play(seed):
    match = Match(SecretMafia(hunter=seed % 2 == 0), SEATS, seed)
    for _ in play_at_random(match, Random(seed)):
        pass
    for viewer in (*SEATS, Seat("")):
        for event in match.view(viewer):
            if isinstance(event, RoleGiven | Investigated | Protected | Suspected | Voted):
                assert event.seat == viewer
            if isinstance(event, Aimed):
                assert match.state.roles[viewer] is MAFIA


def test_a_refusal_at_night_tells_nothing_of_roles():
    asked_again = {refused(opened(), seat, "nonsense", Refused) for seat in (EVE, FAY)}
    assert all("Say exactly one of" in sentence for sentence in asked_again)
