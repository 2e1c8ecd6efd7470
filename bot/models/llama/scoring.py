"""Rating options: how likely each of them is as the continuation of a prompt."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.models.llama.batch import Batch
from bot.models.llama.metrics import Counts
from bot.models.llama.native import Context, Floats
from bot.models.llama.request import Request
from bot.models.llama.sampling import log_softmax

Item = TypeVar("Item")
AT_ONCE: Final = 8
"""Options that are computed together, each in a sequence of its own beyond the conversations'."""


class Rater:
    """Computes options beside the conversations, and leaves nothing behind in the context."""

    def __init__(
        self, context: Context, counts: Counts, batch: Batch, first: int, outputs: int
    ) -> None:
        self._context, self._counts, self._batch = context, counts, batch
        self._first = first
        """The first sequence that no conversation uses."""
        self._outputs = outputs
        """How many logits one batch may ask for."""

    def rate(self, request: Request, logits: Floats) -> list[float] | None:
        """Return each option's log-probability per token; None for want of room.

        `logits` are those after the prompt, all of which has been computed.
        """
        options = request.job.options
        first = log_softmax(logits)
        totals = np.array([first[option[0]] for option in options])
        longer = [index for index, option in enumerate(options) if len(option) > 1]
        for part in _parts(longer, AT_ONCE):
            if not self._rate_together(request, part, totals):
                return None
        lengths = [len(option) for option in options]
        return [float(total) for total in totals / lengths]

    def _rate_together(
        self, request: Request, indices: Sequence[int], totals: NDArray[np.float64]
    ) -> bool:
        """Add what the tokens after the first are worth; False for want of room."""
        options, prompt = request.job.options, request.placed
        sequences = {index: self._first + slot for slot, index in enumerate(indices)}
        for sequence in sequences.values():
            self._context.copy(prompt.number, sequence, prompt.computed)
        steps = [(index, at) for index in indices for at in range(len(options[index]) - 1)]
        try:
            for part in _parts(steps, self._outputs):
                self._batch.clear()
                for index, at in part:
                    token, position = options[index][at], prompt.computed + at
                    self._batch.add(token, position, sequences[index], wanted="last")
                if self._context.decode(self._batch):
                    return False
                self._counts.steps += 1
                for place, (index, at) in enumerate(part):
                    follows = log_softmax(self._context.logits(place))
                    totals[index] += follows[options[index][at + 1]]
        finally:
            for sequence in sequences.values():
                self._context.cut(sequence, 0)
        return True


def _parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[begin : begin + size] for begin in range(0, len(items), size))
