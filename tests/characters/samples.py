"""Cards that use every field of their specification, and pictures to put them into."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from characters.documents import write_document

V1 = {
    "name": "Zoë",
    "description": "{{char}} keeps bees.",
    "personality": "calm",
    "scenario": "a garden",
    "first_mes": "Mind the hive.",
    "mes_example": "<START>\n{{user}}: Hello\n{{char}}: Hush.",
    "avatar": None,
    "create_date": "2023-1-2 @03h",
}
BOOK = {
    "name": "Bees",
    "description": "About bees",
    "scan_depth": 3,
    "token_budget": 500,
    "recursive_scanning": True,
    "extensions": {"other/program": {"kept": [1, 2.5, None]}},
    "entries": [
        {
            "keys": ["hive", "пчела"],
            "content": "@@depth 4\n@@@role user\nThe hive is blue.",
            "extensions": {"position": 4},
            "enabled": True,
            "insertion_order": -1.5,
            "case_sensitive": False,
            "name": "hive",
            "priority": 7,
            "id": "a-7",
            "comment": "keep",
            "selective": True,
            "secondary_keys": ["blue"],
            "constant": False,
            "position": "after_char",
            "use_regex": False,
            "from_the_future": {"x": []},
        },
        {"keys": ["/hon(ey|i)/i"], "content": "Honey.", "extensions": {}, "enabled": False,
         "insertion_order": 2, "use_regex": True},
    ],
}  # fmt: skip
V2 = {
    "spec": "chara_card_v2",
    "spec_version": "2.0",
    "name": "beside the data, as some programs write it",
    "data": {
        **{name: text for name, text in V1.items() if name not in ("avatar", "create_date")},
        "creator_notes": "For the garden.",
        "system_prompt": "{{original}} Be calm.",
        "post_history_instructions": "Stay calm.",
        "alternate_greetings": ["Hello.", "Oh!"],
        "character_book": BOOK,
        "tags": ["bees", "garden"],
        "creator": "Ann",
        "character_version": "1.2",
        "extensions": {"talkativeness": "0.75", "fav": True, "depth_prompt": {"depth": 4}},
    },
}
V3 = {
    "spec": "chara_card_v3",
    "spec_version": "3.0",
    "data": {
        **V2["data"],
        "assets": [
            {"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"},
            {"type": "emotion", "uri": "https://example.org/a.webp", "name": "joy", "ext": "webp"},
        ],
        "nickname": "Zo",
        "creator_notes_multilingual": {"de": "Für den Garten."},
        "source": ["https://example.org/zoe"],
        "group_only_greetings": ["So many!"],
        "creation_date": 1700000000,
        "modification_date": 1700000001.5,
        "extensions": {
            "talkativeness": 0.25,
            "parlour": {
                "aliases": ["Zoe", "Зоя"],
                "talkativeness": 0.5,
                "born": "470 BC",
                "died": "399 BC",
                "era": {"first_year": -470, "last_year": -399, "knows": "bees",
                        "cannot_know": "cars", "manner": "asks"},
                "now": {"place": "garden", "time": "noon", "status": "{{char}} waits"},
                "life": [{"year": -432, "date": "spring", "place": "here", "people": ["Bo"],
                          "scene": "It rained.", "source": "Bo 1.2"}],
                "sources": ["Bo"],
                "unknown": {"deep": [[[1]]]},
            },
        },
        "null": None,
        "numbers": [0, -0.0, 1.0, 1e-9, 123456789012345678901234567890, 3.141592653589793],
        "odd text": "half \ud800 a pair, \u0000, \u2028, 👩‍👩‍👧, e\u0301",
        "true": True,
    },
    "beside": {"kept": True},
}  # fmt: skip
EACH = {"V1": V1, "V2": V2, "V3": V3}


def picture(size=(4, 4), colour=(9, 99, 199), **more):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG", **more)
    return file.getvalue()


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunks(*chunks, image=None):
    """Return a picture with chunks right before its end."""
    image = image or picture()
    return image[:-12] + b"".join(chunks) + image[-12:]


def archive(files, **how):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **how) as opened:
        for path, data in files.items():
            opened.writestr(path, data)
    return file.getvalue()


def minimal(**data):
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Bo", **data}}


def as_bytes(document):
    return write_document(document)
