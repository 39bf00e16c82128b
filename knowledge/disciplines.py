"""A school subject, whatever it is called: "maths", "Mathématiques" and "les math" are the same."""

from __future__ import annotations

from nlu.entities import load_recogniser
from nlu.normalisation import clean, fold


def discipline_of(said: str) -> str:
    """The subject in the form that compares: that of the vocabulary, else what was said; "" for nothing."""
    named = [entity.value for entity in load_recogniser().find(said) if entity.label == "discipline"]
    return fold(clean(named[0] if named else said)).strip()
