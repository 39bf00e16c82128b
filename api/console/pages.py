"""The pages of the advisors: the list of tickets and one ticket. No script needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Form, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.console import answering, mails, presence, routing_page, sign_in
from api.console.contexts import (
    OPEN_ONLY,
    ListPage,
    options,
    row_of,
    status_filter,
    status_options,
)  # fmt: skip
from api.console.holding import notices_of
from api.console.page_staff import HOME, TEMPLATES, AnyPageStaff, PageStaff, SignInNeeded, after_sign_in, go
from api.console.ticket_page import show_ticket, who
from api.dependencies import EngineDep, SessionDep, SettingsDep
from api.operators.signed_in import check_form
from api.pages import page
from api.teams import service as teams
from api.text_fields import Line
from api.tickets import life
from api.tickets import service as tickets
from api.tickets.pagination import read_position, write_position
from api.tickets.service import Overtaken, StatusRefused
from api.tickets.statuses import LABELS, OPEN, Status

router = APIRouter(prefix="/console", include_in_schema=False)
for part in (sign_in, answering, mails, presence, routing_page):
    router.include_router(part.router)
PAGE_LENGTH = 30
NOTICES = {
    "reponse": "Réponse envoyée.",
    "note": "Note ajoutée.",
    "prise": "Vous vous occupez de cette demande.",
    "rendue": "La demande est rendue à l'équipe.",
}


class ListQuery(BaseModel):
    """The address of a list. Parameters that are unknown or empty narrow nothing."""

    model_config = ConfigDict(extra="ignore")
    etat: Line = OPEN_ONLY
    equipe: Line = ""
    unite: Line = ""
    service: Line = ""
    q: Line = ""
    apres: str = ""

    def address(self, apres: str = "") -> str:
        """The same list from another position."""
        chosen = {name: value for name, value in self.model_dump(exclude={"apres"}).items() if value}
        return f"{HOME}?{urlencode(chosen | ({'apres': apres} if apres else {}))}"


def install(app: FastAPI) -> None:
    """Send those who are not signed in to the sign-in page."""
    app.add_exception_handler(SignInNeeded, sign_in.ask_to_sign_in)


@router.get("")
async def home(staff: AnyPageStaff) -> Response:
    """The console opens on the list of requests; for editors, on that of the articles."""
    return go(after_sign_in(staff.operator.role, HOME))


@router.get("/demandes")
async def ticket_list(
    session: SessionDep, engine: EngineDep, staff: PageStaff, query: Annotated[ListQuery, Query()]
) -> Response:
    """The tickets: safety, then what is due first, then the oldest."""
    filters = tickets.filters_of(
        statuses=status_filter(query.etat), team=query.equipe, unit=query.unite, service_type=query.service, q=query.q
    )
    after = read_position(query.apres) if query.apres else None
    found, following = await tickets.list_tickets(session=session, filters=filters, after=after, limit=PAGE_LENGTH)
    counts = await tickets.count_tickets(session=session, filters=replace(filters, statuses=OPEN))
    catalogue, now = engine.catalogue, datetime.now(UTC)
    told, number = await teams.notices(session=session, operator_id=staff.operator.id)
    context = ListPage(
        who=who(staff),
        rows=tuple(row_of(ticket, catalogue, now) for ticket in found),
        counts=tuple((LABELS[status], counts[status]) for status in OPEN),
        statuses=status_options(query.etat),
        teams=options({t.id: t.label for t in catalogue.teams.values()}, query.equipe, "Toutes"),
        units=options(catalogue.units, query.unite, "Toutes"),
        service_types=options({t.id: t.label for t in catalogue.types.values()}, query.service, "Tous"),
        q=query.q,
        next_page=query.address(write_position(following)) if following else None,
        first_page=query.address() if after else None,
        notices=notices_of(told, number),
    )
    return page(TEMPLATES, "demandes.html", context)


@router.post("/rappels/vus")
async def put_away(
    session: SessionDep,
    staff: PageStaff,
    jusque: Annotated[int, Form(ge=0, lt=2**63)],
    jeton: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """The reader saw what they were told."""
    check_form(staff.token, jeton)
    await teams.put_away(session=session, operator_id=staff.operator.id, up_to=jusque)
    return go(HOME)


@router.get("/demandes/{reference}")
async def ticket(
    session: SessionDep, engine: EngineDep, settings: SettingsDep, staff: PageStaff, reference: str, fait: str = ""
) -> Response:
    """One ticket."""
    notice = NOTICES.get(fait)
    if fait == "etat":
        found = await tickets.get_ticket(session=session, reference=reference)
        notice = f"État enregistré : {LABELS[found.status]}."
    return await show_ticket(
        session=session, engine=engine, settings=settings, staff=staff, reference=reference, notice=notice
    )


@router.post("/demandes/{reference}/etat")
async def change_status(
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    staff: PageStaff,
    reference: str,
    etat: Annotated[Status, Form()],
    pourquoi: Annotated[Line, Form()] = "",
    vu: Annotated[int | None, Form()] = None,
    jeton: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Move a ticket."""
    check_form(staff.token, jeton)
    by = life.staff(staff.operator.id)
    try:
        moved = await tickets.change_status(
            session=session, reference=reference, status=etat, by=by, why=pourquoi or None, seen=vu
        )
    except (StatusRefused, Overtaken) as refused:
        return await show_ticket(
            session=session,
            engine=engine,
            settings=settings,
            staff=staff,
            reference=reference,
            warning=refused.message,
            seen=vu,
            status=409,
        )
    return go(f"{HOME}/{moved.reference}?fait=etat")
