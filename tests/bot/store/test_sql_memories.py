"""What characters remember of members: in its scope alone, as they wish, and forgotten for good."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest

from bot.arena.events import Seated
from bot.card_shelf import ShelvedCard
from bot.errors import ShownToUser
from bot.memories import (
    EVERYWHERE,
    ChatSummary,
    Consent,
    Forgotten,
    MemorySettings,
    Recalled,
    Which,
)
from bot.ports import Effects, Entry, Setup
from bot.store.sql_store import SqlStore
from characters.card_files import CardFile
from characters.editing import new_card
from characters.memory import Learnt, MemoryKind, Scope, Source
from games.core import TABLE, Seat
from games.rock_paper_scissors import RockPaperScissors
from tests.bot.store.conftest import NOON

HERE, ELSEWHERE, ANN, BOB = 11430001, 11430002, 8800000000001, 8800000000002
SOCRATES = Scope(HERE, "socrates", ANN)
LATER = NOON + timedelta(hours=1)
FACT, EPISODE, REFLECTION = MemoryKind


def fact(text, about="", line=1, match_id="m1", importance=3):
    return Learnt(FACT, text, importance, about, Source(match_id, line))


@pytest.fixture
def memories(store):
    return store.memories


@pytest.fixture
def texts(memories):
    """Return what is remembered, as texts, oldest first."""

    async def read(**which):
        found = await memories.view(Which(**{"user": ANN, **which}))
        return [memory.text for memory in reversed(found)]

    return read


async def by_words(memories, question, scope=SOCRATES):
    return [one.text for one in (await memories.recall(scope, question)).by_words]


async def test_what_is_remembered_is_found_by_its_words_best_first(memories):
    learnt = [fact("has a dog called Bo"), fact("likes cats and dogs"), fact("lives in Cádiz")]
    await memories.remember(SOCRATES, learnt, NOON)
    assert await by_words(memories, "What is my dog Bo called?") == [
        "has a dog called Bo",
        "likes cats and dogs",
    ]
    assert await by_words(memories, "CADIZ!") == ["lives in Cádiz"]
    assert await by_words(memories, "?!") == []
    (kept, *_) = await memories.view(Which(user=ANN))
    assert (kept.scope, kept.created_at, kept.accessed_at) == (SOCRATES, NOON, NOON)
    assert kept.source == Source("m1", 1)


async def test_among_many_memories_those_that_share_a_word_by_chance_are_left_out(
    memories, store_url
):
    others = [fact(f"read about thing {number} in Rome", str(number)) for number in range(15)]
    await memories.remember(SOCRATES, [*others, fact("has a dog called Bo")], NOON)
    found = await by_words(memories, "Is my dog called Bo, or are we in Rome?")
    assert found[0] == "has a dog called Bo"
    rare_words_count_more = store_url.startswith("sqlite")  # PostgreSQL's rank does not know them
    assert len(found) == (5 if rare_words_count_more else 16)
    assert len(await memories.search(Which(user=ANN), "dog in Rome")) == 16


async def test_scripts_without_spaces_are_found_too(memories):
    learnt = [fact("我喜欢喝绿茶"), fact("猫を飼っている"), fact("любит собак")]
    await memories.remember(SOCRATES, learnt, NOON)
    assert await by_words(memories, "绿茶好喝吗") == ["我喜欢喝绿茶"]
    assert await by_words(memories, "猫を見た") == ["猫を飼っている"]
    assert await by_words(memories, "СОБАК") == ["любит собак"]


@pytest.mark.parametrize(
    "question", ['" OR terms:*', "NEAR(a b)", "a' b", "memory_words", "-bo", "^bo", "\0 bo", "b*"]
)
async def test_a_question_is_words_and_no_query(memories, question):
    await memories.remember(SOCRATES, [fact("has a dog called Bo")], NOON)
    await memories.remember(replace(SOCRATES, user=BOB), [fact("bo's own or near")], NOON)
    assert set(await by_words(memories, question)) <= {"has a dog called Bo"}


async def test_what_matters_most_stands_whatever_is_asked(memories):
    learnt = [fact(f"fact {n}", f"about {n}", importance=n) for n in range(1, 6)]
    episode = Learnt(EPISODE, "got married", 10)
    await memories.remember(SOCRATES, [*learnt, episode], NOON)
    standing = (await memories.recall(SOCRATES, "hello")).standing
    assert [one.text for one in standing] == ["got married", "fact 5", "fact 4"]


async def test_a_newer_fact_about_the_same_takes_the_place_of_the_older(memories, texts):
    await memories.remember(SOCRATES, [fact("likes figs", "food"), fact("is 30", "age")], NOON)
    await memories.remember(SOCRATES, [fact("likes olives", "food")], LATER)
    assert await texts() == ["is 30", "likes olives"]
    assert await by_words(memories, "figs") == []
    twice = [fact("likes bread", "food"), fact("likes wine", "food")]
    await memories.remember(SOCRATES, twice, LATER)
    assert await texts() == ["is 30", "likes wine"]
    await memories.remember(replace(SOCRATES, character="ada"), [fact("likes tea", "food")], LATER)
    await memories.remember(SOCRATES, [fact("one"), fact("two")], LATER)
    assert await texts(character="socrates") == ["is 30", "likes wine", "one", "two"]


async def test_whoever_has_opted_out_leaves_nothing_and_is_reminded_of_nothing(memories, texts):
    await memories.remember(SOCRATES, [fact("likes figs", "food")], NOON)
    await memories.change_settings(HERE, ANN, MemorySettings(Consent.OPTED_OUT))
    assert not await memories.may_remember(SOCRATES)
    await memories.remember(SOCRATES, [fact("likes wine", "food"), fact("secret")], LATER)
    assert await texts() == ["likes figs"]
    assert await memories.recall(SOCRATES, "figs") == Recalled()
    assert await memories.without_vector(SOCRATES, "m") == ()
    await memories.change_settings(HERE, ANN, MemorySettings())
    assert await by_words(memories, "figs wine") == ["likes figs"]


async def test_a_pause_keeps_nothing_new_and_forgets_nothing(memories, texts):
    await memories.remember(SOCRATES, [fact("likes figs")], NOON)
    await memories.change_settings(HERE, ANN, MemorySettings(Consent.PAUSED))
    await memories.remember(SOCRATES, [fact("likes wine")], LATER)
    assert await texts() == ["likes figs"]
    assert await by_words(memories, "figs") == ["likes figs"]


@pytest.mark.parametrize("consent", [Consent.PAUSED, Consent.OPTED_OUT])
async def test_what_is_decided_for_everywhere_holds_in_every_server(memories, texts, consent):
    await memories.change_settings(EVERYWHERE, ANN, MemorySettings(consent))
    await memories.change_settings(HERE, ANN, MemorySettings())
    for guild in (HERE, ELSEWHERE, 0):
        scope = Scope(guild, "ada", ANN)
        await memories.remember(scope, [fact("secret")], NOON)
        assert not await memories.may_remember(scope)
    assert await texts() == []
    assert await memories.may_remember(Scope(HERE, "ada", BOB))
    assert await memories.settings_of(EVERYWHERE, ANN) == MemorySettings(consent)
    assert await memories.settings_of(ELSEWHERE, ANN) == MemorySettings()


async def test_servers_share_only_where_both_do(memories):
    there = replace(SOCRATES, guild=ELSEWHERE)
    await memories.remember(there, [fact("likes figs")], NOON)
    assert await by_words(memories, "figs") == []
    shared = MemorySettings(shared=True)
    await memories.change_settings(HERE, ANN, shared)
    assert await by_words(memories, "figs") == []
    await memories.change_settings(ELSEWHERE, ANN, shared)
    assert await by_words(memories, "figs") == ["likes figs"]
    assert await by_words(memories, "figs", Scope(HERE, "ada", ANN)) == []
    assert await by_words(memories, "figs", Scope(HERE, "socrates", BOB)) == []
    assert await by_words(memories, "figs", replace(SOCRATES, guild=3)) == []
    gone = MemorySettings(Consent.OPTED_OUT, shared=True)
    await memories.change_settings(ELSEWHERE, ANN, gone)
    assert await by_words(memories, "figs") == []
    with pytest.raises(ShownToUser, match="Each server shares for itself: say so in every server"):
        await memories.change_settings(EVERYWHERE, ANN, shared)
    assert await memories.settings_of(EVERYWHERE, ANN) == MemorySettings()


@pytest.mark.parametrize("whose", [HERE, ELSEWHERE])
async def test_a_namesake_that_a_server_has_brought_is_told_nothing_from_elsewhere(
    store, memories, whose
):
    for guild in (HERE, ELSEWHERE):
        await memories.change_settings(guild, ANN, MemorySettings(shared=True))
    await memories.remember(replace(SOCRATES, guild=ELSEWHERE), [fact("likes figs")], NOON)
    assert await by_words(memories, "figs") == ["likes figs"]
    stranger = CardFile(new_card({"name": "Socrates"}))
    await store.cards.add(ShelvedCard(whose, "socrates", stranger, BOB, NOON, "a file"))
    found = await memories.recall(SOCRATES, "figs")
    assert [*found.by_words, *found.by_meaning, *found.standing] == []


async def test_forgetting_everything_takes_summaries_of_chats_that_were_left(store, memories):
    setup = Setup("m1", RockPaperScissors(), (Seat("ann"), Seat("bob")), 7, "terminal", NOON)
    for number, player in enumerate((f"person:{ANN}", "house:medium"), start=1):
        event = Seated(Seat("ann"), player)
        entry = Entry(number, TABLE, (event,), NOON, None)
        effects = Effects(players={event.seat: player})
        if number == 1:
            await store.open_match(setup, entry, effects)
        else:
            await store.append("m1", entry, effects)
    await memories.keep_summary(ChatSummary("m1", "s", 1, "Ann keeps hens"), NOON)
    await memories.forget(Which(user=BOB), NOON)
    assert await memories.summary_of("m1", "s")
    assert (await memories.forget(Which(user=ANN), NOON)).summaries == 1
    assert await memories.summary_of("m1", "s") is None


async def test_forgetting_reports_what_went(memories, texts, store_url):
    await memories.remember(SOCRATES, [fact("one", "a"), fact("two", "b")], NOON)
    seen = await memories.view(Which(user=ANN))
    await memories.keep_vectors("m", seen, np.eye(2, 3, dtype=np.float32))
    await memories.keep_summary(ChatSummary("m1", "Socrates", 9, "They spoke."), NOON)
    await memories.keep_summary(ChatSummary("m2", "Socrates", 9, "Others spoke."), NOON)
    words = 1 if store_url.startswith("sqlite") else 0  # PostgreSQL has no index to clear
    gone = await memories.forget(Which(user=ANN, id=seen[0].id), NOON)
    assert gone == Forgotten(1, words, 1, 1)
    assert await texts() == ["one"]
    assert await memories.summary_of("m1", "Socrates") is None
    assert await memories.summary_of("m2", "Socrates") is not None
    assert await memories.forget(Which(user=BOB, id=seen[1].id), NOON) == Forgotten()
    assert await texts() == ["one"]
    assert await memories.forget(Which(user=ANN), NOON) == Forgotten(1, words, 1, 0)
    assert not await memories.forget(Which(user=ANN), NOON)


async def test_reflections_go_with_what_they_may_rest_on(memories, texts):
    ada = replace(SOCRATES, character="ada")
    for scope in (SOCRATES, ada):
        await memories.remember(scope, [fact("has a dog"), Learnt(REFLECTION, "cares")], NOON)
    (dog,) = await memories.search(Which(user=ANN, character="socrates"), "dog")
    assert (await memories.forget(Which(user=ANN, id=dog.id), NOON)).memories == 2
    assert await texts(character="socrates") == []
    assert await texts(character="ada") == ["has a dog", "cares"]


async def test_what_was_learnt_from_one_line_goes_with_it(memories, texts):
    await memories.remember(SOCRATES, [fact("one", line=1), fact("two", line=2)], NOON)
    other = replace(SOCRATES, user=BOB)
    await memories.remember(other, [fact("three", line=1, match_id="m2")], NOON)
    assert (await memories.forget(Which(match_id="m1", line=1), LATER)).memories == 1
    assert await texts() == ["two"]
    assert await texts(user=BOB) == ["three"]


@pytest.mark.parametrize(
    "which",
    [
        Which(user=ANN),
        Which(user=ANN, guild=HERE),
        Which(user=ANN, guild=HERE, character="socrates"),
        Which(guild=HERE),
    ],
)
async def test_what_was_heard_before_forgetting_is_not_kept_afterwards(memories, texts, which):
    await memories.remember(SOCRATES, [fact("old")], NOON)
    await memories.change_settings(HERE, ANN, MemorySettings(shared=True))
    await memories.forget(which, LATER)
    assert await memories.settings_of(HERE, ANN) == MemorySettings(shared=True)
    await memories.remember(SOCRATES, [fact("heard before")], LATER)
    assert await texts() == []
    await memories.remember(SOCRATES, [fact("heard since")], LATER + timedelta(seconds=1))
    assert await texts() == ["heard since"]


@pytest.mark.parametrize(("which", "left"), [
    (Which(user=ANN), {"3", "7"}),
    (Which(guild=HERE), {"4", "5", "6", "7"}),
    (Which(user=ANN, guild=HERE), {"3", "4", "5", "6", "7"} - {"x"}),
    (Which(user=ANN, guild=HERE, character="socrates"), {"2", "3", "4", "5", "6", "7"}),
    (Which(user=ANN, character="socrates"), {"2", "3", "5", "6", "7"}),
])  # fmt: skip
async def test_forgetting_takes_what_was_meant_and_nothing_else(memories, which, left):
    places = [
        Scope(HERE, "socrates", ANN),
        Scope(HERE, "ada", ANN),
        Scope(HERE, "socrates", BOB),
        Scope(ELSEWHERE, "socrates", ANN),
        Scope(ELSEWHERE, "ada", ANN),
        Scope(0, "ada", ANN),
        Scope(ELSEWHERE, "socrates", BOB),
    ]
    for number, scope in enumerate(places, start=1):
        await memories.remember(scope, [fact(str(number))], NOON)
    await memories.forget(which, NOON)
    found = [one for user in (ANN, BOB) for one in await memories.view(Which(user=user))]
    assert {one.text for one in found} == left


@pytest.mark.parametrize("given", [{}, {"character": "socrates"}, {"id": 7}])
def test_nobody_can_mean_everybodys_memories(given):
    with pytest.raises(ValueError, match="say whose memories, of which server or from which chat"):
        Which(**given)


async def test_a_correction_takes_the_place_of_what_was_wrong(memories, texts):
    await memories.remember(SOCRATES, [fact("has a cat", "pet", 7, importance=6)], NOON)
    (wrong,) = await memories.view(Which(user=ANN))
    await memories.change_settings(HERE, ANN, MemorySettings(Consent.PAUSED))
    right = await memories.correct(ANN, wrong.id, " has  a dog ", LATER)
    assert await memories.view(Which(user=ANN)) == [right]
    assert right == replace(
        wrong, id=right.id, text="has a dog", created_at=LATER, accessed_at=LATER
    )
    assert right.id != wrong.id
    assert await by_words(memories, "cat") == []
    assert await by_words(memories, "dog") == ["has a dog"]


async def test_what_is_not_there_or_says_nothing_is_not_corrected(memories):
    await memories.remember(SOCRATES, [fact("has a cat")], NOON)
    before = await memories.view(Which(user=ANN))
    for user, text, why in (
        (ANN, " ?! ", "Say what is right instead, in a few words."),
        (BOB, "has a dog", "You have no such memory here; it may be forgotten already."),
    ):
        with pytest.raises(ShownToUser) as refused:
            await memories.correct(user, before[0].id, text, LATER)
        assert str(refused.value) == why
    assert await memories.view(Which(user=ANN)) == before


async def test_an_id_is_never_given_again(memories):
    await memories.remember(SOCRATES, [fact("one")], NOON)
    (one,) = await memories.view(Which(user=ANN))
    await memories.forget(Which(user=ANN), NOON)
    await memories.remember(SOCRATES, [fact("two")], LATER)
    (two,) = await memories.view(Which(user=ANN))
    assert two.id > one.id


async def test_meaning_is_searched_within_the_scope_and_after_every_change(memories):
    async def nearest(scope=SOCRATES, vector=(1.0, 0.0), model="m"):
        found = await memories.recall(scope, "", np.array(vector, np.float32), model)
        return [one.text for one in found.by_meaning]

    async def learn(scope, text, vector):
        await memories.remember(scope, [fact(text)], NOON)
        (seen,) = await memories.without_vector(scope, "m")
        await memories.keep_vectors("m", [seen], np.array([vector], np.float32))

    await learn(SOCRATES, "east", (9.0, 0.0))
    assert await nearest() == ["east"]
    await learn(SOCRATES, "north-east", (0.5, 0.5))
    await learn(replace(SOCRATES, user=BOB), "east of Bob", (1.0, 0.0))
    assert await nearest() == ["east", "north-east"]
    assert await nearest(vector=(0.0, 1.0)) == ["north-east", "east"]
    assert await nearest(replace(SOCRATES, guild=ELSEWHERE)) == []
    assert await nearest(model="another") == []
    assert await nearest(vector=(1.0, 0.0, 0.0)) == []
    assert len(await memories.without_vector(SOCRATES, "another")) == 2
    await memories.forget(Which(user=ANN), NOON)
    assert await nearest() == []


async def test_vectors_that_are_none_are_refused_and_the_forgotten_get_none(memories):
    await memories.remember(SOCRATES, [fact("one")], NOON)
    seen = await memories.view(Which(user=ANN))
    for bad in ([[0.0, 0.0]], [[float("nan"), 1.0]], [[1.0], [2.0]]):
        with pytest.raises(ValueError, match="these are no vectors of texts"):
            await memories.keep_vectors("m", seen, np.array(bad, np.float32))
    await memories.forget(Which(user=ANN), NOON)
    await memories.keep_vectors("m", seen, np.array([[1.0, 0.0]], np.float32))
    assert await memories.forget(Which(user=ANN), NOON) == Forgotten()


async def test_a_summary_takes_the_place_of_an_older_one(memories):
    assert await memories.summary_of("m1", "Ada") is None
    for upto, text in ((5, "first"), (9, "second")):
        await memories.keep_summary(ChatSummary("m1", "Ada", upto, text), NOON)
    assert await memories.summary_of("m1", "Ada") == ChatSummary("m1", "Ada", 9, "second")


async def test_what_was_learnt_since_the_last_reflection_is_what_counts_for_the_next(memories):
    await memories.remember(SOCRATES, [fact("one"), Learnt(REFLECTION, "so")], NOON)
    assert await memories.unlearnt(SOCRATES) == []
    await memories.remember(SOCRATES, [fact("two"), fact("three")], NOON)
    await memories.remember(replace(SOCRATES, user=BOB), [fact("four")], NOON)
    assert [one.text for one in await memories.unlearnt(SOCRATES)] == ["two", "three"]


async def test_recalling_is_noted(memories):
    await memories.remember(SOCRATES, [fact("one"), fact("two")], NOON)
    (two, one) = await memories.view(Which(user=ANN))
    await memories.accessed([one.id], LATER)
    assert await memories.view(Which(user=ANN)) == [two, replace(one, accessed_at=LATER)]


async def test_an_export_has_all_of_a_member_and_nothing_of_others(store, memories):
    await memories.remember(SOCRATES, [fact("likes figs", "food", 4)], NOON)
    await memories.remember(replace(SOCRATES, user=BOB), [fact("secret of Bob")], NOON)
    await memories.change_settings(HERE, ANN, MemorySettings(shared=True))
    export = await memories.export(Which(user=ANN))
    assert export == {
        "memories": [
            {
                "guild": HERE,
                "character": "socrates",
                "kind": "fact",
                "about": "food",
                "text": "likes figs",
                "importance": 3,
                "created": NOON.isoformat(),
                "recalled": NOON.isoformat(),
                "match": "m1",
                "line": 4,
            }
        ],
        "settings": [{"guild": HERE, "consent": "remember", "shared": True}],
    }
    assert (await store.privacy.export_of(ANN))["remembered"] == export
    assert (await store.privacy.export_of_guild(HERE))["memories"] == 2
    assert (await memories.export(Which(user=ANN, guild=ELSEWHERE))) == {
        "memories": [],
        "settings": [],
    }


async def test_whoever_deletes_everything_is_remembered_nowhere_but_keeps_a_no(store, memories):
    there = replace(SOCRATES, guild=ELSEWHERE)
    for scope in (SOCRATES, there, replace(SOCRATES, user=BOB)):
        await memories.remember(scope, [fact("canary")], NOON)
    await memories.change_settings(HERE, ANN, MemorySettings(Consent.OPTED_OUT))
    await memories.change_settings(ELSEWHERE, ANN, MemorySettings(shared=True))
    await memories.keep_summary(ChatSummary("m1", "Socrates", 9, "They spoke."), NOON)
    await store.privacy.delete_of(ANN)
    assert await memories.export(Which(user=ANN)) == {
        "memories": [],
        "settings": [{"guild": HERE, "consent": "opted out", "shared": False}],
    }
    assert await memories.summary_of("m1", "Socrates") is None
    assert len(await memories.view(Which(user=BOB))) == 1


async def test_a_deleted_server_remembers_nobody_but_keeps_a_no(store, memories):
    for user in (ANN, BOB):
        for guild in (HERE, ELSEWHERE):
            await memories.remember(Scope(guild, "ada", user), [fact("canary")], NOON)
    await memories.change_settings(HERE, ANN, MemorySettings(Consent.OPTED_OUT))
    await memories.change_settings(HERE, BOB, MemorySettings(shared=True))
    other = await memories.export(Which(guild=ELSEWHERE))
    await store.privacy.delete_of_guild(HERE, 77)
    assert await memories.export(Which(guild=HERE)) == {"memories": [], "settings": []}
    assert await memories.export(Which(guild=ELSEWHERE)) == other
    assert (await memories.settings_of(HERE, ANN)).consent is Consent.OPTED_OUT
    assert await memories.settings_of(HERE, BOB) == MemorySettings()


async def test_nothing_learnt_in_one_scope_ever_shows_in_another(memories):
    rng, kept, sharing, shown = Random(7), defaultdict(list), set(), 0
    scopes = [Scope(g, c, u) for g in (0, 1, 11) for c in ("a", "b", "1") for u in (1, 11)]
    for step in range(1000):
        scope, now = rng.choice(scopes), NOON + timedelta(seconds=step)
        here = (scope.guild, scope.user)
        match rng.randrange(20):
            case 0:
                await memories.forget(Which(scope.user, scope.guild, scope.character), now)
                kept[scope].clear()
            case 1 if kept[scope]:
                text = kept[scope].pop()
                which = Which(scope.user, scope.guild, scope.character)
                (found,) = [one for one in await memories.view(which) if one.text == text]
                await memories.forget(Which(scope.user, id=found.id), NOON)
            case 2:
                sharing ^= {here}
                settings = MemorySettings(shared=here in sharing)
                await memories.change_settings(*here, settings)
            case 3 | 4 | 5 | 6 | 7 | 8:
                text = f"likes thing{step} of {scope.guild}-{scope.character}-{scope.user}"
                await memories.remember(scope, [fact(text)], now)
                kept[scope].append(text)
        if step % 2:
            continue
        asked = rng.choice(scopes)
        known = {asked} | {
            replace(asked, guild=guild)
            for guild in (0, 1, 11)
            if {(guild, asked.user), (asked.guild, asked.user)} <= sharing
        }
        expected = {text for one in known for text in kept[one]}
        found = await memories.recall(asked, f"which thing likes thing{step - 1} of")
        assert {one.text for one in (*found.by_words, *found.standing)} <= expected
        assert len(found.by_words) >= min(5, len(expected))
        mine = Which(asked.user, asked.guild, asked.character)
        held = await memories.search(mine, "likes", 1000)
        assert sorted(one.text for one in held) == sorted(kept[asked])
        shown += len(found.by_words)
    assert shown > 1500


async def test_forgetting_leaves_no_byte_in_the_files(tmp_path):
    database = tmp_path / "parlour.db"
    store = await SqlStore.open(database)
    memories, rng = store.memories, Random(3)
    words = [f"filler{number}" for number in range(300)]

    def on_disk(word):
        files = sorted(tmp_path.iterdir())
        return [file.name for file in files if word in file.read_bytes()]

    vectors = np.array([[3.1415927, 2.7182818, 1.4142135]], np.float32)
    mark = (vectors / np.linalg.norm(vectors.astype(np.float64))).astype("<f4").tobytes()
    for number in range(400):
        user = (ANN, BOB, 5, 6)[number % 4]
        text = f"{' '.join(rng.choices(words, k=9))} FORGET{user} zebra{user}fish{number}"
        await memories.remember(replace(SOCRATES, user=user), [fact(text, line=number)], NOON)
    for user in (ANN, BOB):
        (one,) = await memories.view(Which(user=user), 1)
        await memories.keep_vectors("m", [one], vectors)
        summary = ChatSummary(f"m{user}", "s", 1, f"FORGET{user} in short")
        await memories.keep_summary(summary, NOON)
        learnt = [fact(f"FORGET{user}", match_id=f"m{user}")]
        await memories.remember(replace(SOCRATES, user=user), learnt, NOON)
    assert on_disk(f"zebra{ANN}".encode())
    assert on_disk(mark)
    assert (await memories.forget(Which(user=ANN), NOON)).summaries == 1
    for trace in (f"FORGET{ANN}", f"forget{ANN}", f"zebra{ANN}", f"ebra{ANN}fish", f"{ANN}fish"):
        assert on_disk(trace.encode()) == []
    assert on_disk(f"zebra{BOB}".encode())
    assert on_disk(mark)
    await store.privacy.delete_of(BOB)
    assert on_disk(f"FORGET{BOB}".encode()) == on_disk(f"zebra{BOB}".encode()) == []
    assert on_disk(mark) == []
    await store.close()
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("INSERT INTO memory_words (memory_words) VALUES ('integrity-check')")


async def test_a_corrected_or_replaced_text_leaves_no_byte_either(tmp_path):
    store = await SqlStore.open(tmp_path / "parlour.db")
    memories = store.memories
    await memories.remember(SOCRATES, [fact("likes xylofigs", "food")], NOON)
    await memories.remember(SOCRATES, [fact("likes quinces", "food")], LATER)
    (old,) = await memories.view(Which(user=ANN))
    await memories.correct(ANN, old.id, "likes pears", LATER)
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"pears" in on_disk
    assert b"figs" not in on_disk
    assert b"quinces" not in on_disk
    await store.close()
