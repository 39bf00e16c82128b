"""Where requests go and why: rules, referents, skills, presence, load, turns, absences; against PostgreSQL."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.operators import service as operators
from api.teams import service as teams
from api.tickets import distributing, life, service
from api.tickets.routing import Facts, destination
from knowledge.routing_rules import RoutingRules, TeamRule
from tests.api.tickets.test_clock import paris
from tests.api.tickets.test_due import Person, person
from tests.api.tickets.test_service import DRAFT
from tests.fakes import catalogue

__all__ = ["person"]
RULES = RoutingRules((), frozenset(), frozenset({"enseignants"}), frozenset({"enseignants"}), 1)


async def opened(session: AsyncSession, **changes: Any) -> Ticket:
    draft = replace(
        DRAFT, service_type="aide_disciplinaire", **{"draft_key": str(uuid.uuid4()), "unit": "lycee"} | changes
    )
    ticket = await service.open_ticket(session=session, draft=draft)
    await session.commit()
    return ticket


def said(**fields: str) -> dict[str, Any]:
    return {name: {"value": value, "origin": "said"} for name, value in fields.items()}


async def name_of(session: AsyncSession, ticket: Ticket) -> str | None:
    names = await operators.names_of(session=session, ids=[ticket.assignee_id] if ticket.assignee_id else [])
    return next(iter(names.values()), None)


def test_the_catalogue_then_the_first_rule_that_fits() -> None:
    facts = Facts("inscription_examen", "lycee", "chat", {"niveau": "terminale", "demandeur": "etablissement"})
    plain = destination(facts, RULES, catalogue())
    assert (plain.team, plain.unit) == ("gestion_scolarite", "lycee")
    assert plain.reasons[0].startswith("Équipe « Gestionnaires de scolarité » parce que le service est « Inscription")
    assert plain.reasons[1] == "Unité « Cned Lycée » parce que la personne a dit « terminale »."
    conditions = (("demandeur", frozenset({"etablissement"})), ("service", frozenset({"inscription_examen"})))
    rule = TeamRule("etablissements", conditions, "daic", "un établissement s'adresse à la DAIC")
    ruled = destination(facts, replace(RULES, rules=(rule,)), catalogue())
    assert ruled.team == "daic"
    assert ruled.reasons[0].endswith("parce que un établissement s'adresse à la DAIC.")
    other = replace(facts, fields={"demandeur": "parent"})
    assert destination(other, replace(RULES, rules=(rule,)), catalogue()).team == "gestion_scolarite"
    assert "Aucune unité" in destination(replace(facts, unit=None), RULES, catalogue()).reasons[1]
    assert destination(replace(facts, service_type="supports_colis"), RULES, catalogue()).unit is None


async def test_a_team_without_members_keeps_its_queue_and_says_so(session: AsyncSession) -> None:
    ticket = await opened(session)
    assert (ticket.assignee_id, ticket.status) == (None, "nouveau")
    assert ticket.routing["reasons"][-1] == "File de l'équipe : l'équipe n'a pas de membre enregistré."


async def test_the_learners_own_referent_comes_first_even_loaded(session: AsyncSession, person: Person) -> None:
    await person("libre")
    own = await person("referente", capacity=0, unit="college")
    other = await person("maths", disciplines=["Mathématiques"])
    for discipline, operator in (("", own), ("mathematiques", other)):
        await teams.set_referent(
            session=session, learner="1234 567-89a", team="enseignants", discipline=discipline, operator_id=operator.id
        )
    await session.commit()
    found = await opened(session, fields=said(identifiant="123456789A", discipline="anglais"))
    assert found.assignee_id == own.id
    assert found.status == "assigne"
    assert found.routing["reasons"][-1] == "Confiée à Referente : référent de l'élève."
    assert (await opened(session, fields=said(identifiant="123456789A", discipline="maths"))).assignee_id == other.id
    today = datetime.now(UTC).date()
    await teams.set_absence(session=session, operator_id=own.id, first=today, last=today + timedelta(days=30))
    away = await opened(session, fields=said(identifiant="123456789A"))
    assert away.assignee_id not in (None, own.id)


async def test_unit_discipline_skills_presence_and_capacity(session: AsyncSession, person: Person) -> None:
    await person("autre.unite", unit="college")
    await person("anglais", disciplines=["anglais"])
    await person("copies", skills=["suivi_copie"])
    away = await person("absente")
    today = datetime.now(UTC).date()
    await teams.set_absence(session=session, operator_id=away.id, first=today, last=today + timedelta(days=9))
    await person("pleine", capacity=0)
    facts = Facts("aide_disciplinaire", "lycee", "chat", {"discipline": "les maths"})
    nobody = await distributing.find_route(session=session, facts=facts, catalogue=catalogue(), rules=RULES)
    assert nobody.choice.operator_id is None
    assert nobody.choice.reason == "File de l'équipe : personne n'est disponible."
    assert {v.name: v.why for v in nobody.choice.verdicts} == {
        "Autre.Unite": "autre unité",
        "Anglais": "autre discipline",
        "Copies": "ne traite pas ce service",
        "Absente": "absent",
        "Pleine": "capacité atteinte (0 sur 0)",
    }
    right = await person("matheuse", unit="lycee", disciplines=["mathématiques"], skills=["aide_disciplinaire"])
    found = await distributing.find_route(session=session, facts=facts, catalogue=catalogue(), rules=RULES)
    assert found.choice.operator_id == right.id
    queued = replace(RULES, queued=frozenset({"enseignants"}))
    assert (
        await distributing.find_route(session=session, facts=facts, catalogue=catalogue(), rules=queued)
    ).choice.operator_id is None


async def test_the_least_loaded_for_their_capacity_and_equals_take_turns(session: AsyncSession, person: Person) -> None:
    for login, capacity in (("a", 4), ("b", 4), ("c", 2)):
        await person(f"{login}.tuteur", capacity=capacity)
    given = [await name_of(session, await opened(session)) for _ in range(10)]
    assert Counter(given) == {"A.Tuteur": 4, "B.Tuteur": 4, "C.Tuteur": 2}
    assert given[:3] == ["A.Tuteur", "B.Tuteur", "C.Tuteur"]
    last = await opened(session)
    assert last.assignee_id is None


async def test_those_who_wait_for_the_learner_leave_room(session: AsyncSession, person: Person) -> None:
    await person("seule", capacity=1)
    first = await opened(session)
    assert (await opened(session)).assignee_id is None
    await service.change_status(session=session, reference=first.reference, status="en_attente")
    assert (await opened(session)).assignee_id is not None


async def test_twenty_at_once_are_shared_evenly(app: FastAPI, session: AsyncSession, person: Person) -> None:
    for n in range(4):
        await person(f"tuteur.{n}", capacity=5)

    async def one() -> None:
        async with app.state.sessions() as own:
            await service.open_ticket(
                session=own, draft=replace(DRAFT, service_type="aide_disciplinaire", draft_key=str(uuid.uuid4()))
            )
            await own.commit()

    await asyncio.gather(*(one() for _ in range(20)))
    rows = await session.execute(text("SELECT assignee_id, count(*) FROM tickets GROUP BY 1"))
    assert sorted(number for _, number in rows.tuples().all()) == [5, 5, 5, 5]


async def test_the_tickets_of_somebody_away_go_to_others_who_are_told(
    app: FastAPI,
    session: AsyncSession,
    person: Person,
) -> None:
    gone = await person("partante", capacity=2)
    mine, awaited = await opened(session), await opened(session)
    await service.change_status(session=session, reference=awaited.reference, status="en_attente")
    await person("restante", capacity=9)
    monday = paris("2026-11-23T10:00")
    await teams.set_absence(session=session, operator_id=gone.id, first=date(2026, 11, 23), last=date(2026, 11, 23))
    await session.commit()
    assert await distributing.reassign_absent(app.state.sessions, now=monday) == 0  # a day: they wait
    await teams.set_absence(session=session, operator_id=gone.id, first=date(2026, 11, 23), last=date(2026, 11, 27))
    await session.commit()
    assert (
        await distributing.reassign_absent(app.state.sessions, now=paris("2026-11-21T23:00")) == 1
    )  # Saturday: Monday counts
    assert await distributing.reassign_absent(app.state.sessions, now=monday) == 0
    for ticket in (mine, awaited):
        await session.refresh(ticket)
    assert await name_of(session, mine) == "Restante"
    assert awaited.assignee_id == gone.id
    events = await life.history(session=session, ticket=mine)
    assert (events[-1].kind, events[-1].why, events[-1].actor) == ("assigned", "absence", "system")
    told = (await session.execute(text("SELECT kind FROM staff_notices"))).scalars().all()
    assert told == ["absence"]


async def test_nobody_else_it_goes_back_to_the_queue(app: FastAPI, session: AsyncSession, person: Person) -> None:
    await person("fermee")
    ticket = await opened(session)
    assert ticket.status == "assigne"
    await operators.set_enabled(session=session, login="fermee", enabled=False)
    await session.commit()
    assert await distributing.reassign_absent(app.state.sessions) == 1
    await session.refresh(ticket)
    assert (ticket.assignee_id, ticket.status) == (None, "nouveau")
