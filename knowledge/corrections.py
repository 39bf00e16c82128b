"""What a person wants to correct in a request: the field, and the new value when it is said."""

from __future__ import annotations

import re

from knowledge.answers import Refusal, choices_said, read_answer
from knowledge.qualification import ENTITY_FIELDS, Draft
from knowledge.service_types import Catalogue, Field
from nlu.entities import load_recogniser
from nlu.normalisation import fold
from nlu.personal_data import MASKS

SHORT = 6  # words: up to there, the name of a line alone asks to change it
_WISH = re.compile(
    r"\b(?:modifi\w*|chang\w*|corrig\w*|rectifi\w*|remplac\w*|erreur|faute"
    r"|tromp\w*|faux|fausses?|mauvais\w*|incorrect\w*|pas (?:le |la )?bon\w*|plante\w*)\b"
)
_LINK = re.compile(
    r"^\s*(?:,|:|->|=|c'est|est|sont|serait|etait|doit etre|plutôt|plutot|en fait|pas .{1,20}? mais"
    r"|a changer en|à changer en|par|en|-|svp|stp"
    r"|(?:est|sont)? ?(?:faux|fausses?|incorrecte?s?|erronée?s?|mauvais\w*"
    r"|pas (?:le |la )?(?:bon(?:ne)?s?|justes?|corrects?|correctes?))"
    r"|(?:de |du )?(?:l'enfant|l'élève|mon fils|ma fille)|il faut (?:mettre|écrire)|mettez|met(?:s|tre)|s'écrit)*[\s,:]*",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[\s,]+(?:en fait|plut[oô]t|svp|stp|merci|s'il vous pla[iî]t|pas .{1,25})$", re.IGNORECASE)
_NO_VALUE = re.compile(
    r"^(?:pas|plus|svp|stp|merci|s'il vous pla[iî]t|aussi|seulement|n'est|ne|est|d'inscription|de contact)\b",
    re.IGNORECASE,
)
_IN_ORDER = (
    r"\b(?:pas|remplace[rz]?|change[rz]?|modifie[rz]?|corrige[rz]?)\s+(?:le |la |l'|en |de )?{old}"
    r"\s*(?:,|;|:|->|mais|par|en|c'est|plutôt|\s)+(?P<new>\S.*)$"
)
_REVERSED = (
    r"^(?:non\b,?\s*)?(?:c'est\s+|mettez\s+|plutôt\s+)?(?P<new>\S.*?)\s*,?\s*"
    r"(?:au lieu de|à la place de|et non(?: pas)?|et pas|pas)\s+(?:le |la |l')?{old}\b"
)


def find_correction(text: str, draft: Draft, catalogue: Catalogue) -> tuple[str, str | None] | None:
    """The field that the person wants to correct and the new value, None as value when only the field is named.

    "mon niveau c'est 4e" names the field; "non, c'est en 4e" does not, but only one field can hold a level; "pas Durand
    mais Dupont" cites the value.
    """
    return (
        edited_line(text, draft, catalogue)
        or _named(text, draft, catalogue)
        or _contact(text, draft)
        or _by_entity(text, draft)
        or _by_value(text, draft, catalogue)
        or _by_choice(text, draft, catalogue)
    )


def edited_line(text: str, draft: Draft, catalogue: Catalogue) -> tuple[str, str] | None:
    """ "Classe ou niveau : 4e": a line of the recap written again with its whole name, as the page sends it."""
    name, _, value = text.partition(":")
    labels = {fold(catalogue.fields[field].label): field for field in draft.fields}
    field = labels.get(fold(name).strip())
    return (field, value.strip()) if field is not None and value.strip() else None


def _named(text: str, draft: Draft, catalogue: Catalogue) -> tuple[str, str | None] | None:
    folded = fold(text)
    matches = [
        (match, name)
        for name in draft.fields
        for match in re.finditer(rf"\b(?:{'|'.join(_names(catalogue.fields[name]))})\b", folded)
    ]
    if not matches:
        return None
    match, name = max(matches, key=lambda found: len(found[0].group()))
    value = _value(text, match.end(), catalogue.fields[name])
    if value is None and len(folded.split()) > SHORT and not _WISH.search(folded):
        return None
    return name, value


def _contact(text: str, draft: Draft) -> tuple[str, str | None] | None:
    return ("contact", text) if "contact" in draft.fields and _holds_contact(text) else None


def _by_entity(text: str, draft: Draft) -> tuple[str, str | None] | None:
    entities = load_recogniser().find(text)
    for entity in sorted(entities, key=lambda e: e.label == "qui"):
        for name in ENTITY_FIELDS.get(entity.label, ()):
            if name in draft.fields and draft.fields[name].value != entity.value:
                return name, entity.value
    return None


def _by_value(text: str, draft: Draft, catalogue: Catalogue) -> tuple[str, str | None] | None:
    """ "pas Durand mais Dupont", "Dupont au lieu de Durand": the cited words are replaced."""
    for name, kept in draft.fields.items():
        if catalogue.fields[name].kind in ("choix", "contact", "oui_non"):
            continue
        for old in (kept.value, *(word for word in kept.value.split() if len(word) > 2)):
            for shape in (_IN_ORDER, _REVERSED):
                match = old and re.search(shape.format(old=re.escape(old)), text, re.IGNORECASE)
                if match:
                    new = match.group("new").strip(" .,;:")
                    return name, kept.value.replace(old, new) if old in kept.value else new
    return None


def _by_choice(text: str, draft: Draft, catalogue: Catalogue) -> tuple[str, str | None] | None:
    for name, kept in draft.fields.items():
        field = catalogue.fields[name]
        said = choices_said(field, text) if field.kind == "choix" else []
        if len(said) == 1 and said[0] != kept.value:
            return name, said[0]
    return None


def _names(entry: Field) -> list[str]:
    """How people name a field, longest first: its label, its names; without names, one telling word of its label ("courrier")."""
    label = fold(re.sub(r"\s*\(.*?\)", "", entry.label)).strip()
    names = [fold(name) for name in entry.names] or re.findall(r"\w{5,}", label)
    if entry.kind == "date":
        names.append("date")
    return [re.escape(name) for name in sorted({label, *names}, key=len, reverse=True)]


def _value(text: str, position: int, field: Field) -> str | None:
    """What is said after the name of a line; a choice, a level or a contact may also stand before it."""
    value = _ENDS.sub("", _LINK.sub("", text[position:])).strip(" .,;:?")
    if re.search(r"\w", value) and not _NO_VALUE.search(value):
        return value
    if field.kind in ("niveau", "contact") and not isinstance(read_answer(field, text), Refusal):
        return text
    return None


def _holds_contact(text: str) -> bool:
    return MASKS["courriel"] in text or MASKS["telephone"] in text
