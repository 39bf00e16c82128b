"""Libraries that another library would load although nothing here uses them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """While the block imports, these are not installed, unless they are loaded already."""
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # what Python reads as "not found"
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
