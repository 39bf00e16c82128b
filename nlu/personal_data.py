"""Personal data in a message: found by shape and checksum, then masked. The rules are French; keys are verified."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from stdnum import iban, luhn
from stdnum.fr import nir

PersonalKind = Literal["courriel", "telephone", "nir", "ine", "iban", "carte"]
MASKS: dict[PersonalKind, str] = {
    "courriel": "[COURRIEL]",
    "telephone": "[TÉLÉPHONE]",
    "nir": "[NIR]",
    "ine": "[INE]",
    "iban": "[IBAN]",
    "carte": "[CARTE]",
}
# The institution's own number and the public help lines stay readable: they belong to nobody.
PUBLIC_NUMBERS = frozenset({"+33549499494"})

_EMAIL = re.compile(r"[\w.+'-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Za-z]{2}[ \u00a0.-]?\d{2}(?:[ \u00a0.-]?[A-Za-z0-9]{1,4}){3,8}\b")
_NIR = re.compile(r"(?<!\d)[1-478](?:[ .\u00a0-]?\d){1,4}[ .\u00a0-]?(?:\d{2}|2[ABab])(?:[ .\u00a0-]?\d){8,9}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d(?:[ .\u00a0-]?\d){12,18}(?!\d)")
_INE = re.compile(r"(?<![0-9A-Za-z])(?:\d{9}[ ]?[A-Za-z]{2}|\d{10}[ ]?[A-Za-z])(?![0-9A-Za-z])")
_SEPARATORS = re.compile(r"[\s.\u00a0-]")


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: characters [start, end) of the text, and its value without separators."""

    kind: PersonalKind
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text in which each piece of personal data is replaced by its mask, and what was found in the original."""

    text: str
    found: tuple[Found, ...]


def find(text: str) -> tuple[Found, ...]:
    """Personal data of a text, in order, without overlap; where two readings overlap the longer one wins."""
    candidates = sorted(_candidates(text), key=lambda f: (f.start - f.end, f.start))
    kept: list[Found] = []
    for found in candidates:
        if all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    return tuple(sorted(kept, key=lambda f: f.start))


def mask(text: str) -> Masked:
    """`text` with its personal data masked."""
    found = find(text)
    parts: list[str] = []
    end = 0
    for piece in found:
        parts += [text[end : piece.start], MASKS[piece.kind]]
        end = piece.end
    return Masked("".join([*parts, text[end:]]), found)


def _candidates(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield Found("courriel", match.start(), match.end(), re.sub(r"\s|\(at\)|\[at\]", _at, match.group()))
    if sum(c.isdigit() for c in text) < 9:
        return
    for match in _IBAN.finditer(text):
        if found := _iban(text, match):
            yield found
    for match in _NIR.finditer(text):
        if nir.is_valid(match.group()):
            yield Found("nir", match.start(), match.end(), nir.compact(match.group()))
    for match in _CARD.finditer(text):
        digits = _SEPARATORS.sub("", match.group())
        if luhn.is_valid(digits) and len(set(digits)) > 1:
            yield Found("carte", match.start(), match.end(), digits)
    for match in _INE.finditer(text):
        yield Found("ine", match.start(), match.end(), match.group().replace(" ", "").upper())
    yield from _phones(text)


def _at(match: re.Match[str]) -> str:
    return "" if match.group().isspace() else "@"


def _iban(text: str, match: re.Match[str]) -> Found | None:
    """The longest valid IBAN that starts here: the pattern may have swallowed the following word."""
    end = match.end()
    while end - match.start() >= 15:
        value = _SEPARATORS.sub("", text[match.start() : end]).upper()
        if iban.is_valid(value):
            return Found("iban", match.start(), end, value)
        end -= 1
    return None


def _phones(text: str) -> Iterator[Found]:
    for match in phonenumbers.PhoneNumberMatcher(text, "FR"):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        if number not in PUBLIC_NUMBERS and len(number) > 8:
            yield Found("telephone", match.start, match.end, number)
