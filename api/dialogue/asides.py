"""What people say beside a question of a form: why it is asked, that it is not understood."""

from __future__ import annotations

import re
from typing import Literal

from nlu.dialogue_acts import comparable

Aside = Literal["why", "lost"]

_WHY = re.compile(r"\b(?:pourquoi|a quoi (?:ca|cela) sert|pour quoi faire|c'est pour quoi|ca sert a quoi|en quoi)\b")
_WHY_WORDS = 9
_LOST = re.compile(
    r"(?:mais )?(?:(?:je|j'ai) (?:ne |n'ai )?(?:comprends?|comprend|compris|capte|pige) (?:pas|rien)"
    r"(?: (?:la|votre|cette|ta) question| ce que .*)?"
    r"|(?:c'est|ca veut dire) quoi(?: (?:ca|cela|ce|cette|le|la|un|une|l'|d')?.{0,25})?|.{0,40}\b(?:ca|cela) veut dire(?: quoi)?"
    r"|quoi|hein|pardon|comment(?: ca)?|c'est a dire|gne|euh)"
)


def aside(text: str) -> Aside | None:
    """ "why" for "pourquoi vous demandez ça ?", "lost" for "je ne comprends pas", None for anything else."""
    plain = comparable(text)
    if _LOST.fullmatch(plain):
        return "lost"
    return "why" if "?" in text and _WHY.search(plain) and len(plain.split()) <= _WHY_WORDS else None
