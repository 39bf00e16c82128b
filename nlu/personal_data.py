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
_GAP = r"[\s.\u2010-\u2015-]{0,2}"  # between the groups of a number; \s holds the non-breaking and narrow spaces
# In lookaheads, so that a number is found whatever digits or words stand just before it.
_IBAN = re.compile(rf"(?=([A-Za-z]{{2}}{_GAP}\d{_GAP}\d(?:{_GAP}[A-Za-z0-9]){{11,30}}))")
_NIR = re.compile(rf"(?<!\d)(?=([1-478](?:{_GAP}\d){{4}}{_GAP}(?:\d{_GAP}\d|2{_GAP}[ABab])(?:{_GAP}\d){{8}})(?!\d))")
_CARDS = (
    re.compile(rf"(?<!\d)([1-9](?:{_GAP}\d){{12,18}})(?!\d)"),
    re.compile(rf"(?<!\d)(?=([1-9]\d{{3}}(?:{_GAP}\d{{4}}){{3}})(?!\d))"),
    re.compile(rf"(?<!\d)(?=([1-9]\d{{3}}(?:{_GAP}\d{{4}}){{3}}{_GAP}\d{{1,3}})(?!\d))"),
    re.compile(rf"(?<!\d)(?=([1-9]\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}})(?!\d))"),
    re.compile(r"(?<!\d)([1-9]\d{12,18})(?!\d)"),
)
_INE = re.compile(r"(?<![0-9A-Za-z])(\d{9}(?:[A-Za-z]{2}| [A-Z]{2})|\d{10}(?:[A-Za-z]| [A-Z]))(?![0-9A-Za-z'’])")
_SHORT_WORDS = frozenset(
    ["A", "Y", "AI", "AU", "CA", "CE", "DE", "DU", "EN", "ET", "EU", "IL", "JE", "LA", "LE", "MA", "ME", "NE", "NI",
     "ON", "OU", "OÙ", "SA", "SE", "SI", "TA", "TE", "TU", "UN", "VA"]
)  # fmt: skip
_PHONE = re.compile(r"(?<!\d)(?<!\d[-/.])0[1-9](?:[\s./-]{0,2}\d{2}){4}(?!\d)")
_REGIONS = ("FR", "GP", "MQ", "GF", "RE", "YT")  # each overseas department has its own numbers
_SEPARATORS = re.compile(r"[\s.\u2010-\u2015-]")


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
    yield from _ibans(text)
    for match in _NIR.finditer(text):
        value = _SEPARATORS.sub("", match.group(1)).upper()
        if nir.is_valid(value):
            yield Found("nir", *match.span(1), value)
    for match in (m for pattern in _CARDS for m in pattern.finditer(text)):
        digits = _SEPARATORS.sub("", match.group(1))
        if luhn.is_valid(digits) and len(set(digits)) > 1:
            yield Found("carte", *match.span(1), digits)
    yield from _ines(text)
    yield from _phones(text)


def _at(match: re.Match[str]) -> str:
    return "" if match.group().isspace() else "@"


def _ibans(text: str) -> Iterator[Found]:
    """At each start the longest valid IBAN: the pattern may have swallowed the following word."""
    for match in _IBAN.finditer(text):
        start, end = match.span(1)
        while end - start >= 15:
            value = _SEPARATORS.sub("", text[start:end]).upper()
            if text[end - 1].isalnum() and iban.is_valid(value):
                yield Found("iban", start, end, value)
                break
            end -= 1


def _ines(text: str) -> Iterator[Found]:
    """With a space before the letters, "123456789 DE" and "0612345678 A" are rather words after a number."""
    for match in _INE.finditer(text):
        digits, _, letters = match.group(1).partition(" ")
        if not letters or (letters not in _SHORT_WORDS and _local_phone(digits) is None):
            yield Found("ine", *match.span(1), (digits + letters).upper())


def _phones(text: str) -> Iterator[Found]:
    spans = [
        (m.start, m.end, phonenumbers.format_number(m.number, phonenumbers.PhoneNumberFormat.E164))
        for m in phonenumbers.PhoneNumberMatcher(text, "FR")
    ]
    spans += [(m.start(), m.end(), number) for m in _PHONE.finditer(text) if (number := _local_phone(m.group()))]
    for start, end, number in spans:
        if number not in PUBLIC_NUMBERS and len(number) > 8:
            yield Found("telephone", start, end, number)


def _local_phone(written: str) -> str | None:
    """The international form of a ten-digit French number, overseas departments included; None when it is not one."""
    digits = re.sub(r"\D", "", written)
    if len(digits) != 10 or not digits.startswith("0"):
        return None
    for region in _REGIONS:
        number = phonenumbers.parse(digits, region)
        if phonenumbers.is_valid_number_for_region(number, region):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None
