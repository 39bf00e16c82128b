"""This process as a whole: how it loads, and what it leaves alone afterwards."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

ARENAS = 2  # of the C library: threads share their free memory, some 100 MB less
_M_ARENA_MAX = -8  # of mallopt(3)
LIVING = 10_000  # objects made and not freed before the collector looks at the youngest


def load_undisturbed() -> None:
    """Until `settle`: nothing that loads is garbage, and looking for some is a tenth of the start."""
    gc.disable()
    with suppress(OSError, AttributeError):  # only the C library of GNU has arenas
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def settle() -> None:
    """Everything is loaded: what loading left behind is freed, what stays is never looked at again by the collector."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LIVING)
    gc.enable()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
