import pytest

from towns.floor_plan import read_plan

LEGEND = {"t": "table", "b": "bed"}


def read(drawn, legend=LEGEND):
    faults = []
    return read_plan(drawn, legend, faults), faults


def test_tiles_with_the_same_letter_that_touch_are_one_piece():
    plan, faults = read("######\n#tt.t#\n#tt..#\n#...b#\n##+###")
    assert faults == []
    assert [piece.name for piece in plan.equipment] == ["table 1", "table 2", "bed"]
    assert plan.equipment[0].tiles == ((1, 1), (2, 1), (1, 2), (2, 2))


def test_a_piece_is_used_from_the_floor_beside_it():
    plan, _ = read("#####\n#t.b#\n#...#\n##+##")
    assert plan.equipment[0].stands == ((2, 1), (1, 2))
    assert plan.equipment[1].stands == ((2, 1), (3, 2))


def test_floor_at_the_edge_is_a_way_in_as_a_door_is():
    walled, _ = read("###\n#t#\n#.#\n#+#", {"t": "table"})
    open_to_all, _ = read("...\n.t.\n...", {"t": "table"})
    assert list(walled.entrances()) == [(1, 3)]
    assert len(list(open_to_all.entrances())) == 8


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ("", "the plan is empty: draw it."),
        ("#" * 61, "the plan has over 60 tiles one way: draw it smaller."),
        ("#+#\n#.##", "row 2 of the plan has 4 tiles and the first has 3: make them the same."),
        ("###\n#.#\n###", "nobody can come in: draw a door “+” in an outer wall."),
        ("#####\n#.#.#\n#+###", "nobody can walk to row 2, column 4: draw a door “+”."),
        ("#+#\n#.#\n###\n#t#\n###", "nobody can stand beside the table: draw floor “.” there."),
        ("+x", "the plan has “x”, which the legend does not explain: add it there."),
    ],
)
def test_a_plan_that_cannot_be_lived_in_says_what_is_wrong(drawn, said):
    _, faults = read(drawn, {"t": "table"} if "t" in drawn else {})
    assert said in faults


def test_a_letter_that_is_not_in_the_plan_is_taken_out_of_the_legend():
    _, faults = read("+.", {"t": "table"})
    assert faults == ["the legend explains “t”, which is not in the plan: take it out."]
