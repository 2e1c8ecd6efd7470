"""The files of towns: those that come with Parlour, and a person's own."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from towns.catalogue import CATALOGUE
from towns.errors import BadTown
from towns.ground import packed
from towns.start import StartTown, load_town

DATA: Final = Path(__file__).parent / "data"


@cache
def default_town() -> StartTown:
    """Return the town that comes with Parlour, read on first use."""
    return read_town(DATA / "default_town.toml")


def read_town(file: Path) -> StartTown:
    """Return the town in a file; what the catalogue lacks beside it comes with Parlour.

    Raises BadTown.
    """
    return load_town(_texts(file), file.name)


@cache
def default_data() -> str:
    """Return the files of the town that comes with Parlour as one text."""
    return read_data(DATA / "default_town.toml")


def read_data(file: Path) -> str:
    """Return the files of a town as one text, which a journal can keep.  Raises BadTown."""
    return packed(_texts(file), file.name)


def data_in(texts: Mapping[str, str], name: str) -> str:
    """Return the files of a town as one text, from texts by file name; `name` is the town's own.

    What the catalogue lacks among them comes with Parlour. Raises BadTown.
    """
    shipped = {file: _text(DATA / file) for file in CATALOGUE if file not in texts}
    whole = {**shipped, **texts}
    load_town(whole, name)
    return packed(whole, name)


def _texts(file: Path) -> dict[str, str]:
    own = {name: file.with_name(name) for name in CATALOGUE}
    files = {name: path if path.exists() else DATA / name for name, path in own.items()}
    return {name: _text(path) for name, path in {**files, file.name: file}.items()}


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadTown([f"{file.name}: this is no UTF-8 text: save it as UTF-8."]) from None
    except OSError as why:
        raise BadTown([f"{file.name}: it cannot be read ({why.strerror}): check it."]) from None
