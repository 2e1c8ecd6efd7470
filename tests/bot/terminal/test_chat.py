"""A chat at a real terminal: words that come bit by bit, and Control-C."""

import pytest

from tests.faulty_model import Mode
from tests.parrot import Parrot


@pytest.fixture
def parrot(tmp_path):
    with Parrot() as model:
        (tmp_path / "models.toml").write_text(
            f'[parrot]\nbase_url = "{model.url}"\nmodel = "tiny"\nseconds = 20\n'
        )
        yield model


def test_words_are_shown_while_they_come_and_control_c_stops_them(terminal, parrot):
    person = terminal("chat", "socrates", "--as", "Ann")
    person.wait_for("Ann>")
    person.type("Hello?\r")
    person.wait_for("A good day to you all.  (3)")
    person.wait_for("Ann>")
    parrot.mode = Mode.DRIP
    person.type("Tell me a tale.\r")
    person.wait_for("Socrates: aaa")
    person.interrupt()
    person.wait_for("Ann>")
    parrot.mode = Mode.OK
    person.type("/lines\r")
    person.wait_for("Ann: Tell me a tale.  (4)")
    person.type("/quit\r")
    code, last = person.ended()
    assert code == 0
    assert "The chat is kept. Go on with: python bot.py chat --resume" in last
    assert "Traceback" not in person.raw.decode()
