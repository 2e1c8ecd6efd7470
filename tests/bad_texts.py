"""Texts that nobody should send, drawn by seed, and what must never come back because of them."""

import json
import re
from collections.abc import Sequence
from random import Random

LONG = 100_000
"""Characters of the longest texts."""
LONGEST_REFUSAL = 300

_NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]|[\u0300-\u036f]{5}"
)
"""Control characters but the line's end and the tab, surrogates, turned text, towers of marks."""
_BREAKS_A_LINE = re.compile("[\n\t\u2028\u2029]")

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_WORDS = ("rock", "Ann", "I vote for", "the word", "a b c", "over: yes", "pass", "ünïcödé", "名前")
_MENTIONS = ("@everyone", "@here", "<@123>", "<@&9>", "<#1>", "</play:7>", "<t:0:R>", "<a:x:1>")
_MARKUP = (
    "# head", "**bold**", "||spoiler||", "```\ncode\n```", "[a](javascript:alert(1))", "- item",
    "> quote", "| a | b |", "<b>bold</b>", "<script>alert(1)</script>", "<!--", "]]>", "&lt;&#64;",
    "<img src=x onerror=alert(1)>", "~~gone~~", "_it_", "`x`", "1. one", "\\", "---",
)  # fmt: skip
_EMOJI = ("👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇺🇳", "1️⃣", "🏴\U000e0067\U000e0062\U000e007f", "❤️", "🫥")
_RIGHT_TO_LEFT = ("שלום", "مرحبا بالعالم", "שָׁלוֹם עֲלֵיכֶם", "\u200fabc", "ﷺ", "a\u061c1")
_ATTACKS = (
    "'; DROP TABLE entries; --", '" OR 1=1 --', "Robert'); DELETE FROM texts;--", "%s%n%x", "%00",
    "{seat}", "{0.__class__}", "{words!r:>99999999}", "${jndi:x}", "{{7*7}}", "$(reboot)", "\\x00",
    "../../etc/passwd", "null", "None", "undefined", "__proto__", "constructor", "=1+1", "\ufeff",
)  # fmt: skip
_NUMBERS = (
    "9" * 50_000, "1e999999", "-1e999999", "NaN", "Infinity", "-Infinity", "0x7f", "1_0", "٣", "²",
    "-0", "1e-400", "9" * 400, "0." + "3" * 5_000, "1,000,000", "½", "９", "+1", "1e308",
)  # fmt: skip
_JSON = (
    '{"answer": "rock", "answer": "paper"}', '{"answer": NaN}', '{"answer": 1e999999}',
    '{"answer": "\\ud800\\u202e\\u0000"}', '{"answer": {"answer": [null]}}', '{"answer": true}',
    '{"__proto__": {}}', '{"note": [], "over": {}, "winner": 1}', '["rock", "rock"]', '"rock"',
    '{"answer": ' + "9" * 5_000 + "}", '{"answer": -Infinity}', '{"": ""}', "{}", "[]", '{"a"',
    '{"over": "no", "note": "\\u202e\\u0000\\ud800 <b>"}', '```json\n{"answer": "a1"}\n```',
)  # fmt: skip


def bad_text(rng: Random, legal: Sequence[str] = ()) -> str:
    """Return one text; some are near misses of the `legal` answers, if there are any."""
    kind = rng.choice((*_KINDS, _near_miss, _near_miss) if legal else _KINDS)
    return kind(rng, legal) if kind is _near_miss else kind(rng)


def is_safe(text: str) -> bool:
    """Return whether a text can be shown to people."""
    return not _NEVER_SHOWN.search(text)


def check_clear(refusal: str) -> None:
    """Check that a refusal is short, on one line, safe to show, and has an end."""
    assert 0 < len(refusal) < LONGEST_REFUSAL, refusal
    assert is_safe(refusal), ascii(refusal)
    assert not _BREAKS_A_LINE.search(refusal), ascii(refusal)
    assert refusal.endswith((".", "?", "!", "”.", ")")), refusal


def _zalgo(rng: Random) -> str:
    marks = rng.choice((1, 4, 20, 200))
    return "".join(
        char + "".join(chr(rng.randint(0x300, 0x36F)) for _ in range(marks))
        for char in rng.choice(_WORDS)
    )


def _strewn(rng: Random, chars: Sequence[str]) -> str:
    """Return words with some of these characters between their letters."""
    return "".join(
        char + (rng.choice(chars) if rng.random() < 0.4 else "") for char in rng.choice(_WORDS)
    )


def _bidi(rng: Random) -> str:
    return _strewn(rng, _BIDI)


def _control(rng: Random) -> str:
    return _strewn(rng, [chr(code) for code in (*range(32), *range(127, 160), 0x2028, 0x2029)])


def _surrogates(rng: Random) -> str:
    return _strewn(rng, [chr(rng.randint(0xD800, 0xDFFF)) for _ in range(4)])


def _invisible(rng: Random) -> str:
    return _strewn(rng, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u3164\u115f\U000e0041\ufffe")


def _ansi(rng: Random) -> str:
    return rng.choice(("\x1b[31m{}\x1b[0m", "\x1b]0;{}\x07", "\x9b2J{}", "\r{}\b\b")).replace(
        "{}", rng.choice(_WORDS)
    )


def _long(rng: Random) -> str:
    part = rng.choice(
        ("x", "word ", "\n", "é", "9", "a\u0301", "\x00", " ", "\ud800", "👍", "rock, ")
    )
    return (part * LONG)[:LONG]


def _nested(rng: Random) -> str:
    depth = rng.choice((5, 300, 999, 20_000, LONG))
    opening, closing = rng.choice((("[", "]"), ('{"answer":', "}"), ('[{"a":', "}]")))
    whole = rng.random() < 0.5
    return opening * depth + ("1" + closing * depth if whole else "")


def _any_characters(rng: Random) -> str:
    return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.choice((1, 5, 40, 300))))


def _several(rng: Random) -> str:
    parts = [bad_text(rng)[:200] for _ in range(rng.randint(2, 5))]
    return rng.choice((" ", "\n", ", ", "")).join(parts)


def _listed(texts: Sequence[str]):
    return lambda rng: rng.choice(texts)


def _near_miss(rng: Random, legal: Sequence[str]) -> str:
    """Return a legal answer with something else in it or around it."""
    answer = rng.choice(legal)
    junk = bad_text(rng)[: rng.choice((3, 30, 30_000))]
    at = rng.randint(0, len(answer))
    return rng.choice(
        (
            answer + junk,
            junk + answer,
            f"{junk}\n{answer}",
            answer[:at] + junk + answer[at:],
            json.dumps({"answer": answer, "why": junk}),
            json.dumps({"answer": junk + answer}),
            f"I choose {answer}, not {junk}",
            "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in answer),
            answer,
        )
    )


_KINDS = (
    _zalgo,
    _bidi,
    _control,
    _surrogates,
    _invisible,
    _ansi,
    _long,
    _nested,
    _any_characters,
    _several,
    *map(_listed, (_MENTIONS, _MARKUP, _EMOJI, _RIGHT_TO_LEFT, _ATTACKS, _NUMBERS, _JSON)),
)
