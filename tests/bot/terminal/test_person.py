"""People at a terminal: what they type, and what they see of each other."""

import re

TWO = ("--seat", "Ann=me", "--seat", "Bob=me")
PASS = "who presses Enter:"
UP, CTRL_C, CTRL_D = "\x1b[A", "\x03", "\x04"


def test_the_number_that_is_shown_before_an_option_chooses_it(terminal):
    table = terminal("play", "tic-tac-toe", "--seat", "Ann=me")
    table.wait_for("1) a1  2) b1")
    table.wait_for("Ann>")
    table.type("2\r")
    table.wait_for("Ann marks b1.")


def test_who_takes_the_keyboard_sees_what_has_been_said_meanwhile(terminal):
    table = terminal("play", "conversation", *TWO)
    table.wait_for(PASS)
    table.type("\r")
    table.wait_for("Ann>")
    table.type("Do you like tea?\r")
    table.wait_for(f"Bob, {PASS}")
    table.type("\r")
    assert "Ann: Do you like tea?" in table.wait_for("Bob>")
    table.type("Very much.\r")
    table.wait_for(f"Ann, {PASS}")
    table.type("\r")
    seen = table.wait_for("Ann>")
    assert "Ann: Do you like tea?" in seen
    assert "Bob: Very much." in seen


def test_the_next_person_finds_no_answer_of_the_last_one(terminal):
    table = terminal("play", "rock-paper-scissors", *TWO)
    table.wait_for(PASS)
    table.type("\r")
    table.wait_for("Ann>")
    table.type("scissors\r")
    table.wait_for(f"Bob, {PASS}")
    assert table.raw.count(b"\x1b[3J") == 2, "what can be scrolled back to is not emptied"
    table.type(f"{UP}\r")
    table.wait_for("Bob>")
    table.type(f"{UP}rock\r")  # with Ann's history this would be “scissorsrock”
    table.wait_for("The throws: Ann scissors, Bob rock.")


def test_whoever_quits_while_the_keyboard_is_passed_is_told_how_to_go_on(terminal):
    for keys in ("/quit\r", CTRL_C, CTRL_D):
        table = terminal("play", "rock-paper-scissors", *TWO)
        table.wait_for(PASS)
        table.type(keys)
        code, shown = table.ended()
        assert code == 0
        assert "The match is kept. Go on with: python bot.py resume" in shown
        assert "Bob" not in shown, "nobody else is asked any more"


def test_those_who_resume_a_match_together_learn_their_secrets_again(terminal):
    options = ("--option", "chameleon=Ann", "--option", "topic=Fruits", "--option", "word=banana")
    table = terminal("play", "chameleon", *TWO, "--seat", "Cy=house", *options)
    table.wait_for(PASS)
    table.type("/quit\r")
    match = re.search(r"resume (\w{8})", table.ended()[1]).group(1)
    table = terminal("resume", match)
    assert "chameleon" not in table.wait_for(f"Ann, {PASS}")
    table.type("\r")
    assert "You are the chameleon." in table.wait_for("Ann>")
    table.type("yellow\r")
    table.wait_for(f"Bob, {PASS}")
    table.type("\r")
    seen = table.wait_for("Bob>")
    assert "The secret word is “Banana”" in seen
    assert "You are the chameleon." not in seen


def test_a_form_is_filled_in_field_by_field(terminal):
    seats = ("--seat", "moderator=me", "--seat", "Bea=house", "--seat", "Cid=house")
    table = terminal("play", "moderated-conversation", *seats)
    table.wait_for("What do you tell the players?")
    table.wait_for("moderator>")
    table.type("That was enough.\r")
    table.wait_for("Is the game over?")
    table.wait_for("moderator>")
    table.type("perhaps\r")
    table.wait_for("Say exactly one of yes and no.")
    table.type("1\r")
    table.wait_for("who has won?")
    table.wait_for("moderator>")
    table.type("Cid\r")
    table.wait_for("moderator: That was enough.")
    table.wait_for("Cid wins")


def test_what_is_said_while_somebody_types_stands_above_what_is_typed(terminal):
    seats = ("--seat", "Ann=me", "--seat", "Bea=house")
    table = terminal("play", "conversation", "--option", "floor=open floor", *seats)
    table.wait_for("Ann>")
    table.type("I thi")
    table.wait_for("I thi")
    assert table.wait_for("Bea").endswith("  Bea")
    table.wait_for("Ann> I thi")  # the line is drawn again below
