"""Text as people type it, made comparable: clean characters, the body of a mail, SMS spellings, folded forms for models."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import yaml
from mailparser_reply import EmailReplyParser

_SMS_LEXICON = Path(__file__).parent / "data" / "sms.yml"
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
)
_SPACES = re.compile(r"[^\S\n]+")
_WORD = re.compile(r"[^\W_]+(?:'(?=\w))?|\S")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_REPEATED = re.compile(r"(.)\1{2,}")
_QUOTED_LINE = re.compile(r"(?m)^\s*>.*$")
_QUOTE_INTRODUCTION = re.compile(
    r"(?im)^\s*(?:le\b.{0,120}\ba écrit\s*:|-+\s*(?:message d'origine|original message|message transféré)\s*-+"
    r"|de\s*:.{0,80}\n\s*(?:envoyé|à|date)\s*:).*",
    re.DOTALL,
)
_CLOSING = re.compile(
    r"(?ims)\n\s*(?:(?:bien |très |avec mes salutations |sentiments? )?(?:cordialement|respectueusement)|cdlt|bien à vous"
    r"|sincères? salutations|salutations distinguées"
    r"|je vous prie d'agréer|veuillez (?:agréer|recevoir|croire)|envoyé de(?:puis)? mon)\b.*$"
)


def clean(text: str) -> str:
    """Same text with plain quotes and dashes, single spaces and no invisible or control character; newlines stay."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text).translate(_TYPOGRAPHY)
    return _SPACES.sub(" ", text).strip()


def body(text: str) -> str:
    """What the person wrote in a mail: quoted replies, closing formula and signature left out.

    A text without such parts comes back as it is; a mail that would be left empty too.
    """
    if "\n" not in text:
        return text
    latest = EmailReplyParser(languages=["fr", "en"]).read(text=text).latest_reply or text
    latest = _QUOTED_LINE.sub("", _QUOTE_INTRODUCTION.sub("", latest))
    latest = _CLOSING.sub("", latest).strip()
    return latest or text


def fold(text: str) -> str:
    """Lower case, without accents, letters repeated more than twice shortened: the form that models compare."""
    if text.isascii():
        return _REPEATED.sub(r"\1\1", text.lower())
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    without_accents = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _REPEATED.sub(r"\1\1", without_accents)


@cache
def sms_lexicon() -> dict[str, str]:
    """SMS spelling → plain French, from `nlu/data/sms.yml`.

    A spelling with an accent stands for that spelling alone: "jé" is "j'ai", and "je" is left as it is.
    """
    entries: dict[str, str] = yaml.safe_load(_SMS_LEXICON.read_text(encoding="utf-8"))
    return {unicodedata.normalize("NFC", str(short).lower()): str(full) for short, full in entries.items()}


@lru_cache(maxsize=64)  # one message is read by several detectors
def expand(text: str) -> str:
    """`text` folded, its SMS spellings written in full ("jarrive pas" → "je n'arrive pas"); acronyms and the rest unchanged."""
    lexicon = sms_lexicon()
    lowered = _REPEATED.sub(r"\1\1", unicodedata.normalize("NFC", text).lower())
    tokens: list[str] = []
    for token in _WORD.findall(lowered):
        folded = fold(token)
        tokens.append(lexicon.get(token, lexicon.get(folded, folded)))
    return re.sub(r"(?<=')\s+", "", _HYPHEN.sub(" - ", " ".join(filter(None, tokens))))
