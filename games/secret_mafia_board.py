"""What the board of secret mafia shows: who lives, and which roles the viewer knows."""

from collections.abc import Sequence

from games.core import Board, Cell, Grid, Look, Seat, Text
from games.secret_mafia_events import (
    Ended,
    Investigated,
    MafiaEvent,
    NightEnded,
    NightFell,
    Role,
    RoleGiven,
    Shot,
    TownGathered,
    VotedOut,
)


def board_of(events: Sequence[MafiaEvent]) -> Board | None:
    """Return the board for whoever has seen these events; None before they know who plays."""
    seats: tuple[Seat, ...] = ()
    roles: dict[Seat, Text | str] = {}
    dead: dict[Seat, Text] = {}
    day = 0
    for event in events:
        match event:
            case TownGathered(seats):
                pass
            case NightFell(day):
                pass
            case RoleGiven(seat, role, partners):
                roles |= dict.fromkeys((seat, *partners), role)
            case Investigated(_, Seat() as target, guilty) if target not in roles:
                roles[target] = Role.MAFIA if guilty else Text("not mafia")
            case NightEnded(Seat() as victim, role):
                dead[victim] = Text("died in night {day}", day=day)
                roles |= {victim: role} if role else {}
            case VotedOut(seat, role) | Shot(_, Seat() as seat, role):
                dead[seat] = Text("died on day {day}", day=day)
                roles |= {seat: role} if role else {}
            case Ended(told):
                roles |= told
    if not seats:
        return None
    rows = [[Cell(dead.get(seat, Text("alive"))), Cell(roles.get(seat, "?"))] for seat in seats]
    columns = (Text("State"), Text("Role"))
    return Board(Text("The town"), (Grid(rows, Look.TABLE, columns=columns, labels=seats),))
