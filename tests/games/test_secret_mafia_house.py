"""The house bots of secret mafia play the better the higher their level."""

from random import Random

from games import secret_mafia_house as house
from games.core import PASS, Level, Match, Seat
from games.secret_mafia import SecretMafia
from games.secret_mafia_events import Role
from games.secret_mafia_house import CLAIM, Claim

SEATS = tuple(map(Seat, ("ann", "bob", "cy", "dee", "eve", "fay", "gus", "hal")))
ANN, BOB, CY, DEE, EVE, FAY = SEATS[:6]
RANDOM = None
ROLES = (Role.MAFIA, Role.MAFIA, Role.DETECTIVE, Role.DOCTOR, *[Role.VILLAGER] * 4)


def played(seed, mafia, town):
    """Play a match of eight; a level of None gives any legal answer."""
    rng = Random(seed)
    match = Match(SecretMafia(), SEATS, seed=seed)
    while not match.over:
        seat = rng.choice(list(match.asks))
        level = mafia if match.state.roles[seat] is Role.MAFIA else town
        ask = match.asks[seat]
        if level is RANDOM:
            said = PASS if rng.random() < 0.2 else ask.sample(rng)
        else:
            said = match.game.house_answer(match.view_of(seat), ask, level, rng)
        match.say(seat, said)
    return match


def mafia_wins(mafia, town, games=60):
    """Return in how many of all games the mafia wins."""
    outcomes = [played(seed, mafia, town) for seed in range(games)]
    return sum(bool(match.state.mafia) for match in outcomes) / games


def test_a_hard_town_beats_random_play_eight_times_in_ten():
    assert mafia_wins(RANDOM, Level.HARD) <= 0.2


def test_a_hard_mafia_beats_random_play_eight_times_in_ten():
    assert mafia_wins(Level.HARD, RANDOM) >= 0.8


def test_a_town_is_the_better_the_higher_its_level():
    easy, medium, hard = (mafia_wins(Level.MEDIUM, level) for level in Level)
    assert easy > medium + 0.05
    assert medium > hard + 0.05


def test_a_mafia_is_the_better_the_higher_its_level():
    easy, hard = (mafia_wins(level, Level.HARD) for level in (Level.EASY, Level.HARD))
    assert hard > easy + 0.1


def on_the_first_day():
    match = Match(SecretMafia(roles=ROLES), SEATS)
    night = {ANN: "hal", BOB: "hal", CY: "bob"}
    for seat in match.asks:
        match.say(seat, night.get(seat, PASS))
    return match


def said_by(match, seat, level=Level.HARD):
    view = match.view_of(seat)
    return match.game.house_answer(view, match.asks[seat], level, Random(1))


def test_a_detective_tells_whom_it_has_found_and_the_town_votes_for_them():
    match = on_the_first_day()
    assert said_by(match, CY) == "I am the detective, and bob is in the mafia."
    match.say(CY, said_by(match, CY))
    assert said_by(match, CY) == PASS  # once a day
    for seat in list(match.asks):
        match.say(seat, PASS)
    assert {said_by(match, seat) for seat in (CY, DEE, EVE, FAY)} == {"bob"}
    assert said_by(match, ANN) != "bob"  # never a partner


def test_one_of_the_mafia_who_is_accused_claims_the_same_of_the_detective():
    match = on_the_first_day()
    match.say(CY, CLAIM.format(seat=BOB))
    assert said_by(match, BOB) == "I am the detective, and cy is in the mafia."


def test_what_people_say_of_findings_is_understood_too():
    match = on_the_first_day()
    match.say(CY, "Listen! I am the detective and ANN is in the mafia!!")
    assert house.knowledge(match.view_of(EVE), Level.HARD).claims == [Claim(CY, ANN, guilty=True)]


def test_a_claim_that_proves_false_turns_against_who_made_it():
    match = on_the_first_day()
    match.say(ANN, CLAIM.format(seat=EVE))
    for seat in list(match.asks):
        match.say(seat, PASS)
    for seat in list(match.asks):
        match.say(seat, "eve" if seat != EVE else PASS)
    doubts = house.suspicions(house.knowledge(match.view_of(FAY), Level.HARD))
    assert max(doubts, key=doubts.get) == ANN


def test_the_mafia_kills_whom_a_partner_aims_at():
    match = Match(SecretMafia(roles=ROLES), SEATS)
    match.say(ANN, "gus")
    assert said_by(match, BOB) == "gus"
