"""Rasa's logs, without what learners wrote: several of its error messages carry the text of the message."""

from __future__ import annotations

from typing import Any

import structlog

# Keys of Rasa's log entries that hold no text of a message and no parsed value.
KEPT = frozenset(
    {"event", "event_info", "level", "logger", "timestamp", "url", "exc_info", "exception", "stack", "_record"}
)
_configure = structlog.configure


def install() -> None:
    """Put the filter first, whenever Rasa configures its logs."""
    structlog.configure = configure


def configure(processors: Any = None, **options: Any) -> None:
    """structlog.configure, with the filter in front."""
    _configure(processors=[without_texts, *(processors or [])], **options)


def without_texts(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with its known harmless keys only."""
    return {key: value for key, value in entry.items() if key in KEPT}
