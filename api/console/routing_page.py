"""« Où irait cette demande, et pourquoi ? »: the real routing on facts that somebody chooses. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.console.contexts import CHANNELS, Option, Who, options
from api.console.page_staff import TEMPLATES, PageStaff
from api.console.ticket_page import who
from api.dependencies import EngineDep, SessionDep
from api.operators.signed_in import check_form
from api.pages import page
from api.text_fields import Line
from api.tickets import distributing
from api.tickets.routing import Facts, Verdict
from api.tickets.urgency import preview_urgency
from knowledge.qualification import unit_said
from knowledge.service_types import Catalogue

router = APIRouter(include_in_schema=False)
PATH = "/console/routage"
Word = Annotated[Line, Form()]


@dataclass(frozen=True, slots=True)
class Simulated:
    """Where it would go. `urgency`: what the words of the person change."""

    team: str
    unit: str | None
    person: str | None
    reasons: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    urgency: str | None


@dataclass(frozen=True, slots=True)
class RoutingPage:
    """The form and, once asked, its answer."""

    who: Who
    services: tuple[Option, ...]
    channels: tuple[Option, ...]
    askers: tuple[Option, ...]
    level: str
    discipline: str
    learner: str
    words: str
    error: str | None = None
    found: Simulated | None = None


@router.get("/routage")
async def ask(engine: EngineDep, staff: PageStaff) -> Response:
    """The form."""
    return page(TEMPLATES, "routage.html", _page(staff, engine.catalogue))


@router.post("/routage")
async def answer(
    session: SessionDep,
    engine: EngineDep,
    staff: PageStaff,
    service: Word = "",
    niveau: Word = "",
    discipline: Word = "",
    demandeur: Word = "",
    identifiant: Word = "",
    canal: Word = "chat",
    mots: Word = "",
    jeton: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Where it would go. What is typed is in no address and is not kept."""
    check_form(staff.token, jeton)
    catalogue = engine.catalogue
    given = {"niveau": niveau, "discipline": discipline, "demandeur": demandeur, "identifiant": identifiant}
    chosen = {"service": service, "canal": canal, "mots": mots} | given
    if service not in catalogue.types or canal not in CHANNELS:
        error = "Choisissez un service dans la liste."
        return page(TEMPLATES, "routage.html", _page(staff, catalogue, chosen, error=error), status=422)
    facts = Facts(service, unit_said(niveau) if niveau else None, canal, {k: v for k, v in given.items() if v})
    route = await distributing.find_route(session=session, facts=facts, catalogue=catalogue)
    unit = route.where.unit
    found = Simulated(
        team=catalogue.teams[route.where.team].label,
        unit=catalogue.units.get(unit, unit) if unit else None,
        person=next((v.name for v in route.choice.verdicts if v.chosen), None),
        reasons=(*route.where.reasons, route.choice.reason),
        verdicts=route.choice.verdicts,
        urgency=preview_urgency(mots, route.where.team),
    )
    return page(TEMPLATES, "routage.html", _page(staff, catalogue, chosen, found=found))


def _page(
    staff: PageStaff,
    catalogue: Catalogue,
    chosen: dict[str, str] | None = None,
    *,
    error: str | None = None,
    found: Simulated | None = None,
) -> RoutingPage:
    chosen = chosen or {}
    askers = dict(catalogue.fields["demandeur"].choices)
    return RoutingPage(
        who=who(staff),
        services=options({t.id: t.label for t in catalogue.types.values()}, chosen.get("service", ""), "Choisir"),
        channels=tuple(Option(id_, label, id_ == chosen.get("canal", "chat")) for id_, label in CHANNELS.items()),
        askers=options(askers, chosen.get("demandeur", ""), "Non dit"),
        level=chosen.get("niveau", ""),
        discipline=chosen.get("discipline", ""),
        learner=chosen.get("identifiant", ""),
        words=chosen.get("mots", ""),
        error=error,
        found=found,
    )
