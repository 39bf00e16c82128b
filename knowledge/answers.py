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
NAME_WORDS = 6
ADDRESS_WORDS = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that can't be taken; `message` says to the person what is expected."""

    field: str
    message: str


_TIME_WORDS = re.compile(
    r"\b(?:hier|aujourd'hui|demain|semaines?|mois|an|ans|annees?|jours?|debut|fin|mi|ete|rentree|vacances|noel|paques"
    r"|printemps|automne|hiver|matin|soir|veille|longtemps|recemment|tout a l'heure"
    r"|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
)
_ASKS_YES_NO = re.compile(r"\b(?:avez-vous|y a-t-il|a-t-il|a-t-elle|est-elle)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"^(?:(?:oui|non|alors|euh|bonjour)[ ,]+)*(?:(?:je m'appelle|je me nomme|moi c'est|je suis|c'est|il s'appelle|elle s'appelle"
    r"|(?:mon|son|le|leur) (?:pr[ée]nom|nom)(?: de famille)?(?: et (?:mon |son )?(?:pr[ée]nom|nom))?"
    r"|nom(?: et pr[ée]nom)?|l'[ée]l[èe]ve"
    r"|mon (?:fils|enfant|gar[çc]on|petit-fils)|ma (?:fille|petite-fille)|s'appelle|est|pour)[ :,]+)*",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(r"[ ,;.]+(?:merci|svp|stp|s'il vous pla[iî]t|voil[àa])\b.*$", re.IGNORECASE)
# Words of sentences, which no name has.
_SENTENCE = re.compile(
    r"\b(?:je|j'|tu|il|elle|on|nous|vous|pas|est|suis|ai|c'est|mes|votre|vos|que|qu'|qui|quoi|pourquoi|comment|quand|combien|oui|non|merci"
    r"|bonjour|envoyez|demande|peux|veux|faut|changer|modifier|corriger|dans|avec|parler|probleme|question|classe|niveau|mail|colis|inscription"
    r"|en|fois|un|une|des|deux|trois|sur|page|erreur|cours|livres?)(?:\b|(?<='))"
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


def asks_yes_no(field: Field) -> bool:
    """True when a bare "non" answers the question ("Avez-vous vu une erreur ? Laquelle ?")."""
    return field.kind == "oui_non" or _ASKS_YES_NO.search(field.question) is not None


def choices_said(field: Field, text: str) -> list[str]:
    """Ids of the choices that a text names by their label or their words, those of the longest match only."""
    plain = comparable(text)
    found: dict[str, int] = {}
    more = dict(field.words)
    for choice, label in field.choices:
        words = [w for w in comparable(label).split() if len(w) > 3 and w not in _EMPTY_WORDS]
        for word in (*words, *more.get(choice, ())):
            if _says(plain, word):
                found[choice] = max(found.get(choice, 0), len(word))
    longest = max(found.values(), default=0)
    return [choice for choice, length in found.items() if length == longest]


_EMPTY_WORDS = frozenset({"autre", "moyen", "pour", "dans", "leur", "sais", "personne", "cours", "classe", "complete"})


def _says(plain: str, word: str) -> bool:
    if word.startswith("="):
        return plain == comparable(word[1:])
    return re.search(rf"\b{re.escape(comparable(word))}\b", plain) is not None


def _story(field: Field, text: str) -> str | Refusal:
    if dialogue_act(text) == "affirm":
        return Refusal(field.id, "Pouvez-vous préciser, en une phrase ?")
    return text


def _text(field: Field, text: str) -> str | Refusal:
    if text.endswith("?"):
        return Refusal(
            field.id, "Je ne sais pas vous répondre là-dessus. La personne qui lira votre demande le pourra."
        )
    return _story(field, text)


def _address(field: Field, text: str) -> str | Refusal:
    if len(text.split()) >= ADDRESS_WORDS and any(c.isdigit() for c in text) and not text.endswith("?"):
        return text
    return Refusal(field.id, "Il me faut l'adresse complète : le numéro, la rue, le code postal et la ville.")


def _name(field: Field, text: str) -> str | Refusal:
    value = _NAME_ENDS.sub("", _NAMED.sub("", text)).strip(" .,;:")
    words = value.split()
    sentence = _SENTENCE.search(fold(value)) or any(c.isdigit() for c in value) or "?" in text or "[" in text
    if words and len(words) <= NAME_WORDS and not sentence and dialogue_act(value) is None and len(value) > 1:
        return value
    return Refusal(field.id, "Il me faut un prénom et un nom, par exemple « Léa Martin ». Vous pouvez aussi passer.")


def _date(field: Field, text: str) -> str | Refusal:
    if any(c.isdigit() for c in text) or _TIME_WORDS.search(fold(text)):
        return text
    if asks_yes_no(field) and dialogue_act(text) == "deny":
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
    matches = choices_said(field, text)
    if len(matches) == 1:
        return matches[0]
    if field.id == "demandeur":
        who = [e.value for e in load_recogniser().find(text) if e.label == "qui"]
        if who and who[0] in dict(field.choices):
            return who[0]
    expected = ", ".join(label for _, label in field.choices)
    return Refusal(field.id, f"Je n'ai pas compris votre réponse. Les réponses possibles sont : {expected}.")


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
    "adresse": _address,
    "recit": _story,
    "nom": _name,
    "date": _date,
    "choix": _choice,
    "contact": _contact,
    "niveau": _level,
    "identifiant": _identifier,
    "oui_non": _yes_no,
}
