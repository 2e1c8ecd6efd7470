"""The form that the judge of a debate fills in, and the check of the quotes in it."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from games.core import Ask, IllegalMove, Seat, Text, Words, quoted

SIDES: Final = ("for", "against")
"""The names of the fields for points; beside each is one for a quote."""
MOST_POINTS: Final = 10
QUOTE_LENGTH: Final = 300
QUOTED_WORDS: Final = 3
"""Words that a quote has at least, unless all the speeches are shorter."""
REASON_LENGTH: Final = 1500
_SIGNS: Final = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-"}
)


def evidence(quote: str, speeches: Sequence[Words], seat: Seat) -> Words:
    """Return a quote that stands in one of these speeches.  Raises IllegalMove.

    Case, white space and the shape of quotation marks do not matter.  Who has said nothing, or
    whose words are forgotten, is not quoted.
    """
    said = [_plain(speech) for speech in speeches if speech]
    if not said:
        return Words("")
    wanted = _plain(quote)
    wanted = wanted.strip('" .…') or wanted
    enough = min(QUOTED_WORDS, max(map(_words_quoted, said)))
    if _words_quoted(wanted) < enough or not any(wanted in speech for speech in said):
        told = (
            "{quote} does not stand in what {seat} said. Quote {count} words or more in a row, "
            "exactly as they were said."
        )
        raise IllegalMove(Text(told, quote=quoted(quote), seat=seat, count=enough))
    return Words(" ".join(quote.split()))


def judging_form(
    half: int, motion: str, sides: Sequence[Seat], speeches: Mapping[Seat, Sequence[Words]]
) -> Ask:
    """Return the form that the judge fills in, the side that began first."""
    fields: dict[str, Ask] = {}
    filled: dict[str, object] = {}
    for side, seat in zip(SIDES, sides, strict=True):
        told = "Points for {seat}, who spoke for the motion"
        if side != SIDES[0]:
            told = "Points for {seat}, who spoke against the motion"
        said = [" ".join(speech.split()) for speech in speeches.get(seat, ()) if speech]
        quote = max(said, key=_words_quoted)[:QUOTE_LENGTH].strip() if said else None
        fields[side] = Ask(Text(told, seat=seat), low=0, high=MOST_POINTS)
        fields[f"{side}_quote"] = Ask(
            Text("What {seat} said that decided it, word for word", seat=seat),
            max_length=QUOTE_LENGTH,
            optional=not said,
            default=quote,
        )
        filled |= {side: MOST_POINTS // 2, f"{side}_quote": quote}
    fields["reason"] = Ask("Why? The players read it.", max_length=REASON_LENGTH, optional=True)
    told = "Judge half {half} of the debate on “{motion}”: {pro} was for it, {con} against it."
    pro, con = sides
    prompt = Text(told, half=half, motion=motion, pro=pro, con=con)
    return Ask(prompt, fields=fields, default=json.dumps(filled, ensure_ascii=False), public=True)


def _plain(text: str) -> str:
    return " ".join(text.translate(_SIGNS).casefold().split())


def _words_quoted(text: str) -> int:
    """Return how many words of a text fit into a quote."""
    return len(text[:QUOTE_LENGTH].split())
