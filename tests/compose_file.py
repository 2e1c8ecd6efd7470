"""Reads as much of YAML as compose.yaml uses, and refuses the rest.

Mappings and lists by indentation, flow lists and flow mappings on one line, and plain or double
quoted scalars: true, false, whole numbers and text.
"""

import json
import re

PAIR = re.compile(r"([\w.-]+):(?:\s+(.*))?$")


def parse(text):
    """Return the document as dicts, lists and scalars.  Raises ValueError."""
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    document, rest = _block(lines)
    if rest:
        raise ValueError(f"what is {rest[0][1]!r}?")
    return document


def _block(lines):
    """Return the value that begins on the first line, and the lines after it."""
    indent, first = lines[0]
    made = [] if first.startswith("- ") else {}
    while lines and lines[0][0] == indent:
        _, line = lines[0]
        if isinstance(made, list):
            item = line.removeprefix("- ")
            if item == line:
                raise ValueError(f"{line!r} is no item of a list")
            if PAIR.match(item) and not item.startswith('"'):
                value, lines = _block([(indent + 2, item), *lines[1:]])
            else:
                value, lines = _scalar(item), lines[1:]
            made.append(value)
            continue
        if not (pair := PAIR.match(line)):
            raise ValueError(f"{line!r} is no pair")
        name, value = pair.groups()
        if name in made:
            raise ValueError(f"{name} stands twice")
        if value is None:
            made[name], lines = _block(lines[1:])
        else:
            made[name], lines = _scalar(value), lines[1:]
    if lines and lines[0][0] > indent:
        raise ValueError(f"{lines[0][1]!r} is too far in")
    return made, lines


def _scalar(text):
    if text.startswith("{"):
        text = re.sub(r"([\w-]+):", r'"\1":', text)
    if text[0] in '{["':
        return json.loads(text)
    if text in ("true", "false"):
        return text == "true"
    if re.search(r"""[&*!|>%@`']|: |\s#""", text):
        raise ValueError(f"{text!r} needs more YAML than is read here")
    return int(text) if text.isdigit() else text
