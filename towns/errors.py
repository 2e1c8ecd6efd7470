"""What can go wrong in a town, sorted by who can put it right.

- TownError
    - BadTown            whoever edits the town's files can: every fault is named at once
    - TransferRefused    the one who pays can: earn first, or ask for less
"""

from collections.abc import Sequence


class TownError(ValueError):
    """A town, or something in it, cannot be as it was wanted; the text is for people."""


class BadTown(TownError):
    """A town's files do not fit together."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        """A sentence each: the file, the table, what is wrong and what to do."""
        super().__init__("\n".join(self.faults))


class TransferRefused(TownError):
    """Money was not moved, and nothing has changed."""
