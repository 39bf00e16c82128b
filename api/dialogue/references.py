"""A ticket reference in the middle of a sentence."""

from __future__ import annotations

import re

from api.tickets.reference import read_reference

_CANDIDATE = re.compile(
    r"\b[A-Za-z0-9]{4}-[A-Za-z0-9]{4}\b|\b(?=[A-Z]*\d)[A-Z0-9]{8}\b|\b(?=[A-Z]*\d)[A-Z0-9]{4} [A-Z0-9]{4}\b"
)


def find_shape(text: str) -> bool:
    """True when a text holds what looks like a reference, right or wrong."""
    return _CANDIDATE.search(text.upper()) is not None


def find_reference(text: str) -> str | None:
    """The reference that a text is, or holds."""
    candidates = [text, *_CANDIDATE.findall(text)]
    return next((reference for c in candidates if (reference := read_reference(c)) is not None), None)
