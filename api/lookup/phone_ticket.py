"""A ticket for somebody on the phone: what was typed fills the qualification, the agent completes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.tickets import service as tickets
from api.tickets.service import TicketDraft
from knowledge import qualification
from knowledge.answers import Refusal, read_answer
from knowledge.audience import Caller
from knowledge.decisions import Triage
from knowledge.qualification import Draft, FieldValue
from knowledge.service_types import BASE_FIELDS, Catalogue
from nlu.personal_data import mask

SAFETY_TYPE = "souffrance_harcelement"
WELCOME_TYPE = "contact_horaires"
NEEDED = "Ce champ est nécessaire pour répondre à la personne."
NO_STORY = "Écrivez en une phrase ce que demande la personne."
OF_CALLER = {"eleve": "eleve", "parent": "parent", "adulte": "adulte", "etablissement": "etablissement"}


@dataclass(frozen=True, slots=True)
class PhoneRequest:
    """What the agent has: the words of the person, the service, the fields by id as typed, and the refusals by field."""

    id: str
    story: str
    service_type: str
    caller: Caller
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def prefilled(id_: str, story: str, caller: Caller, triage: Triage, catalogue: Catalogue) -> PhoneRequest:
    """The request as the words typed and the caller's context tell it."""
    service_type = SAFETY_TYPE if triage.decision == "safety" else triage.service_type or WELCOME_TYPE
    if service_type not in catalogue.types:
        service_type = WELCOME_TYPE
    who = OF_CALLER.get(caller.public)
    known = {"demandeur": who} if who else {}
    draft = qualification.start(service_type, triage=triage, known=known, catalogue=catalogue)
    values = {name: kept.value for name, kept in draft.fields.items() if kept.value}
    return PhoneRequest(id_, story, service_type, caller, values)


def fields_of(request: PhoneRequest, catalogue: Catalogue) -> tuple[str, ...]:
    """The fields to show, in the order an agent asks: who calls, the service's own, whose file, how to answer."""
    given = {name: FieldValue(value, "said") for name, value in request.values.items() if value}
    who = {name: kept for name, kept in given.items() if name == "demandeur"}
    wanted = ("demandeur", *qualification.needed(request.service_type, who, catalogue))
    known = tuple(name for name in BASE_FIELDS if name in given)
    return tuple(dict.fromkeys((*wanted, *known)))


def checked(request: PhoneRequest, catalogue: Catalogue) -> PhoneRequest | Draft:
    """The draft of a request whose fields can all be taken, else the request with what is refused."""
    errors: dict[str, str] = {}
    fields: dict[str, FieldValue] = {}
    if not any(c.isalnum() for c in request.story):
        errors["recit"] = NO_STORY
    for name in fields_of(request, catalogue):
        typed = request.values.get(name, "").strip()
        if not typed:
            fields[name] = FieldValue("", "skipped")
            if not catalogue.fields[name].optional:
                errors[name] = NEEDED
            continue
        answer = read_answer(catalogue.fields[name], typed)
        if isinstance(answer, Refusal):
            errors[name] = answer.message
        else:
            fields[name] = FieldValue(answer, "said")
    if errors:
        return PhoneRequest(request.id, request.story, request.service_type, request.caller, request.values, errors)
    return Draft(request.id, request.service_type, fields)


def ticket_draft(request: PhoneRequest, draft: Draft, triage: Triage, catalogue: Catalogue) -> TicketDraft:
    """What is sent to the team. The same form sent twice is one ticket."""
    story = mask(request.story).text
    fields: dict[str, Any] = {n: {"value": v.value, "origin": v.origin} for n, v in draft.fields.items()}
    return TicketDraft(
        draft_key=f"phone:{request.id}",
        channel="phone",
        service_type=draft.service_type,
        unit=qualification.unit_of(draft, catalogue) or triage.unite or request.caller.unit or None,
        priority=tickets.NORMAL if triage.safety.label == "none" else tickets.SAFETY,
        subject=story,
        fields=fields,
        transcript=[{"author": "learner", "text": story, "at": datetime.now(UTC).isoformat()}],
        triage={k: v for k, v in triage.to_dict().items() if k not in ("text", "masked_text")},
    )
