"""When two texts are the same."""

from __future__ import annotations

import re

from nlu.normalisation import clean, fold


def comparable(text: str) -> str:
    """A text without accents, case, punctuation and spacing: two texts with the same form are the same phrasing."""
    return " ".join(re.findall(r"\w+", fold(clean(text))))
