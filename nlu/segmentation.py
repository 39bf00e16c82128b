"""Cutting a message into the pieces that may each hold one request."""

from __future__ import annotations

import re

from nlu.normalisation import body, clean

_ANOTHER = "|".join(
    (
        "et aussi", "et sinon", "sinon", "par ailleurs", "d'autre part", "en plus", "au passage", "deuxi[eè]mement",
        "autre (?:chose|question|point|souci|sujet)", "ensuite", "enfin", "[eé]galement", "j'en profite", "et puis",
        "tant que j'y suis", "derni(?:er|[eè]re) (?:point|chose|question)", "aussi", "p\\.?s\\.?",
    )
)  # fmt: skip
_AND_ASKS = (
    r"et (?:est-ce|esk|comment|cmt|o[uù] |quand|combien|cb |pourquoi|pk |qui |que |quel"
    r"|je |j'|jai |jv|mon |ma |mes |on |pour |pr |l[ae] )"
)
_LIST_ITEM = r"^\s*(?:\d\s?[.)°/-]|[-•*])\s*"
_CUT = re.compile(
    rf"(?<=[.!?;])\s+|\n+|(?m:{_LIST_ITEM})|\s(?=\d\s?[)°]\s)|[,(]?\s+(?=(?:{_ANOTHER})\b)|,?\s+(?={_AND_ASKS})",
    re.IGNORECASE,
)
_SHORTEST = 15  # characters: a shorter piece belongs to the one before
MOST = 12
MAX_CHARACTERS = 1_500  # of a mail, after its quoted parts are removed


def segments(text: str) -> list[str]:
    """Pieces of a message's own words, in order: its sentences, list items and clauses that open another subject.

    At most `MOST`: the last one holds the rest.
    """
    pieces: list[str] = []
    for piece in _CUT.split(body(clean(text))[:MAX_CHARACTERS]):
        piece = (piece or "").strip(" ,;")
        if pieces and (len(piece) < _SHORTEST or len(pieces) == MOST):
            pieces[-1] = f"{pieces[-1]} {piece}".strip()
        elif piece:
            pieces.append(piece)
    return pieces or [text[:MAX_CHARACTERS]]
