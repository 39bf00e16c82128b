"""Pre-qualification: what a request still needs, what an answer fills, and what goes to the team. Pure functions on a draft."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from knowledge.answers import Refusal, read_answer
from knowledge.decisions import Triage
from knowledge.service_types import BASE_FIELDS, Catalogue, Field
from nlu.entities import load_recogniser
from nlu.normalisation import fold
from nlu.units import unit

Origin = Literal["said", "deduced", "skipped"]
# Entities of a message that answer a field of the form, and how they are known.
_ENTITY_FIELDS: dict[str, tuple[str, Origin]] = {
    "niveau": ("niveau", "said"),
    "formation": ("formation", "said"),
    "discipline": ("discipline", "said"),
    "identifiant": ("identifiant", "said"),
    "qui": ("demandeur", "deduced"),
}
# Types whose requester is not followed by a unit's registration: no name or registration number is asked.
_WITHOUT_REGISTRATION = frozenset({"etablissement_partenaire", "support_assr"})


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
    return absorb(draft, triage.entities, catalogue=catalogue) if triage else draft


def change_type(draft: Draft, service_type: str, *, catalogue: Catalogue) -> Draft:
    """Another subject: the same person, so the fields of the base stay; what belonged to the former type goes."""
    wanted = {*BASE_FIELDS, *catalogue.types[service_type].fields}
    fields = {name: value for name, value in draft.fields.items() if name in wanted}
    return replace(draft, service_type=service_type, fields=fields, asked=None)


def absorb(draft: Draft, entities: dict[str, str], *, catalogue: Catalogue) -> Draft:
    """Facts said in passing fill the fields that nothing fills yet."""
    wanted = {*BASE_FIELDS, *catalogue.types[draft.service_type].fields}
    fields = dict(draft.fields)
    for label, value in entities.items():
        name, origin = _ENTITY_FIELDS.get(label, (label, "said"))
        if name in wanted and name not in fields and value:
            fields[name] = FieldValue(value, origin)
    return replace(draft, fields=fields)


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
    for name, value in draft.fields.items():
        entry = catalogue.fields[name]
        lines.append((name, entry.label, dict(entry.choices).get(value.value, value.value)))
    return lines


def unit_of(draft: Draft, catalogue: Catalogue) -> str | None:
    """The unit that the level and the training point to, None when the team has no unit or nothing tells."""
    if not catalogue.types[draft.service_type].per_unit:
        return None
    said = " ; ".join(draft.fields[name].value for name in ("niveau", "formation") if name in draft.fields)
    return unit(load_recogniser().find(said)) if said else None


def find_correction(text: str, draft: Draft, catalogue: Catalogue) -> tuple[str, str | None] | None:
    """The field that the person wants to correct and the new value, None as value when only the field is named.

    "mon niveau c'est 4e" names the field; "non, c'est en 4e" does not, but only one field can hold a level.
    """
    folded = fold(text)
    for name in draft.fields:
        match = re.search(rf"\b(?:{'|'.join(_names(catalogue.fields[name]))})\b", folded)
        if match:
            return name, _value_after(text, match.end())
    entities = load_recogniser().find(text)
    for entity in entities:
        name = _ENTITY_FIELDS.get(entity.label, (entity.label, "said"))[0]
        current = draft.fields.get(name)
        if name in draft.fields and entity.label != "qui" and (current is None or current.value != entity.value):
            return name, entity.value
    return None


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


def _names(entry: Field) -> list[str]:
    """How people name a field: its label, or one telling word of it ("classe", "niveau")."""
    label = fold(re.sub(r"\s*\(.*?\)", "", entry.label)).strip()
    return [re.escape(label), *(re.escape(word) for word in re.findall(r"\w{5,}", label))]


_LINK = re.compile(
    r"^\s*(?:,|:|c'est|est|sont|serait|etait|doit etre|plutot|en fait|pas .{1,20}? mais|a changer en|par|en|-)*\s*",
    re.IGNORECASE,
)


def _value_after(text: str, position: int) -> str | None:
    value = _LINK.sub("", text[position:]).strip(" .,;:")
    return value if re.search(r"\w", value) else None
