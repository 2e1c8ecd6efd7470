"""Forgery: altered interactions, of which only the legitimate one has an effect.

FORGED=10000 sends so many; without it some hundreds, as each goes over real sockets.
"""

import asyncio
import os
from random import Random

from tests.bot.cogs.matches import begun, kept, pressed
from tests.discord_double.interactions import COMPONENT, MODAL_SUBMIT, Interaction

RPS = "rock-paper-scissors"
FORGED = int(os.environ.get("FORGED", "600"))
VERBS = ("a", "s", "t", "m", "v", "rules", "replay", "stats", "rematch", "l", "lm", "lo", "x", "")
LOBBY = ("join", "leave", "ready", "start", "house", "model", "options", "cancel", "rules", "none")


def altered(rng: Random, real: str, others: list[str]) -> str:
    """Return a custom id like a real one, with something wrong about it."""
    prefix, verb, match_id, ask_id, choice = real.split(":")
    match rng.randrange(8):
        case 0:
            match_id = rng.choice([*others, "", "zzzzzzzz", match_id[::-1], f"{match_id}x"])
        case 1:
            ask_id = rng.choice(["", "0", f"9{ask_id}", ask_id[:-1], "0-00000000", "-1-ffffffff"])
        case 2:
            choice = rng.choice(["-1", "3", "99", "1e3", " 0", "0 ", "pass", "٠", "0x0", "None"])
        case 3:
            verb = rng.choice([one for one in VERBS if one not in ("a", "v", "t", "")])
        case 4:
            return f"{prefix}:l:{match_id}:{rng.choice(LOBBY)}"
        case 5:
            prefix = rng.choice(["", "q", "P", "p:p", " p"])
        case 6:
            return "".join(rng.choice("p:am0123-\u202e\x00é") for _ in range(rng.randrange(1, 99)))
        case _:
            choice = f"{choice}:{rng.randrange(9)}"
    return ":".join((prefix, verb, match_id, ask_id, choice))[:100]


async def test_forged_interactions_have_no_effect_but_the_legitimate_one(bot, scene):
    table = await begun(scene, RPS, scene.ann, scene.bob)
    other = await begun(scene, RPS, scene.bob, scene.ann)
    stranger = scene.discord.user("stranger")
    elsewhere = scene.discord.guild("Elsewhere", stranger)
    scene.discord.install(scene.app, elsewhere)
    for person in (scene.ann, scene.bob):
        scene.discord.member(elsewhere, person)
    foreign = scene.discord.channel(elsewhere)
    away = await stranger_message(scene, stranger, foreign)
    scene.discord.ack_seconds = 60.0  # they come faster than anybody presses
    real = table.live.controls["rock"]
    rng = Random(7)
    before = kept(scene)

    def forge() -> Interaction:
        """Send an altered press of a player, or a true one of somebody or somewhere else."""
        custom_id, who, message = real, rng.choice((scene.ann, scene.bob)), table.live
        match rng.randrange(5):
            case 0:
                who = scene.owner  # who sits nowhere
            case 1:
                message = away  # another server
                who = rng.choice((scene.ann, scene.bob, stranger))
            case _:
                custom_id = altered(rng, real, [other.match_id[::-1]])
        kind = rng.choice((COMPONENT, COMPONENT, COMPONENT, MODAL_SUBMIT))
        if custom_id == real:
            kind = COMPONENT
        data = {"custom_id": custom_id, "component_type": 2, "values": [str(rng.randrange(-2, 9))]}
        if kind == MODAL_SUBMIT:
            data = {"custom_id": custom_id, "components": fields(rng)}
        sent = Interaction(scene.discord, scene.app, who, message.channel, kind, data, message)
        sent.offer()
        return sent

    for _ in range(FORGED // 200):
        sent = [forge() for _ in range(200)]
        await asyncio.gather(*(one.settled() for one in sent))
    await until_answered(scene, sent)
    assert kept(scene) == before
    assert await pressed(scene.ann, table.live, real) == "You throw rock."
    after = kept(scene)
    (new,) = [row for row in after if row not in before]
    assert new[0] == table.match_id


def fields(rng: Random) -> list:
    name = rng.choice(["answer", "target", "word", "x"])
    inner = {"type": 4, "id": 2, "custom_id": name, "value": rng.choice(["rock", "", "9" * 50])}
    return [{"type": 18, "id": 1, "component": inner}]


async def stranger_message(scene, stranger, channel):
    """Return a message of the bot in another server."""
    await stranger.slash(channel, "arena create", game=RPS)
    found = []

    def look():
        found[:] = [m for m in channel.messages.values() if not m.ephemeral]
        return found

    await scene.discord.until(look)
    return found[0]


async def until_answered(scene, sent) -> None:
    await scene.discord.until(lambda: all(one.answered_with is not None for one in sent))
