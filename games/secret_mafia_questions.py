"""What the players of secret mafia are asked by night, by day and in death."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from games.core import PASS, Ask, Seat, Text
from games.secret_mafia_events import Role

TALK_LENGTH: Final = 500
NIGHT_PROMPTS: Final = {
    Role.MAFIA: Text("Whom does the mafia kill this night?"),
    Role.DETECTIVE: Text("About whom do you find out this night?"),
    Role.DOCTOR: Text("Whom do you protect this night?"),
    Role.HUNTER: Text("You have no task by night. Whom do you suspect?"),
    Role.VILLAGER: Text("You have no task by night. Whom do you suspect?"),
}
TALK: Final = Ask(
    "What do you say to the town?",
    max_length=TALK_LENGTH,
    optional=True,
    default=PASS,
    public=True,
    open_floor=True,
)


@lru_cache(maxsize=1024)
def night_questions(
    living: tuple[Seat, ...], roles: tuple[Role, ...], guarded: Seat | None
) -> Mapping[Seat, Ask]:
    """Return the Ask for each living seat by night; there is one for every role."""
    mafia = [seat for seat, role in zip(living, roles, strict=True) if role is Role.MAFIA]
    questions = {}
    for seat, role in zip(living, roles, strict=True):
        targets = _without(living, seat)
        if role is Role.MAFIA:
            targets = tuple([other for other in targets if other not in mafia])
        elif role is Role.DOCTOR:
            targets = tuple([other for other in living if other != guarded])
        questions[seat] = night_question(role, targets)
    return questions


@lru_cache(maxsize=4096)
def night_question(role: Role, targets: tuple[Seat, ...]) -> Ask:
    return Ask(NIGHT_PROMPTS[role], choices=targets, optional=True, default=PASS)


def asked_by_night(ask: Ask) -> Role | None:
    """Return a role of which an Ask is the task by night; None for any other Ask."""
    return next((role for role, prompt in NIGHT_PROMPTS.items() if prompt == ask.prompt), None)


@lru_cache(maxsize=1024)
def ballots(voters: tuple[Seat, ...], candidates: tuple[Seat, ...]) -> Mapping[Seat, Ask]:
    """Return the Ask for each vote; a pass is a vote for nobody."""
    return {seat: ballot(_without(candidates, seat)) for seat in voters}


@lru_cache(maxsize=4096)
def ballot(choices: tuple[Seat, ...]) -> Ask:
    return Ask("Whom do you vote out?", choices=choices, optional=True, default=PASS, public=True)


@lru_cache(maxsize=1024)
def last_shot(targets: tuple[Seat, ...]) -> Ask:
    """Return the Ask for the dead hunter."""
    return Ask(
        "You are dead. Whom do you take along?", choices=targets, optional=True, default=PASS
    )


def _without(seats: tuple[Seat, ...], seat: Seat) -> tuple[Seat, ...]:
    return tuple([other for other in seats if other != seat])
