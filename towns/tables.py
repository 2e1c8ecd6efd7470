"""Reading the files of a town: all note their faults in one list."""

from collections.abc import Mapping, Sequence

from games.core.tables import Table, parsed
from towns.errors import BadTown


def read_tables(names: Sequence[str], texts: Mapping[str, str]) -> Sequence[Table]:
    """Return each file as a table; all note their faults in one list.  Raises BadTown."""
    faults: list[str] = []
    tables = [Table(_parsed(name, texts, faults), name, "", faults) for name in names]
    if faults:  # what does not stand in a broken file would be missed everywhere else
        raise BadTown(faults)
    return tables


def _parsed(name: str, texts: Mapping[str, str], faults: list[str]) -> Mapping[str, object]:
    if name not in texts:
        faults.append(f"{name}: the file is missing: put it beside the others.")
        return {}
    try:
        return parsed(texts[name])
    except ValueError as why:
        faults.append(f"{name}: this is no valid TOML ({why}): correct it there.")
        return {}
