"""The last look before a ticket is kept: no e-mail, phone, NIR, IBAN or card number outside its contact columns."""

from __future__ import annotations

from typing import Any

from nlu.personal_data import MASKS, find

KEPT = frozenset({"ine"})  # the national student number is what a registration is found by


def masked_value(value: Any) -> Any:
    """The value with what may not be kept masked, however deep it stands."""
    if isinstance(value, str):
        return _masked_text(value)
    if isinstance(value, dict):
        return {key: masked_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked_value(inner) for inner in value]
    return value


def masked_answer(text: str) -> str:
    """What staff write, without what nobody needs to keep; the address or number that they tell to use stays."""
    return _masked_text(text, kept=KEPT | {"courriel", "telephone"})


def _masked_text(text: str, kept: frozenset[str] = KEPT) -> str:
    parts: list[str] = []
    end = 0
    for piece in find(text):
        if piece.kind not in kept:
            parts += [text[end : piece.start], MASKS[piece.kind]]
            end = piece.end
    return "".join([*parts, text[end:]])
