"""The token of a conversation: random, given once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits, safe in a header and in a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is kept. The token is random, so a plain SHA-256 can't be reversed."""
    return hashlib.sha256(token.encode()).digest()


def token_matches(token: str, kept: bytes) -> bool:
    """True when `token` is the one that `kept` was made from; takes the same time either way."""
    return hmac.compare_digest(token_hash(token), kept)
