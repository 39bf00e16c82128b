"""A ticket reference in the middle of a sentence."""

from __future__ import annotations

import re

from api.tickets.reference import read_reference

FEW_WORDS = 4
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


def cites_a_ticket(text: str) -> bool:
    """True for a reference and little else, or for what looks like one beside the (masked) contact that goes with it."""
    if len(text.split()) > FEW_WORDS:
        return False
    if "[COURRIEL]" in text or "[TÉLÉPHONE]" in text:
        return find_shape(text)
    return any(c.isalpha() for c in text) and any(c.isdigit() for c in text) and find_reference(text) is not None
