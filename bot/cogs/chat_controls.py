"""What the buttons under a character's words do; each press is checked anew."""

from typing import Final

from discord import ui

from bot.arena.chats import ChatPlace
from bot.arena.table import Table
from bot.cogs.character_why import explain_answer
from bot.cogs.chat_buttons import VERB, versions
from bot.cogs.chat_rights import need_line_host, need_speech
from bot.cogs.controls import Pressed, button, view
from bot.cogs.forms import form, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_welcome
from bot.cogs.speech import plain
from bot.errors import AlreadyDone, ShownToUser
from characters import host
from characters.chat_events import history
from characters.host import HOST
from characters.lines import Line

STALE: Final = "That line is not there any more."
_DONE: Final = {
    "again": "It is said anew; the other versions are kept.",
    "on": "It goes on.",
    "show": "Another version is shown.",
    "delete": "The line is gone.",
    "next": "It is their turn.",
}


async def pressed_in_chat(interaction: Interaction, pressed: Pressed) -> None:
    """Do what a button under a line says."""
    verb, number, *rest = (*pressed.rest, "", "")
    await need_welcome(interaction, interaction.client.services.administration)
    chat, table = await _chat(interaction, pressed.match_id)
    if verb == "speak":
        await _open_speech(interaction, chat)
        return
    said = _line(table, number)
    need_line_host(interaction, chat, table, said.number)
    if table.over:
        raise ShownToUser("The chat is over; /chat with begins another.")
    match verb:
        case "more":
            await tell(interaction, "What is to become of this line?", view=_panel(chat, said))
        case "edit":
            words = line("words", "What it says", value=said.words[:4000], most=4000, long=True)
            again = Pressed("ce", chat.match_id, (str(said.number),))
            await interaction.response.send_modal(form("Edit the line", again, [words]))
        case "why":
            await explain_answer(interaction, table, said.speaker)
        case _:
            await _do(interaction, table, _request(table, said, verb, rest[0]))
            await tell(interaction, _DONE.get(verb, "Done."))


async def edited(interaction: Interaction, pressed: Pressed) -> None:
    """Put the words of a modal in the place of a line's."""
    await need_welcome(interaction, interaction.client.services.administration)
    chat, table = await _chat(interaction, pressed.match_id)
    said = _line(table, "".join(pressed.rest[:1]))
    need_line_host(interaction, chat, table, said.number)
    words = typed_in(interaction).get("words", "")
    await _do(interaction, table, host.edit(said.number, words))
    await tell(interaction, "The line is changed.")


async def spoken(interaction: Interaction, pressed: Pressed) -> None:
    """Say what was typed into a modal, as whoever typed it."""
    await need_speech(interaction)
    _, table = await _chat(interaction, pressed.match_id)
    if table.paused or table.over:
        raise ShownToUser("The chat does not go on now; /chat resume goes on after a pause.")
    words = typed_in(interaction).get("words", "")
    await interaction.response.defer(ephemeral=True, thinking=True)
    talk = interaction.client.chat_messages
    try:
        await talk.say(table, interaction.user, words, f"i:{interaction.id}")
    except AlreadyDone:
        raise ShownToUser("That has counted already.") from None
    await tell(interaction, "You have said it.")


async def _open_speech(interaction: Interaction, chat: ChatPlace) -> None:
    await need_speech(interaction)
    words = line("words", "What you say", most=host.LONGEST, required=True, long=True)
    await interaction.response.send_modal(form("Speak", Pressed("cs", chat.match_id), [words]))


async def _chat(interaction: Interaction, match_id: str) -> tuple[ChatPlace, Table]:
    chat = await interaction.client.services.chats.chat(match_id)
    if chat is None or chat.guild != interaction.guild_id:
        raise ShownToUser("That chat is not known here any more.")
    return chat, await interaction.client.services.arena.wake(match_id)


def _line(table: Table, number: str) -> Line:
    for one in history(table.match.log):
        if str(one.number) == number and one.character:
            return one
    raise ShownToUser(STALE)


def _request(table: Table, said: Line, verb: str, version: str) -> str:
    """Return what the host is asked for.  Raises ShownToUser for a control that is not known."""
    match verb:
        case "again":
            return host.regenerate(said.number)
        case "on":
            return host.go_on(said.number)
        case "show" if version.isdecimal() and 0 < int(version) <= versions(table, said.number)[1]:
            return host.show(said.number, int(version))
        case "delete":
            return host.delete(said.number)
        case "next":
            return host.speak(said.speaker)
    raise ShownToUser("That control is not known any more.")


async def _do(interaction: Interaction, table: Table, request: str) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    if table.paused:
        raise ShownToUser("The chat is paused; /chat resume goes on.")
    try:
        await table.submit(HOST, request, cause=f"i:{interaction.id}")
    except AlreadyDone:
        raise ShownToUser("That has counted already.") from None
    interaction.client.services.arena.play(table)


def _panel(chat: ChatPlace, said: Line) -> ui.View:
    def press(label: str, verb: str) -> ui.Button[ui.View]:
        return button(label, Pressed(VERB, chat.match_id, (verb, str(said.number))))

    return view(
        [
            press("Edit", "edit"),
            press("Delete", "delete"),
            press("Why this answer", "why"),
            press(f"{plain(said.speaker)} speaks next", "next"),
        ]
    )
