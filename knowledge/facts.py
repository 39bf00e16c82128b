"""Facts that a first message says in passing: what the form would otherwise ask again."""

from __future__ import annotations

import re

from nlu.normalisation import fold

_MASK = re.compile(r"\[[A-ZÉ]+\]")
TELLING = 5  # words from which a message says what it is about
_MARK = re.compile(r"\b(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:/|sur)\s*20\b")
_WORK = re.compile(r"\bdevoirs?\s*(?:n\s*°|n[o°]|numero|num)?\s*(\d{1,2})\b(?!\s*/)")
_AGE = re.compile(r"\b(?:j'ai|il a|elle a|a|age de|agee de|de)\s+(\d{1,2})\s+ans\b")
_EXAM = re.compile(
    r"\b(?:brevet|dnb|bac(?:calaureat)?(?: (?:pro\w*|general|techno\w*))?|crpe|capes|daeu|assr ?[12]?|pix)\b"
)
_DEVICE = re.compile(
    r"\bsur (?:mon|ma|un|une|le|la|l'|son|sa) ?"
    r"(?:(?P<ordinateur>ordi\w*|pc|mac\w*)|(?P<telephone>tel\w*|portable|smartphone|iphone|mobile)|(?P<tablette>tablette|ipad))\b"
)
_UPPER = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
_FULL_NAME = rf"({_UPPER}(?: (?:de|du|la|le|El|Ben))?(?: {_UPPER}){{1,2}})"
_OWN_NAME = re.compile(rf"(?:[Jj]e m'appelle|[Mm]on nom est|[Jj]e me nomme|[Jj]e suis) {_FULL_NAME}")
_CHILD_NAME = re.compile(
    rf"(?:[Mm]on (?:fils|enfant|petit-fils|gar[çc]on)|[Mm]a (?:fille|petite-fille)"
    rf"|(?:maman|papa|m[èe]re|p[èe]re|parents?) (?:de |d')|l'[ée]l[èe]ve|(?:[Ii]l|[Ee]lle) s'appelle),? ?{_FULL_NAME}"
)
_NUMBER_OF_ORDER = re.compile(r"\b(?:commande|dossier)\b")


def facts_of(text: str, entities: dict[str, str]) -> dict[str, str]:
    """Values by field id that the words of a message give, beside its entities."""
    folded = fold(text)
    facts: dict[str, str] = {}
    if mark := _MARK.search(folded):
        facts["note"] = f"{mark.group(1)}/20"
    if work := _WORK.search(folded):
        facts["devoir"] = ", ".join(filter(None, (f"devoir {work.group(1)}", entities.get("discipline"))))
    if age := _AGE.search(folded):
        facts["age"] = f"{age.group(1)} ans"
    if exam := _EXAM.search(folded):
        facts["examen"] = facts["certification"] = exam.group()
    if device := _DEVICE.search(folded):
        facts["appareil"] = str(device.lastgroup)
    if name := _OWN_NAME.search(text):
        facts["nom"] = name.group(1)
    if child := _CHILD_NAME.search(text):
        facts["nom_eleve"] = child.group(1)
    if (number := entities.get("identifiant")) and _NUMBER_OF_ORDER.search(folded):
        facts["numero_commande"] = number
    return facts


def story_of(text: str) -> str | None:
    """The message itself, when it is long enough to say what the request is about."""
    plain = _MASK.sub("", text).strip(" ,;")
    return plain if len(plain.split()) >= TELLING else None
