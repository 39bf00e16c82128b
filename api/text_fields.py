"""Texts that people send: bounded, without control characters, storable."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

LONGEST_TEXT = 10_000  # characters; beyond, the request is refused as too large
_CONTROL = {code: " " for code in (*range(32), 127) if chr(code) not in "\n\t"}


def storable(text: str) -> str:
    """The text without control characters (PostgreSQL refuses NUL), line ends unified, trimmed."""
    if any("\ud800" <= character <= "\udfff" for character in text):  # half a character: JSON lets it through
        raise PydanticCustomError("text_unreadable", "lone surrogate")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL).strip()


def _message(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise PydanticCustomError("text_too_long", "text over {limit} characters", {"limit": LONGEST_TEXT})
    return not_empty(storable(text))


def not_empty(text: str) -> str:
    """Refuses a text with nothing in it."""
    if not text:
        raise PydanticCustomError("text_empty", "empty text")
    return text


def _line(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise PydanticCustomError("text_too_long", "text over {limit} characters", {"limit": LONGEST_TEXT})
    return " ".join(storable(text).split())[:500]


MessageText = Annotated[str, AfterValidator(_message)]
"""A learner's text: 1 to 10,000 characters once trimmed."""

Line = Annotated[str, AfterValidator(_line)]
"""One line (a subject, a name, an address): spaces collapsed, cut at 500 characters."""

SearchWords = Annotated[str, Query(max_length=500), AfterValidator(_line)]
"""A query parameter of one line."""
