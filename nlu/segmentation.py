"""Cutting a message into the pieces that may each hold one request."""

from __future__ import annotations

import re

from nlu.normalisation import body, clean

_ANOTHER = "|".join(
    (
        "et aussi", "et sinon", "sinon", "sinn", "par ailleurs", "d'ailleurs", "d'autre part", "en plus", "en \\+", "de plus",
        "au passage", "au fait", "deuxi[eè]mement", "ensuite", "enfin", "[eé]galement", "j'en profite", "et puis", "aussi",
        "autre (?:chose|truc|question|point|souci|sujet|probl[eè]me)", "une autre (?:chose|question)", "tant que j'y suis",
        "derni(?:er|[eè]re) (?:point|chose|question)", "p\\.?s\\.?", "je voudrais aussi", "il me faut(?:drait)? aussi",
    )
)  # fmt: skip
_AND_ASKS = (
    r"et (?:est-ce|esk|comment|cmt|o[uù] |quand|combien|cb |pourquoi|pk |qui |que |quel|savoir|aussi"
    r"|je |j'|jai |jv|mon |ma |mes |on |pour |pr |l[ae] |les |l'|il |c'est |c |y ?a |si |une? |notre |nos |la date)"
)
_LIST_ITEM = r"^\s*(?:\d\s?[.)°/-]|[-•*])\s*"
_CUT = re.compile(
    rf"(?<=[.!?;])(?<!\bp\.)(?<!\bn\.)(?<!\bM\.)\s+|\n+|\s\+\s|(?m:{_LIST_ITEM})|\s(?=\d\s?[)°]\s)|[,(]?\s+(?=(?:{_ANOTHER})\b)|,?\s+(?={_AND_ASKS})",
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
