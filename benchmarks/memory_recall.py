"""How well and how fast planted facts are recalled among many memories, on the real store.

The vectors come from a hashed bag of words, which knows no meaning: with it a figure shows what
fusing two rankings does, and not what an embedding model would add.
"""

import asyncio
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from benchmarks.report import Row, parser, report
from bot.memories import Recalled, Which
from bot.store.sql_memories import SqlMemories
from bot.store.sql_store import SqlStore
from characters.memory import Learnt, MemoryKind, Scope, terms
from characters.recall import fused, ranked

if TYPE_CHECKING:
    from bot.memories import Vectors

COUNTS: Final = (1, 100, 10_000)
ROWS: Final = 100_000
SCOPES: Final = 1000
"""Among which the rows are spread, but for one scope that holds a tenth of them."""
QUESTIONS: Final = 200
"""Of which the slowest twentieth is measured."""
DIMENSION: Final = 384
ASKED: Final = "under 20 ms at 100,000 rows"
MODEL: Final = "hashed bag of words"
NOW: Final = datetime(2026, 1, 2, 12, tzinfo=UTC)

PLANTED: Final = {
    "What is my dog called?": "has a dog called Bo",
    "Do you know where I work?": "works as a nurse at a hospital",
    "Which food do I like best?": "likes olives more than any other food",
    "What am I afraid of?": "is afraid of deep water",
    "How many sisters do I have?": "has three sisters",
    "Where did I grow up?": "grew up in a village near Porto",
    "What instrument do I play?": "plays the cello in an orchestra",
    "What am I allergic to?": "is allergic to peanuts",
    "When is my birthday?": "has a birthday on the 4th of May",
    "Which language am I learning?": "is learning Welsh",
    "What did I study?": "studied marine biology in Kiel",
    "What is my husband's name?": "is married to a husband named Tomas",
    "Which team do I support?": "supports the football team of Leeds",
    "What car do I drive?": "drives an old green car",
    "Where do I want to travel?": "wants to travel to Mongolia one day",
    "What am I writing?": "is writing a novel about lighthouses",
    "Which book have I read twice?": "has read Middlemarch twice",
    "What do I drink in the morning?": "drinks black tea every morning",
    "What broke last winter?": "broke a leg last winter",
    "Who taught me chess?": "was taught chess by a grandmother",
}
_DID: Final = ("saw", "read about", "talked about", "dreamt of", "has", "likes", "lost")
_WHAT: Final = (
    "a dog", "a book", "a car", "some tea", "a football match", "a hospital", "a sister",
    "olives", "a novel", "a village", "an orchestra", "a birthday", "a language", "deep water",
    "a leg", "chess",
)  # fmt: skip
_WHERE: Final = ("in Rome", "at work", "last winter", "with a friend", "near Porto")


def distractor(rng: Random) -> str:
    """Return one of many thousand memories that share their words with the planted ones."""
    name = f"{rng.choice('bcdfglmnprst')}{rng.choice('aeiou')}{rng.randrange(9999)}"
    return f"{rng.choice(_DID)} {rng.choice(_WHAT)} {rng.choice(_WHERE)} and {name}"


def vectors_of(texts: Sequence[str]) -> "Vectors":
    """Return [n, DIMENSION]: how often words of each hash occur."""
    found = np.full((len(texts), DIMENSION), 1e-3, np.float32)
    for row, text in zip(found, texts, strict=True):
        for word in terms(text):
            row[crc32(word.encode()) % DIMENSION] += 1
    return found


async def plant(memories: SqlMemories, scope: Scope, texts: Sequence[str], rng: Random) -> None:
    """Remember texts with random importance, at random times of the last year."""
    for begin in range(0, len(texts), 500):
        some = [
            Learnt(MemoryKind.FACT, text, rng.randint(1, 10)) for text in texts[begin : begin + 500]
        ]
        await memories.remember(scope, some, NOW - timedelta(hours=rng.randrange(365 * 24)))


async def embed(memories: SqlMemories, scope: Scope) -> None:
    """Make a vector of everything in a scope."""
    while seen := await memories.without_vector(scope, MODEL, 1000):
        await memories.keep_vectors(MODEL, seen, vectors_of([one.text for one in seen]))


async def ask(memories: SqlMemories, scope: Scope, question: str, *, vectors: bool) -> Recalled:
    vector = vectors_of([question])[0] if vectors else None
    return await memories.recall(scope, question, vector, MODEL)


def first(found: Recalled, *, weighed: bool) -> list[str]:
    """Return the five best, by relevance alone or weighed with recency and importance."""
    ways = (found.by_words, found.by_meaning)
    relevance = fused([one.id for one in way] for way in ways)
    known = {one.id: one for way in ways for one in way}
    if weighed:
        return [one.text for one in ranked(known.values(), relevance, NOW)[:5]]
    return [known[one].text for one in sorted(known, key=lambda one: (-relevance[one], one))[:5]]


async def recall_among(memories: SqlMemories, count: int) -> list[Row]:
    """Return the share of planted facts that are among the first five."""
    rng, facts = Random(count), list(PLANTED.values())
    scopes = {fact: Scope(1, f"among-{count}", 1 + at) for at, fact in enumerate(facts)}
    if count >= len(facts):
        others = [distractor(rng) for _ in range(count - len(facts))]
        everything = [*facts, *others]
        rng.shuffle(everything)
        scopes = dict.fromkeys(facts, Scope(1, f"among-{count}", 0))
        await plant(memories, scopes[facts[0]], everything, rng)
    else:
        for fact, scope in scopes.items():
            await plant(memories, scope, [fact], rng)
    for scope in set(scopes.values()):
        await embed(memories, scope)
    rows = []
    for vectors in (False, True):
        asked = [
            (fact, await ask(memories, scopes[fact], question, vectors=vectors))
            for question, fact in PLANTED.items()
        ]
        how = f"words and vectors ({MODEL})" if vectors else "words alone"
        for weighed in (False, True):
            hits = sum(fact in first(found, weighed=weighed) for fact, found in asked)
            by = "relevance, recency and importance" if weighed else "relevance"
            figure = f"in the first 5 of {count:,}, {how}, by {by}"
            rows.append(Row(figure, 100 * hits / len(asked), "%"))
    return rows


async def speed(memories: SqlMemories) -> list[Row]:
    """Return how long recalling takes at many rows."""
    rng = Random(7)
    big = Scope(2, "socrates", 0)
    await plant(memories, big, [distractor(rng) for _ in range(ROWS // 10)], rng)
    small = [Scope(2, "socrates", user) for user in range(1, SCOPES + 1)]
    each = (ROWS - ROWS // 10) // SCOPES
    for scope in small:
        await plant(memories, scope, [distractor(rng) for _ in range(each)], rng)
    await embed(memories, big)
    await embed(memories, small[0])
    rows = []
    for scope, held in ((small[0], each), (big, ROWS // 10)):
        for vectors in (False, True):
            how = "words and vectors" if vectors else "words alone"
            took = await _took(memories, scope, vectors=vectors)
            at = f"{how}, {held:,} of {ROWS:,} rows in the scope"
            rows += [
                Row(f"p50 of recalling, {at}", took[len(took) // 2], "ms"),
                Row(f"p95 of recalling, {at}", took[len(took) * 95 // 100], "ms", asked=ASKED),
            ]
    begin = time.perf_counter()
    gone = await memories.forget(Which(user=small[0].user, guild=2), NOW)
    took_ms = (time.perf_counter() - begin) * 1000
    rows.append(Row(f"forgetting {gone.memories} memories for good", took_ms, "ms"))
    return rows


async def _took(memories: SqlMemories, scope: Scope, *, vectors: bool) -> list[float]:
    """Return how long each question took, in milliseconds, shortest first."""
    questions = list(PLANTED)
    took = []
    for number in range(QUESTIONS + 1):
        begin = time.perf_counter()
        await ask(memories, scope, questions[number % len(questions)], vectors=vectors)
        took.append((time.perf_counter() - begin) * 1000)
    return sorted(took[1:])  # the first one reads the vectors


async def measure(folder: Path) -> list[Row]:
    """Return every figure, with a database in this folder."""
    store = await SqlStore.open(folder / "memories.db")
    try:
        rows = [row for count in COUNTS for row in await recall_among(store.memories, count)]
        return [*rows, *await speed(store.memories)]
    finally:
        await store.close()


def main() -> None:
    chosen = parser("Recall of planted facts, and how long it takes.").parse_args()
    Path(".bench").mkdir(exist_ok=True)
    folder = Path(mkdtemp(dir=".bench"))
    try:
        rows = asyncio.run(measure(folder))
    finally:
        shutil.rmtree(folder)
    report("Memory", rows, chosen.json)


if __name__ == "__main__":
    main()
