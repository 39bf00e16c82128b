"""`/crc/demande`: opening a ticket for the person on the phone, from what was typed in the box."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from api.console.contexts import Option, Who
from api.console.page_staff import HOME, PageStaff, go
from api.dependencies import EngineDep, RepliesDep, SessionDep
from api.lookup import phone_ticket
from api.lookup.contexts import caller_of
from api.lookup.phone_ticket import PhoneRequest
from api.lookup.rendering import TEMPLATES
from api.operators.signed_in import check_form, form_token
from api.pages import page
from api.text_fields import Line, storable
from api.tickets import service as tickets
from api.triage.service import decide
from api.widget.conversing import new_message_id, read_message_id
from knowledge.decisions import Context, Triage
from knowledge.qualification import Draft
from knowledge.replies import Replies
from knowledge.service_types import Catalogue

router = APIRouter(include_in_schema=False)
PATH = "/crc/demande"
LONGEST_STORY = 2_000  # characters
Field = Annotated[Line, Form()]


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One field of the form. `lines` is how many lines its box has; `choices` makes it a list."""

    id: str
    label: str
    question: str
    value: str
    error: str | None
    required: bool
    lines: int
    choices: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class PhonePage:
    """The form. `alert` is what to tell a person in danger."""

    who: Who
    request: PhoneRequest
    fields: tuple[FieldInput, ...]
    service_types: tuple[Option, ...]
    team: str
    alert: str | None


@router.post(PATH)
async def phone_request(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    replies: RepliesDep,
    staff: PageStaff,
    q: Field = "",
    public: Field = "",
    niveau: Field = "",
    unite: Field = "",
    service: Field = "",
    id_demande: Field = "",
    action: Field = "",
    jeton: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """The form filled from what was typed; `action` is changer (another service) or ouvrir (open the ticket)."""
    check_form(staff.token, jeton)
    catalogue, form = engine.catalogue, await request.form()
    story = storable(str(form.get("recit", "") or q))[:LONGEST_STORY]
    triage = await decide(story or "demande", Context(channel="phone"), engine=engine)
    filled = phone_ticket.prefilled(
        read_message_id(id_demande) if id_demande else new_message_id(),
        story, caller_of(public, niveau, unite), triage, catalogue,
    )  # fmt: skip
    if service in catalogue.types:
        typed = {
            name.removeprefix("champ_"): storable(str(value))[:500]
            for name, value in form.items()
            if name.startswith("champ_") and name.removeprefix("champ_") in catalogue.fields
        }
        filled = replace(filled, service_type=service, values=typed)
    if action == "ouvrir":
        outcome = phone_ticket.checked(filled, catalogue)
        if isinstance(outcome, Draft):
            draft = phone_ticket.ticket_draft(filled, outcome, triage, catalogue)
            opened = await tickets.open_ticket(session=session, draft=draft, catalogue=catalogue)
            return go(f"{HOME}/{opened.reference}")
        filled = outcome
    who = Who(staff.operator.name, staff.operator.role, form_token(staff.token))
    context = phone_page(filled, who, triage, catalogue, replies)
    return page(TEMPLATES, "demande_telephone.html", context, status=422 if filled.errors else 200)


def phone_page(request: PhoneRequest, who: Who, triage: Triage, catalogue: Catalogue, replies: Replies) -> PhonePage:
    """The page of a request."""
    kinds = sorted(catalogue.types.values(), key=lambda t: t.label.casefold())
    team = catalogue.teams[catalogue.types[request.service_type].team]
    return PhonePage(
        who=who,
        request=request,
        fields=tuple(_input(name, request, catalogue) for name in phone_ticket.fields_of(request, catalogue)),
        service_types=tuple(Option(t.id, t.label, t.id == request.service_type) for t in kinds),
        team=team.label,
        alert=None if triage.safety.label == "none" else replies.say(f"securite_{triage.safety.label}"),
    )


def _input(name: str, request: PhoneRequest, catalogue: Catalogue) -> FieldInput:
    field = catalogue.fields[name]
    value = request.values.get(name, "")
    choices = field.choices or ((("oui", "Oui"), ("non", "Non")) if field.kind == "oui_non" else ())
    options = tuple(Option(id_, label, id_ == value) for id_, label in choices)
    return FieldInput(
        id=name,
        label=field.label,
        question=field.question,
        value=value,
        error=request.errors.get(name),
        required=not field.optional,
        lines=3 if field.kind in ("recit", "adresse") else 1,
        choices=(Option("", "Non précisé", not value), *options) if options else (),
    )
