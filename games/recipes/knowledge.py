"""Who knows what in a recipe: what may stand in a template depends on who reads it, and when."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from games.core import SPECTATOR
from games.recipes.recipe import BRACES, EVERYONE, LEADER, MODERATOR, OTHERS, SLOT, Recipe

PLAYER: Final = "player"
"""What all are in a game without roles."""

Readers = frozenset[str]
"""Roles, MODERATOR, and SPECTATOR for those who only watch."""


class Knowledge:
    """What is known of the values of a recipe."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.players: Readers = frozenset(recipe.roles or (PLAYER,))
        self.all: Readers = self.players | {MODERATOR, SPECTATOR}

    def readers(self, who: str) -> Readers:
        """Return the roles of those who are meant."""
        if who in (EVERYONE, LEADER, OTHERS):
            return self.players
        return frozenset({who})

    def revealed(self, name: str, number: int) -> bool:
        """Return whether everybody knows a draw or a role in a phase."""
        if name in self.recipe.roles and self.recipe.roles[name].open:
            return True
        for at in range(number, -1, -1):
            phase = self.recipe.phases[at]
            if name in phase.reveals and (at == number or phase.when is None):
                return True
            if name in phase.draws:
                return False
        return False

    def public(self, number: int) -> bool:
        """Return whether everybody may read what is asked in a phase."""
        phase = self.recipe.phases[number]
        if not phase.ask or phase.meanwhile or phase.of == MODERATOR:
            return False
        source = phase.question.from_value
        named = [*SLOT.findall(phase.ask), *((source,) if source else ())]
        return not any(self.fault(name, self.all, number, own=False) for name in named)

    def faults(
        self,
        template: str,
        readers: Readers,
        number: int,
        judged: Sequence[str] = (),
        *,
        own: bool = False,
    ) -> Iterator[str]:
        """Yield what is wrong with a template in a phase; `own` where each seat reads its own."""
        for name in dict.fromkeys(BRACES.findall(template)):
            if name not in judged and (why := self.fault(name, readers, number, own=own)):
                yield f"“{{{name}}}”, {why}"

    def fault(self, name: str, readers: Readers, number: int, *, own: bool) -> str:
        """Return why a value cannot stand where these read it in a phase; "" if it can."""
        recipe = self.recipe
        if name in recipe.options and recipe.options[name].most:
            return ""
        if name in ("round", "leader", "seats"):
            return "" if number >= 0 else "which nobody knows yet: take it out."
        if name == "seat" or (name == "role" and recipe.roles):
            mine = own and (name == "seat" or readers <= self.players)
            return "" if mine else "which is another one for each seat: take it out."
        if name in recipe.roles:
            known = self.revealed(name, number)
            return "" if known else f'which is not known: write reveals = ["{name}"] before.'
        if name in recipe.values:
            return self._of_draw(name, readers, number, own=own)
        return f"which is no value: {self._instead(name)}."

    def _of_draw(self, name: str, readers: Readers, number: int, *, own: bool) -> str:
        draw_name, column = self.recipe.values[name]
        draw = self.recipe.draws[draw_name]
        drawn_in = [at for at, phase in enumerate(self.recipe.phases) if draw_name in phase.draws]
        if (drawn_in and drawn_in[0] > number) or number < 0:
            return "which is not drawn yet: draw it in an earlier phase."
        if draw.each:
            mine = own and readers <= self.players and column not in draw.secret
            return "" if mine else "which is another one for each seat: only that seat may read it."
        if self.revealed(draw_name, number):
            return ""
        known = column not in draw.secret and (
            EVERYONE in draw.known_by or readers <= draw.known_by
        )
        if known:
            return ""
        return f'which not all who read it may know: write reveals = ["{draw_name}"] before.'

    def _instead(self, name: str) -> str:
        known = [
            "round",
            "leader",
            "seats",
            "seat",
            *(("role",) if self.recipe.roles else ()),
            *(name for name, option in self.recipe.options.items() if option.most),
            *self.recipe.roles,
            *self.recipe.values,
        ]
        near = get_close_matches(name, known, 1)
        return f"did you mean “{near[0]}”" if near else f"there are {', '.join(known)}"
