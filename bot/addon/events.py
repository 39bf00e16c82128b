"""Events by their name, found once: Rasa walks the tree of event classes for each event of each tracker it reads."""

from __future__ import annotations

from functools import lru_cache

from rasa.shared.core.events import Event

_resolve = Event.resolve_by_type


def install() -> None:
    """Remember what Rasa's own method finds."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=128)(_resolve))
