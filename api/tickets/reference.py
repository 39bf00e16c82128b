"""Ticket references that are read aloud on the phone and typed on small screens: `K7M4-2PQX`.

Eight characters: seven drawn at random, then a check character (Luhn modulo 22, from python-stdnum). The alphabet has
the ten digits and twelve letters that look like no digit and whose French names are hard to mistake for one another:
no A E I O U, so that no word appears; no B D G T V (heard as P), no N (heard as M), no S Z (heard as F, read as 5, 2),
no L (read as 1).

What the check character guarantees, for a reference that the service issued:
- one wrong character is always detected;
- two adjacent characters swapped are always detected. Luhn misses exactly one pair, the first and the last character
  of the alphabet side by side (`0Y` for `Y0`): no reference where they stand together is issued or accepted.
Other mistakes (two wrong characters, characters swapped at a distance) pass one time in 22, then most likely name no
ticket: 2.4 thousand million references exist.
"""

from __future__ import annotations

import re
import secrets

from stdnum import luhn

ALPHABET = "0123456789CFHJKMPQRWXY"
LENGTH = 8

_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"})
_IGNORED = re.compile(r"[\s.\-_–—/]+")
_FORM = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_BLIND_SPOT = (ALPHABET[0] + ALPHABET[-1], ALPHABET[-1] + ALPHABET[0])


def new_reference() -> str:
    """A reference in the form people see. Whether it is free is for the database to say."""
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        reference = drawn + luhn.calc_check_digit(drawn, alphabet=ALPHABET)
        if not _has_blind_spot(reference):
            return _shown(reference)


def read_reference(typed: str) -> str | None:
    """What somebody typed, in the form people see; None when it can't be a reference of the service.

    Case, spaces, dots and dashes don't matter; O is read 0, I and L are read 1, Z 2, S 5, G 6, B 8 (none of them is in
    the alphabet, so nothing is lost).
    """
    compact = _IGNORED.sub("", typed[:64]).upper().translate(_LOOK_ALIKES)
    if not _FORM.fullmatch(compact) or _has_blind_spot(compact) or not luhn.is_valid(compact, alphabet=ALPHABET):
        return None
    return _shown(compact)


def _has_blind_spot(reference: str) -> bool:
    return any(pair in reference for pair in _BLIND_SPOT)


def _shown(reference: str) -> str:
    return f"{reference[:4]}-{reference[4:]}"
