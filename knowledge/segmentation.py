"""Cutting a message that may hold several requests into the pieces that each hold one."""

from __future__ import annotations

import re

from nlu.normalisation import body, clean, fold

_ANOTHER = (
    r"(?:et )?(?:aussi|sinon|par ailleurs|d'autre part|en plus|au passage|autre (?:chose|question|point|souci|sujet)|deuxiemement|troisiemement"
    r"|ensuite|enfin|egalement|j'en profite|tant que j'y suis|et puis|dernier point|derniere (?:chose|question)|p\.?s\.?)"
)
_CUE = re.compile(
    rf"(?:^|[\s,.;:(-]){_ANOTHER}\b|\?[^?]{{8,}}\?|(?m:^\s*(?:\d[.)°-]|[-•*])\s)|\bd'une part\b|\bplusieurs (?:questions|points|choses|demandes)\b|\b(?:deux|trois) (?:questions|points|choses|demandes|soucis|problemes)\b"
)
_CUT = re.compile(
    rf"(?<=[.!?;])\s+|\n+|(?m:^\s*(?:\d[.)°-]|[-•*])\s)|,?\s+(?=(?:{_ANOTHER})\b)|\s+(?=et (?:est-ce|comment|ou |quand|combien|pourquoi|je (?:voudrais|n'ai|ne|veux)|mon |ma |mes |on |pour )\b)",
    re.IGNORECASE,
)
_MINIMUM = 15  # characters
MOST = 8


def segments(text: str) -> list[str]:
    """Pieces of a message that gives a sign of holding several requests; the message alone when it gives none."""
    content = body(clean(text))
    if not _CUE.search(fold(content)):
        return [content]
    pieces: list[str] = []
    for piece in _CUT.split(content):
        if len(piece.strip()) >= _MINIMUM:
            pieces.append(piece.strip())
    return pieces[:MOST] or [content]
