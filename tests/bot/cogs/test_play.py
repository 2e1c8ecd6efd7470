"""Playing in Discord: the real bot, real sockets, people who press and type."""


async def test_two_members_play_rock_paper_scissors_to_the_end(bot, scene):
    lobby = await scene.lobby(scene.ann, "rock-paper-scissors")
    await scene.bob.click(lobby, "Join")
    await scene.discord.until(lambda: f"<@{scene.bob.id}>" in lobby.content)
    started = await scene.ann.click(lobby, "Start")
    assert not started.failed
    thread = await scene.thread(lobby)
    table = await scene.shown(thread, lambda m: "Asked" in m.content)
    for _ in range(2):
        await scene.discord.until(
            lambda: "Rock" in str(table.components) or "rock" in str(table.components)
        )
        one = await scene.ann.click(table, "rock")
        two = await scene.bob.click(table, "scissors")
        print(one.reply, two.reply)
        await scene.discord.until(
            lambda: "Asked: **Ann**" in table.content or "Result" in table.content, 5
        )
    print([m.content for m in thread.messages.values()])
