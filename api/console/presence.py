"""Who else has the ticket open: asked by its page every few seconds, and when somebody writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.console.page_staff import TEMPLATES, PageStaff, go
from api.dependencies import SessionDep
from api.operators.signed_in import check_form
from api.pages import page
from api.tickets import assigning, life, presence
from api.tickets import service as tickets
from api.tickets.presence import Other

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True, slots=True)
class PresencePart:
    """The part of the page that says who is there. `changed`: something happened since the page was read."""

    others: tuple[Other, ...]
    changed: bool


@router.post("/demandes/{reference}/presence")
async def beat(
    session: SessionDep,
    staff: PageStaff,
    reference: str,
    vu: Annotated[int, Form()] = 0,
    ecrit: Annotated[bool, Form()] = False,
    parti: Annotated[bool, Form()] = False,
    jeton: Field = "",
) -> Response:
    """The page is open, or somebody writes in it, or it closes."""
    check_form(staff.token, jeton)
    ticket = await tickets.get_ticket(session=session, reference=reference)
    if parti:
        await presence.left(session=session, ticket=ticket, operator_id=staff.operator.id)
        return Response(status_code=204)
    others = await presence.here(session=session, ticket=ticket, operator_id=staff.operator.id, writing=ecrit)
    changed = await life.version_of(session=session, ticket=ticket) > vu
    return page(TEMPLATES, "presence.html", PresencePart(others, changed))


@router.post("/demandes/{reference}/prendre")
async def take(session: SessionDep, staff: PageStaff, reference: str, jeton: Field = "") -> Response:
    """« Je m'en occupe »."""
    check_form(staff.token, jeton)
    taken = await assigning.take(session=session, reference=reference, operator_id=staff.operator.id)
    return go(f"/console/demandes/{taken.reference}?fait=prise")


@router.post("/demandes/{reference}/rendre")
async def give_back(session: SessionDep, staff: PageStaff, reference: str, jeton: Field = "") -> Response:
    """Back to the queue of the team."""
    check_form(staff.token, jeton)
    ticket = await assigning.give_back(
        session=session, reference=reference, by=life.staff(staff.operator.id), why="rendue à l'équipe"
    )
    return go(f"/console/demandes/{ticket.reference}?fait=rendue")
