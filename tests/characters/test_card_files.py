"""A card goes into a file of each format and comes back whole."""

import base64
import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from characters.card_files import LARGEST_FILE, PORTRAIT, CardFile, Format, read_file, write_file
from characters.charx import read_charx
from characters.documents import MOST_BYTES, read_document, write_document
from characters.errors import BadCard
from characters.png import chunks, read_png
from characters.versions import NOTE
from tests.characters.samples import EACH, V1, V2, V3, archive, as_bytes, minimal, picture

EMBLEM = picture((2, 2))


def file_of(document):
    return read_file(as_bytes(document))


def exported(document, wanted):
    return write_file(file_of(document), wanted, EMBLEM)


def chara_of(image):
    (text,) = [one.data for one in chunks(image) if one.keyword == "chara"]
    return json.loads(base64.b64decode(text.removeprefix(b"chara\0")))


def test_a_v3_card_is_the_same_after_each_format_that_can_hold_it():
    for wanted in (Format.JSON, Format.PNG):
        again = read_file(exported(V3, wanted))
        assert repr(again.card.document) == repr(V3)
        assert again.card == file_of(V3).card


def test_a_v3_card_in_an_archive_differs_in_nothing_but_where_its_portrait_is():
    again = read_file(exported(V3, Format.CHARX))
    expected = copy.deepcopy(V3)
    expected["data"]["assets"][0]["uri"] = f"embeded://{PORTRAIT}"
    assert repr(again.card.document) == repr(expected)
    assert again.picture == EMBLEM
    back = read_file(write_file(again, Format.PNG, b""))
    assert repr(back.card.document) == repr(V3)
    assert back.picture == EMBLEM


@pytest.mark.parametrize(("document", "wanted"), [(V1, Format.V1), (V2, Format.V2)])
def test_an_older_card_is_the_same_after_its_own_format(document, wanted):
    for format_ in (wanted, Format.JSON):
        assert repr(file_of(document).card.document) == repr(document)
        assert repr(read_document(exported(document, format_))) == repr(document)


@pytest.mark.parametrize("document", [V1, V2], ids=["V1", "V2"])
@pytest.mark.parametrize("wanted", [Format.PNG, Format.CHARX])
def test_an_older_card_becomes_v3_where_it_must_and_keeps_each_field(document, wanted):
    again = read_file(exported(document, wanted)).card
    assert again.version == 3
    before = document.get("data", document)
    kept = {name: again.data[name] for name in before if name != "character_book"}
    assert kept == {name: before[name] for name in kept}
    assert again.data["group_only_greetings"] == []
    for old, new in zip(
        before.get("character_book", {}).get("entries", []),
        again.data.get("character_book", {}).get("entries", []),
        strict=True,
    ):
        assert new == {"use_regex": False, **old}


def test_a_picture_holds_a_v3_card_twice_and_the_older_copy_says_what_it_lacks():
    image = exported(V3, Format.PNG)
    assert json.loads(read_png(image)) == V3
    chara = chara_of(image)
    assert (chara["spec"], chara["spec_version"]) == ("chara_card_v2", "2.0")
    assert chara["data"]["creator_notes"] == f"For the garden.\n\n{NOTE}"
    assert chara["data"]["character_book"]["entries"][0]["content"] == "The hive is blue."
    entry = {**V3["data"]["character_book"]["entries"][0], "content": "The hive is blue."}
    assert chara["data"]["character_book"]["entries"][0] == entry
    assert "nickname" not in chara["data"] and "assets" not in chara["data"]
    assert chara["data"]["extensions"] == V3["data"]["extensions"]
    assert chara["beside"] == {"kept": True}


def test_the_older_copy_of_an_older_card_is_that_card():
    assert chara_of(exported(V2, Format.PNG)) == V2
    data = chara_of(exported(V1, Format.PNG))["data"]
    assert {name: data[name] for name in V1} == V1


def test_v1_has_the_six_texts_and_no_more():
    assert json.loads(exported(V3, Format.V1)) == {
        name: V3["data"][name]
        for name in ("name", "description", "personality", "scenario", "first_mes", "mes_example")
    }


@pytest.mark.parametrize("document", EACH.values(), ids=EACH)
def test_writing_a_card_changes_nothing_of_it(document):
    before = copy.deepcopy(document)
    file = file_of(document)
    for wanted in Format:
        write_file(file, wanted, EMBLEM)
    assert repr(document) == repr(before) == repr(file.card.document)


def test_the_picture_that_a_card_came_in_is_the_one_it_leaves_in():
    own = picture((9, 9), (1, 2, 3), pnginfo=None)
    first = read_file(write_file(CardFile(file_of(V3).card, own), Format.PNG, EMBLEM))
    assert first.picture == own
    assert read_file(write_file(first, Format.PNG, EMBLEM)).picture == own


def embedded(**files):
    icon = {"type": "icon", "uri": "embeded://assets/a.png", "name": "main", "ext": "png"}
    joy = {"type": "emotion", "uri": "embeded://assets/joy.webp", "name": "joy", "ext": "webp"}
    gone = {"type": "emotion", "uri": "embeded://assets/gone.webp", "name": "x", "ext": "webp"}
    document = minimal(assets=[icon, joy, gone])
    return archive(
        {
            "card.json": as_bytes(document),
            "assets/a.png": EMBLEM,
            "assets/joy.webp": b"RIFF",
            **files,
        }
    )


def test_an_archive_keeps_files_that_the_card_does_not_name():
    file = read_file(embedded(**{"assets/other/x.bin": b"\1\2"}))
    again = read_charx(write_file(file, Format.CHARX, b""))
    assert again["assets/other/x.bin"] == b"\1\2"
    assert again["assets/joy.webp"] == b"RIFF"


def test_what_was_embedded_in_an_archive_stands_as_data_in_other_formats():
    file = read_file(embedded())
    assert file.picture == EMBLEM
    alone = read_file(write_file(file, Format.JSON, b""))
    assert alone.picture == EMBLEM
    uris = [asset.uri for asset in alone.card.assets]
    assert uris[1:] == ["data:;base64,UklGRg==", "embeded://assets/gone.webp"]
    shown = read_file(write_file(file, Format.PNG, b""))
    assert [asset.uri for asset in shown.card.assets] == ["ccdefault:", *uris[1:]]
    assert shown.picture == EMBLEM


def test_a_card_whose_files_are_too_large_for_json_says_which_format_helps():
    noise = bytes(range(256)) * (MOST_BYTES // 256)
    file = read_file(embedded(**{"assets/joy.webp": noise}))
    with pytest.raises(BadCard, match="export it as charx"):
        write_file(file, Format.JSON, EMBLEM)
    assert read_file(write_file(file, Format.CHARX, EMBLEM)).archive


def test_a_card_without_assets_gets_its_portrait_in_an_archive():
    again = read_file(exported(minimal(), Format.CHARX))
    assert [asset.is_portrait for asset in again.card.assets] == [True]
    assert again.picture == EMBLEM


BAD = {
    "too large": (b"{" + b" " * LARGEST_FILE, "over 8,388,608 bytes, the most that is read"),
    "nothing": (b"", "no valid JSON"),
    "a JPEG": (b"\xff\xd8\xff\xe0 JFIF", "a card is a JSON, PNG or CHARX file"),
    "a WEBP": (b"RIFF\0\0\0\0WEBP", "a card is a JSON, PNG or CHARX file"),
    "a program": (b"\x7fELF\0\0", "a card is a JSON, PNG or CHARX file"),
    "an icon that is no base64": (
        as_bytes(
            minimal(assets=[{"type": "icon", "name": "main", "uri": "data:image/png;base64,é"}])
        ),
        "main icon is no base64",
    ),
}


@pytest.mark.parametrize(("data", "said"), BAD.values(), ids=BAD)
def test_what_is_no_card_is_refused_with_one_sentence(data, said):
    with pytest.raises(BadCard) as refusal:
        read_file(data)
    assert said in str(refusal.value)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = sorted({*V3["data"], *V2["data"], "parlour"})


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.text(max_size=8), json_values, max_size=4),
    json_values,
    st.sampled_from([1, 2, 3]),
)
def test_every_unknown_field_survives_every_format(unknown, extension, version):
    document = copy.deepcopy(EACH[f"V{version}"])
    data = document if version == 1 else document["data"]
    data.update({f"x-{name}": value for name, value in unknown.items()})
    if version > 1:
        data["extensions"]["other"] = extension
        data["character_book"]["entries"][0]["x"] = extension
    for wanted in (Format.JSON, Format.PNG, Format.CHARX):
        again = read_file(exported(document, wanted)).card.data
        for name in unknown:
            assert repr(again[f"x-{name}"]) == repr(unknown[name])
        if version > 1:
            assert repr(again["extensions"]["other"]) == repr(extension)
            assert repr(again["character_book"]["entries"][0]["x"]) == repr(extension)


def read_or_refuse(data):
    """Read what may be anything: a card that is usable everywhere, or one sentence."""
    try:
        file = read_file(data)
    except BadCard as why:
        said = str(why)
    else:
        said = ""
        for wanted in Format:
            read_file(write_file(file, wanted, EMBLEM))
        repr(file.card).encode()
    assert "\n" not in said and len(said) < 400


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=6), st.booleans())
def test_any_type_in_any_field_gives_a_card_or_a_sentence(fields, inside):
    document = minimal(**fields) if inside else {"name": "Bo", **fields}
    read_or_refuse(write_document(document))


PLACES = [
    ("assets", 0, "uri"),
    ("assets", 0),
    ("character_book", "entries", 0, "keys"),
    ("character_book", "entries", 0, "content"),
    ("character_book", "entries", 0, "insertion_order"),
    ("character_book", "entries", 0, "secondary_keys"),
    ("character_book", "entries", 0),
    ("character_book", "scan_depth"),
    ("extensions", "parlour", "life", 0, "people"),
    ("extensions", "parlour", "era"),
    ("extensions", "parlour", "era", "first_year"),
    ("extensions", "parlour", "aliases"),
]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(PLACES), json_values)
def test_any_value_deep_in_a_card_gives_a_card_or_a_sentence(path, value):
    document = copy.deepcopy(V3)
    place = document["data"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    read_or_refuse(write_document(document))


@pytest.mark.parametrize("wanted", [Format.JSON, Format.PNG, Format.CHARX])
def test_flipped_and_missing_bytes_give_a_card_or_a_sentence(wanted):
    whole = exported(V3, wanted)

    @settings(deadline=None, max_examples=200)
    @given(st.integers(0, len(whole) - 1), st.integers(1, 255), st.booleans())
    def damage(at, mask, cut):
        broken = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :]
        read_or_refuse(broken)

    damage()


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"{"]))
def test_random_bytes_give_a_sentence(data, begin):
    read_or_refuse(begin + data)
