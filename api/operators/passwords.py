"""Passwords: argon2id, never compared nor kept in clear."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
_HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106 for limited memory
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else


class WeakPassword(ValueError):
    """A password that is too short or too long; the message says it in French."""


def hash_password(password: str) -> str:
    """The argon2id hash to keep. 50 ms of processor and 64 MiB on purpose: call it in a thread.

    Raises:
        WeakPassword: fewer than 12 characters or more than 200.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"Un mot de passe a de {SHORTEST} à {LONGEST} caractères.")
    return _HASHER.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password has this hash. Without a hash it takes the same time and is always wrong."""
    try:
        matches = _HASHER.verify(password_hash or _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def random_password() -> str:
    """Four groups of five easy characters: 100 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe())
