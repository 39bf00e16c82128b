"""The language of a message: French, English, or another, with lingua; French unless it is plainly not."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from lingua import Language, LanguageDetector, LanguageDetectorBuilder
from wordfreq import get_frequency_dict, get_frequency_list, top_n_list

from nlu.normalisation import clean, expand

MessageLanguage = Literal["fr", "en", "other"]
_LANGUAGES = (
    Language.FRENCH, Language.ENGLISH, Language.SPANISH, Language.GERMAN, Language.ITALIAN, Language.PORTUGUESE,
    Language.ARABIC,
)  # fmt: skip
_OTHERS = ("en", "es", "de", "it", "pt")
_MINIMUM_WORDS = 4
_MINIMUM_CONFIDENCE = 0.7
_OWN_NAMES = frozenset(
    {
        "cned",
        "bts",
        "cap",
        "bac",
        "ief",
        "sms",
        "copiesenligne",
        "parcoursup",
        "qualiopi",
        "memomax",
        "login",
        "bug",
        "error",
    }
)
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)  # "c'est", "l'inscription": French, or nearly


def language(text: str) -> MessageLanguage:
    """English where its grammar words outnumber French ones; another language where no common French word stands in the
    text and lingua is at least 70 % sure; else French.

    SMS spellings and names of diplomas look foreign: the doubt goes to French.
    """
    words = [w for w in expand(clean(text)[:400]).replace("'", " ").split() if w not in _OWN_NAMES]
    french, english = (sum(w in known for w in words) for known in (_french_only(), _english_only()))
    if english >= 2 and english > french:  # "how can I register my son": "son" is French too
        return "en"
    if len(words) < _MINIMUM_WORDS or french or _ELISION.search(text):
        return "fr"
    best = _detector().compute_language_confidence_values(clean(text)[:400])[0]
    if best.language == Language.FRENCH or best.value < _MINIMUM_CONFIDENCE:
        return "fr"
    if best.language != Language.ENGLISH:
        return "other"
    return "en" if any(w in _english_only() for w in words) else "fr"


@cache
def _french_only() -> frozenset[str]:
    """Words frequent in French and not in the languages it could be taken for (wordfreq)."""
    foreign = {word for code in _OTHERS for word in _frequent(code, 2000)}
    return frozenset(w for w in _frequent("fr", 2000) if len(w) > 1 and w not in foreign)


@cache
def _english_only() -> frozenset[str]:
    """The grammar words of English that French does not use: without one, a few names only look English."""
    return frozenset(_frequent("en", 150)) - frozenset(_frequent("fr", 1000))


def _frequent(code: str, n: int) -> list[str]:
    """The n most frequent words of a language; wordfreq's whole table is not kept in memory."""
    words: list[str] = top_n_list(code, n, wordlist="small")
    for cached in (get_frequency_dict, get_frequency_list):
        cached.cache_clear()
    return words


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).with_low_accuracy_mode().build()
