"""What the learner answers with: the free text, always, and the right input beside it when a question is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from api.widget.levels import LEVELS
from knowledge.service_types import Catalogue, Field

MOST_BUTTONS = 5  # a longer list of choices is a select: one tap is worth more than one list, up to there
_AUTOCOMPLETE = {"nom": "name", "adresse": "street-address", "pays": "country-name"}
Groups = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Guided:
    """The input of a question. `groups` is for a select: (group label, (value, label)…); one group without a name
    is a flat list."""

    kind: Literal["date", "select", "contact", "identifier", "text"]
    label: str
    groups: Groups = ()


@dataclass(frozen=True, slots=True)
class Composer:
    """The box: its label, what it may be filled with by the browser, and the input beside it."""

    label: str = "Votre message"
    autocomplete: str = "off"
    guided: Guided | None = None


def composer_for(turn: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> Composer:
    """The box for the last turn of the assistant (typed messages)."""
    asked = next((m["asks"] for m in reversed(turn) if m["kind"] == "question" and m.get("asks")), None)
    if asked is None:
        return Composer()
    field = catalogue.fields.get(str(asked))
    guided = _guided(field) if field else None
    label = "Votre réponse" if guided is None else "Ou répondez avec vos mots"
    return Composer(label, _AUTOCOMPLETE.get(str(asked), "off"), guided)


def listed_in_select(turn: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> frozenset[str]:
    """The quick replies that the select already offers."""
    guided = composer_for(turn, catalogue).guided
    if guided is None or guided.kind != "select":
        return frozenset()
    return frozenset(value for _, choices in guided.groups for value, _ in choices)


def what_was_sent(*, choice: str, text: str, value: str = "", email: str = "", phone: str = "") -> str:
    """The message of a form: the button pressed, else the inputs and the words, in that order."""
    if choice.strip():
        return choice
    parts = (_plain_date(value.strip()), email.strip(), phone.strip(), text.strip())
    given = [part for part in parts if part]
    return text if len(given) < 2 and text.strip() else ", ".join(given)


def input_to_correct(field: Field) -> Guided:
    """The input of a line of the recap: there is always one."""
    if field.kind == "oui_non":
        return Guided("select", field.label, (("", (("Oui", "Oui"), ("Non", "Non"))),))
    if field.kind == "choix":
        return Guided("select", field.label, (("", tuple((label, label) for _, label in field.choices)),))
    return _guided(field) or Guided("text", field.label)


def what_was_corrected(*, line: str, value: str = "", email: str = "", phone: str = "") -> str:
    """The message of a line of the recap: its name and the new value; "" when nothing was put in."""
    new = what_was_sent(choice="", text="", value=value, email=email, phone=phone)
    return f"{line} : {new}" if new.strip() else ""


def _guided(field: Field) -> Guided | None:
    if field.kind == "date":
        return Guided("date", field.label)
    if field.kind == "contact":
        return Guided("contact", field.label)
    if field.kind == "identifiant":
        return Guided("identifier", field.label)
    if field.kind == "niveau":
        return Guided("select", field.label, LEVELS)
    if field.kind == "choix" and len(field.choices) > MOST_BUTTONS:
        return Guided("select", field.label, (("", tuple((label, label) for _, label in field.choices)),))
    return None


def _plain_date(value: str) -> str:
    """22/11/2026 for what a date input gives; any other text as it is."""
    try:
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    except ValueError:
        return value
