"""The ways to reach somebody, in a form that compares."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
_NOT_DIGITS = re.compile(r"\D")


def read_email(text: str) -> str | None:
    """The first e-mail address in a text ("Nom <a@b.fr>" included), in lower case."""
    found = _EMAIL.search(text)
    return found.group().strip(".").lower() if found else None


def read_phone(text: str) -> str | None:
    """A French or foreign phone number as digits: 06 12 34 56 78, +33 6 12 34 56 78 and 0033612345678 are the same."""
    international = text.strip().startswith("+")
    digits = _NOT_DIGITS.sub("", text.replace("(0)", ""))
    if digits.startswith("00"):
        international, digits = True, digits[2:]
    if not 6 <= len(digits) <= 15:
        return None
    if international and digits.startswith("33") and len(digits) == 11:
        return "0" + digits[2:]
    return "+" + digits if international else digits


def same_contact(given: str, *, email: str | None, phone: str | None) -> bool:
    """True when `given` is the e-mail or the phone number kept with a ticket."""
    given_email, given_phone = read_email(given), read_phone(given)
    if given_email is not None and email is not None and given_email == email.lower():
        return True
    return given_phone is not None and phone is not None and given_phone == read_phone(phone)
