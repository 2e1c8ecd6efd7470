"""An answer that is heard while it comes, and where it ends."""

from itertools import pairwise

from tests.faulty_model import Mode

HELLO = ({"role": "user", "content": "Hello?"},)
SCHEMA = {"type": "object", "properties": {"answer": {"enum": ["a"]}}, "required": ["answer"]}


async def test_a_text_is_heard_while_it_comes(server, connect):
    heard = []
    answer = await connect().complete(HELLO, heard=heard.append)
    assert heard[0] == "A goo"
    assert heard[-1] == answer.text
    assert all(later.startswith(earlier) for earlier, later in pairwise(heard))


async def test_a_structured_answer_is_not_heard_in_pieces(server, connect):
    heard = []
    await connect().complete(HELLO, schema=SCHEMA, heard=heard.append)
    assert heard == []


async def test_a_server_is_told_where_to_stop_unless_it_does_not_take_that(server, connect):
    model = connect()
    await model.complete(HELLO, stops=["\nann:", "\nbob:", "\ncy:", "\ndee:", "\neve:"])
    assert server.requests[-1].body["stop"] == ["\nann:", "\nbob:", "\ncy:", "\ndee:"]
    await model.complete(HELLO)
    assert "stop" not in server.requests[-1].body


async def test_a_new_try_is_heard_from_its_start(server, connect):
    server.mode, server.times = Mode.RESET, 1
    heard = []
    answer = await connect(seconds=10).complete(HELLO, heard=heard.append)
    assert heard[:2] == ["Hel", "A goo"]
    assert heard[-1] == answer.text
