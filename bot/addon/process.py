"""Rasa's process as a whole: once the model is loaded, what stays is left alone."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Any

import rasa.core.run

LIVING = 10_000  # objects made and not freed before the collector looks at the youngest
_load = rasa.core.run.load_agent_on_start


def install() -> None:
    """Add `settle` after Rasa's own loading."""
    rasa.core.run.load_agent_on_start = load_and_settle


async def load_and_settle(*given: Any) -> Any:
    """Rasa's agent."""
    agent = await _load(*given)
    settle()
    return agent


def settle() -> None:
    """What loading left behind is freed; what stays, a million objects of libraries, the collector never reads again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LIVING)
    gc.enable()
    with suppress(OSError, AttributeError):  # only the C library of GNU can give memory back
        ctypes.CDLL(None).malloc_trim(0)
