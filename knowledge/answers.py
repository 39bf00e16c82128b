"""Reading the answer to one question of the form: free text in, the value that the team reads out, or a kind refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.service_types import Field
from nlu.dialogue_acts import comparable, dialogue_act
from nlu.entities import load_recogniser
from nlu.normalisation import clean, fold
from nlu.personal_data import MASKS, find

MAX_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that can't be taken; `message` says to the person what is expected."""

    field: str
    message: str


_TIME_WORDS = re.compile(
    r"\b(?:hier|aujourd'hui|demain|semaines?|mois|annee|jours?|debut|fin|mi|ete|rentree|vacances|noel|paques|printemps|automne|hiver|matin|soir"
    r"|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
)


def read_answer(field: Field, text: str) -> str | Refusal:
    """The value said by `text` for a field: its choice id, "oui"/"non", a canonical level, else the person's own words."""
    text = clean(text)
    if not any(c.isalnum() for c in text):
        return Refusal(field.id, "Je n'ai pas reçu de réponse. Vous pouvez répondre ou passer cette question.")
    if len(text) > MAX_LENGTH:
        return Refusal(
            field.id, f"Votre réponse est trop longue pour cette question ({MAX_LENGTH} caractères au plus)."
        )
    return _READERS[field.kind](field, text)


def _text(field: Field, text: str) -> str | Refusal:
    return text


def _date(field: Field, text: str) -> str | Refusal:
    if any(c.isdigit() for c in text) or _TIME_WORDS.search(fold(text)):
        return text
    return Refusal(
        field.id,
        "Je n'ai pas reconnu de date. Vous pouvez écrire par exemple « 12 octobre » ou « la semaine dernière ».",
    )


def _choice(field: Field, text: str) -> str | Refusal:
    plain = comparable(text)
    for rank, (choice, label) in enumerate(field.choices, 1):
        if plain in (choice, comparable(label), str(rank)):
            return choice
    matches = [c for c, label in field.choices if _says(plain, label)]
    if len(matches) == 1:
        return matches[0]
    if field.id == "demandeur":
        who = [e.value for e in load_recogniser().find(text) if e.label == "qui"]
        if who and who[0] in dict(field.choices):
            return who[0]
    expected = ", ".join(label for _, label in field.choices)
    return Refusal(field.id, f"Je n'ai pas compris votre réponse. Les réponses possibles sont : {expected}.")


def _says(plain: str, label: str) -> bool:
    words = [w for w in comparable(label).split() if len(w) > 3]
    return any(re.search(rf"\b{re.escape(w)}", plain) for w in words)


def _contact(field: Field, text: str) -> str | Refusal:
    found = [f.value for f in find(text) if f.kind in ("courriel", "telephone")]
    if found:
        return found[0]
    if MASKS["courriel"] in text or MASKS["telephone"] in text:
        return text
    return Refusal(
        field.id, "Je n'ai pas reconnu d'adresse de courriel ni de numéro de téléphone. Pouvez-vous vérifier ?"
    )


def _level(field: Field, text: str) -> str | Refusal:
    entities = load_recogniser().find(text)
    named = [e.value for e in entities if e.label == "niveau"] or [e.value for e in entities if e.label == "formation"]
    if named:
        return named[-1]
    return Refusal(
        field.id,
        "Je n'ai pas reconnu la classe ou la formation. Exemples : « CM2 », « 4e », « terminale », « BTS ».",
    )


def _identifier(field: Field, text: str) -> str | Refusal:
    if MASKS["ine"] in text:
        return text
    match = re.search(r"[A-Za-z]{0,3}-?\d[\d -]{2,14}\w?", text)
    if match:
        return match.group().replace(" ", "").strip("-")
    return Refusal(field.id, "Je n'ai pas reconnu de numéro. Si vous ne l'avez pas, écrivez « passer ».")


def _yes_no(field: Field, text: str) -> str | Refusal:
    act = dialogue_act(text)
    plain = comparable(text)
    if act == "affirm" or re.match(r"(?:oui|ouais|si|deja|c'est fait|bien sur)\b", plain):
        return "oui"
    if act == "deny" or re.match(r"(?:non|pas|jamais|aucun|pas encore|je n'ai pas)\b", plain):
        return "non"
    return Refusal(field.id, "Vous pouvez répondre par oui ou par non.")


_READERS: dict[str, Callable[[Field, str], str | Refusal]] = {
    "texte": _text,
    "date": _date,
    "choix": _choice,
    "contact": _contact,
    "niveau": _level,
    "identifiant": _identifier,
    "oui_non": _yes_no,
}
