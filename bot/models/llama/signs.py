"""Whether llama.cpp has computed anything since one last looked.

Between any two operations on the processor it calls an abort callback. The C library's sigemptyset
is given as one: it empties the mark that it gets and returns 0, which means to go on. So no Python
runs there, and no lock is taken. Operations on a GPU give no sign.
"""

import ctypes
from typing import Any, Final

from bot.models.llama.library import lib

_BYTES: Final = 128
"""The largest sigset_t there is."""
_mark = (ctypes.c_uint8 * _BYTES)()


def _sigemptyset() -> Any:
    try:
        return ctypes.CDLL(None).sigemptyset
    except (AttributeError, OSError, TypeError):  # Windows
        return None


_empty = _sigemptyset()


def give_signs(context: Any) -> None:
    """Let the computations of a context of llama.cpp be seen."""
    if _empty is not None:
        callback = ctypes.cast(_empty, lib.ggml_abort_callback)
        lib.llama_set_abort_callback(context, callback, ctypes.byref(_mark))


def signs_come(gpu_layers: int) -> bool:
    """Tell whether every operation of a model gives a sign."""
    return _empty is not None and (gpu_layers == 0 or not lib.llama_supports_gpu_offload())


def has_computed() -> bool:
    """Tell whether an operation has ended since this was last asked."""
    computed = not _mark[0]
    _mark[0] = 1
    return computed
