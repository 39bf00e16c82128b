"""Pre-qualification: what a request still needs, what an answer fills, and what goes to the team. Pure functions on a draft."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from knowledge.answers import Refusal, read_answer
from knowledge.decisions import Triage
from knowledge.facts import facts_of, story_of
from knowledge.service_types import BASE_FIELDS, Catalogue
from nlu.entities import load_recogniser
from nlu.units import unit

Origin = Literal["said", "deduced", "skipped"]
# Entities of a message that answer fields of the form.
ENTITY_FIELDS: dict[str, tuple[str, ...]] = {
    "niveau": ("niveau",),
    "formation": ("formation",),
    "discipline": ("discipline", "matiere", "matieres"),
    "identifiant": ("identifiant",),
    "qui": ("demandeur",),
}
_DEDUCED = frozenset({"qui"})
# Fields that ask what the request is about: a first message that tells it is not asked to tell it again.
_ABOUT = ("sujet", "objet")
# Types whose requester is not followed by a unit's registration: no name or registration number is asked.
_WITHOUT_REGISTRATION = frozenset({"etablissement_partenaire", "support_assr"})

CALL_BACK = "creneau_rappel"  # the call-back slot: chosen apart, whatever the subject


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value of the form and how it is known. A skipped field has an empty value."""

    value: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Draft:
    """A request being qualified. `key` opens its ticket once; `asked` is the field last asked."""

    key: str
    service_type: str
    fields: dict[str, FieldValue] = field(default_factory=dict)
    asked: str | None = None


def start(service_type: str, *, triage: Triage | None, known: dict[str, str], catalogue: Catalogue) -> Draft:
    """A new draft with all that is already known: from the conversation (`known`, by field id) and from the message."""
    fields = {name: FieldValue(value, "said") for name, value in known.items() if name in catalogue.fields and value}
    draft = Draft(str(uuid.uuid4()), service_type, fields)
    if triage is None:
        return draft
    draft = absorb(draft, triage.entities, catalogue=catalogue, text=triage.masked_text)
    story = story_of(triage.masked_text)
    about = {name: story for name in _ABOUT if story and name in catalogue.types[service_type].fields}
    return replace(draft, fields={**{n: FieldValue(v, "deduced") for n, v in about.items()}, **draft.fields})


def change_type(draft: Draft, service_type: str, *, catalogue: Catalogue) -> Draft:
    """Another subject: the same person, so the fields of the base stay; what belonged to the former type goes."""
    wanted = {*BASE_FIELDS, CALL_BACK, *catalogue.types[service_type].fields}
    fields = {name: value for name, value in draft.fields.items() if name in wanted}
    return replace(draft, service_type=service_type, fields=fields, asked=None)


def absorb(draft: Draft, entities: dict[str, str], *, catalogue: Catalogue, text: str = "") -> Draft:
    """Facts said in passing, as entities or in the words of `text`, fill the fields that nothing fills yet."""
    wanted = {*BASE_FIELDS, *catalogue.types[draft.service_type].fields}
    found: dict[str, FieldValue] = {}
    for label, value in entities.items():
        origin: Origin = "deduced" if label in _DEDUCED else "said"
        found |= {name: FieldValue(value, origin) for name in ENTITY_FIELDS.get(label, (label,)) if value}
    found |= {name: FieldValue(value, "said") for name, value in facts_of(text, entities).items()}
    new = {name: value for name, value in found.items() if name in wanted and name not in draft.fields}
    return replace(draft, fields={**draft.fields, **new})


def needed(service_type: str, fields: dict[str, FieldValue], catalogue: Catalogue) -> tuple[str, ...]:
    """Fields that the team needs and nobody has given or passed, in the order they are asked.

    A field is asked only if it routes or helps to answer: who asks, what the service type wants, level or training when
    the team depends on the unit, whose file it is, how to answer.
    """
    entry = catalogue.types[service_type]
    order = ["demandeur", *entry.fields]
    if entry.per_unit:
        order.append(_level_field(fields))
    if entry.handling != "simple" and service_type not in _WITHOUT_REGISTRATION:
        who = fields.get("demandeur")
        order.append("nom_eleve" if who and who.value in ("parent", "tiers", "etablissement") else "nom")
        if not fields.get("numero_commande", FieldValue("", "skipped")).value:
            order.append("identifiant")
    order.append("contact")
    given = {"nom", "nom_eleve"} if {"nom", "nom_eleve"} & fields.keys() else set()
    level = {"niveau", "formation"} if {"niveau", "formation"} & fields.keys() else set()
    return tuple(name for name in dict.fromkeys(order) if name not in fields and name not in given | level)


def next_field(draft: Draft, catalogue: Catalogue) -> str | None:
    """The field to ask now, None when it is time for the recap."""
    return next(iter(needed(draft.service_type, draft.fields, catalogue)), None)


def fill(draft: Draft, name: str, text: str, *, catalogue: Catalogue) -> Draft | Refusal:
    """The draft with the answer to one field, or why the answer can't be taken (a sentence for the person)."""
    answer = read_answer(catalogue.fields[name], text)
    if isinstance(answer, Refusal):
        return answer
    return replace(draft, fields={**draft.fields, name: FieldValue(answer, "said")}, asked=None)


def skip(draft: Draft, name: str) -> Draft:
    """The person passes the question: it will not be asked again."""
    return replace(draft, fields={**draft.fields, name: FieldValue("", "skipped")}, asked=None)


def summary(draft: Draft, catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """What will be sent: (field id, label, value to show; empty when passed), the service type first."""
    lines = [("service_type", "Sujet", catalogue.types[draft.service_type].label)]
    entry_type = catalogue.types[draft.service_type]
    order = (
        "demandeur",
        *entry_type.fields,
        *BASE_FIELDS,
    )  # the order of the questions, whatever order they were kept in
    for name, value in sorted(
        draft.fields.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)
    ):
        entry = catalogue.fields[name]
        lines.append((name, entry.label, dict(entry.choices).get(value.value, value.value)))
    return lines


def unit_of(draft: Draft, catalogue: Catalogue) -> str | None:
    """The unit that the level and the training point to, None when the team has no unit or nothing tells."""
    if not catalogue.types[draft.service_type].per_unit:
        return None
    said = " ; ".join(draft.fields[name].value for name in ("niveau", "formation") if name in draft.fields)
    return unit_said(said) if said else None


def unit_said(said: str) -> str | None:
    """The unit that a level or a training points to, None when it does not tell."""
    return unit(load_recogniser().find(said))


def to_json(draft: Draft) -> dict[str, Any]:
    """The draft as stored in the state of a conversation."""
    fields = {name: {"value": v.value, "origin": v.origin} for name, v in draft.fields.items()}
    return {"key": draft.key, "service_type": draft.service_type, "fields": fields, "asked": draft.asked}


def from_json(stored: dict[str, Any]) -> Draft:
    """Read what `to_json` wrote."""
    fields = {name: FieldValue(v["value"], v["origin"]) for name, v in stored["fields"].items()}
    return Draft(stored["key"], stored["service_type"], fields, stored["asked"])


def _level_field(fields: dict[str, FieldValue]) -> str:
    who = fields.get("demandeur")
    return "formation" if who and who.value == "adulte" else "niveau"
