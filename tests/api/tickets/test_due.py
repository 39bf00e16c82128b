"""Due dates kept on the ticket at each event, the order of lists, and the reminders, against PostgreSQL."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Operator, Ticket
from api.mail.worker import send_queued
from api.operators import service as operators
from api.settings import Settings
from api.teams import service as teams
from api.teams.service import Membership
from api.tickets import due, exchange, life, reminding, service
from api.tickets.due import DelayDesk, delay_desk
from tests.api.mail.conftest import eventually
from tests.api.tickets.test_clock import paris
from tests.api.tickets.test_service import DRAFT
from tests.conftest import PASSWORD

TUTORING = replace(DRAFT, service_type="aide_disciplinaire")
STAFF = life.Actor("operator")
MONDAY = "2026-11-23T10:00"
Person = Callable[..., Awaitable[Operator]]


@pytest_asyncio.fixture
async def person(session: AsyncSession) -> Person:
    """Makes members of teams."""

    async def make(login: str, *, role: Any = "conseiller", team: str | None = "enseignants", **more: Any) -> Operator:
        operator = await operators.create_operator(
            session=session, login=login, name=login.title(), role=role, password=PASSWORD
        )
        if team:
            await teams.set_member(session=session, operator_id=operator.id, team=team, membership=Membership(**more))
        await session.commit()
        return operator

    return make


async def opened(session: AsyncSession, at: str = MONDAY, **changes: Any) -> Ticket:
    """A ticket opened at an hour."""
    ticket = await service.open_ticket(
        session=session, draft=replace(TUTORING, **{"draft_key": str(uuid.uuid4())} | changes)
    )
    for event in await life.history(session=session, ticket=ticket):
        event.at = paris(at).astimezone(UTC)
    await session.flush()
    await due.refresh(session=session, ticket=ticket)
    await session.commit()
    return ticket


async def told(session: AsyncSession, ticket: Ticket) -> list[tuple[str, int]]:
    events = await life.history(session=session, ticket=ticket)
    return [(e.kind, e.data["percent"]) for e in events if e.kind in life.QUIET]


async def noticed(session: AsyncSession) -> set[tuple[str, str]]:
    query = "SELECT o.login, n.kind FROM staff_notices n JOIN operators o ON o.id = n.operator_id"
    return set((await session.execute(text(query))).tuples().all())


async def test_a_service_with_a_delay_has_a_clock_and_others_have_none(session: AsyncSession) -> None:
    tutoring = await opened(session)
    assert (tutoring.clock, tutoring.due_kind, tutoring.due_at) == ("running", "answer", paris("2026-11-25T10:00"))
    assert tutoring.remind_at == paris("2026-11-24T14:45")
    other = await opened(session, service_type="certificats_bulletins")
    assert (other.clock, other.due_at, other.remind_at) == ("none", None, None)
    both = await opened(session, service_type="convention_stage")
    assert both.due_at == paris("2026-11-26T10:00")


async def test_it_follows_each_event_and_is_no_change_of_the_ticket(session: AsyncSession) -> None:
    ticket = await opened(session)
    before = ticket.updated_at
    await due.refresh(session=session, ticket=ticket)
    await session.refresh(ticket)
    assert ticket.updated_at == before
    reference = ticket.reference
    await service.change_status(session=session, reference=reference, status="en_attente", by=STAFF)
    assert (ticket.clock, ticket.due_at, ticket.remind_at) == ("paused", None, None)
    assert ticket.left_s is not None
    await exchange.learner_says(session=session, ticket_id=ticket.id, text="Voici", client_id=uuid.uuid4())
    assert (ticket.clock, ticket.left_s) == ("running", None)
    await exchange.answer(session=session, reference=reference, text="Bonjour", by=STAFF, client_id=uuid.uuid4())
    assert (ticket.clock, ticket.due_at) == ("met", None)
    await service.change_status(session=session, reference=reference, status="resolu", by=STAFF)
    assert ticket.clock == "over"
    await service.change_status(session=session, reference=reference, status="rouvert")
    assert (ticket.clock, ticket.due_kind) == ("running", "answer")
    await session.commit()
    stored = (await session.execute(text("SELECT clock, due_at, press_at FROM tickets"))).one()
    assert stored == (ticket.clock, ticket.due_at, ticket.press_at)


async def test_the_list_goes_by_what_is_due_first(session: AsyncSession) -> None:
    """Safety, then due dates, then urgent, then the rest by age; page by page."""
    names = {}
    for name, at, changes in (
        ("normal ancien", "2026-11-02T10:00", {"service_type": "certificats_bulletins"}),
        ("dû demain", "2026-11-23T12:00", {}),
        ("urgent", "2026-11-23T12:00", {"service_type": "certificats_bulletins", "priority": 1}),
        ("en retard", "2026-11-16T10:00", {}),
        ("sécurité", "2026-11-23T13:00", {"service_type": "certificats_bulletins", "priority": 0}),
        ("normal récent", "2026-11-23T10:00", {"service_type": "certificats_bulletins"}),
        ("répondu", "2026-11-10T10:00", {}),
    ):
        ticket = await opened(session, at, **changes)
        names[ticket.reference] = name
        if name == "répondu":
            await exchange.answer(
                session=session, reference=ticket.reference, text="x", by=STAFF, client_id=uuid.uuid4()
            )
            await session.commit()
    seen, after = [], None
    while True:
        page, after = await service.list_tickets(session=session, filters=service.filters_of(), after=after, limit=2)
        seen += [names[t.reference] for t in page]
        if after is None:
            break
    assert seen == ["sécurité", "en retard", "dû demain", "urgent", "normal ancien", "normal récent", "répondu"]


async def test_reminders_go_to_whoever_has_it_and_the_escalation_to_the_lead(
    app: FastAPI, session: AsyncSession, person: Person
) -> None:
    tutor = await person("tutrice")
    await person("cheffe", lead=True)
    await person("autre.unite", lead=True, unit="lycee")
    await person("chef.ailleurs", team="production", lead=True)
    ticket = await opened(session)
    ticket.assignee_id = tutor.id
    await session.commit()
    sessions = app.state.sessions
    assert await reminding.remind(sessions, now=paris("2026-11-24T14:44")) == 0
    assert await reminding.remind(sessions, now=paris("2026-11-24T14:45")) == 1
    assert await reminding.remind(sessions, now=paris("2026-11-24T14:46")) == 0
    assert await noticed(session) == {("tutrice", "reminder")}
    assert await reminding.remind(sessions, now=paris("2026-11-25T10:00")) == 1
    assert await reminding.remind(sessions, now=paris("2026-12-25T10:00")) == 0
    assert await told(session, ticket) == [("reminder", 75), ("escalation", 100)]
    assert await noticed(session) == {("tutrice", "reminder"), ("tutrice", "escalation"), ("cheffe", "escalation")}


async def test_without_a_lead_supervisors_are_told_and_a_worker_that_was_away_tells_the_last_only(
    app: FastAPI, session: AsyncSession, person: Person
) -> None:
    await person("sup", role="superviseur", team=None)
    await person("fermee", role="superviseur", team=None)
    await operators.set_enabled(session=session, login="fermee", enabled=False)
    ticket = await opened(session)
    await reminding.remind(app.state.sessions, now=paris("2026-11-30T10:00"))
    assert await told(session, ticket) == [("escalation", 100)]
    assert await noticed(session) == {("sup", "escalation")}


async def test_many_rounds_at_once_tell_once(app: FastAPI, session: AsyncSession, person: Person) -> None:
    await person("cheffe", lead=True)
    tickets = [await opened(session) for _ in range(5)]
    rounds = await asyncio.gather(
        *(reminding.remind(app.state.sessions, now=paris("2026-11-30T10:00")) for _ in range(4))
    )
    assert sum(rounds) == 5
    assert [await told(session, t) for t in tickets] == [[("escalation", 100)]] * 5


async def test_what_is_answered_or_awaited_reminds_nobody(app: FastAPI, session: AsyncSession) -> None:
    answered, awaited, over = [await opened(session) for _ in range(3)]
    await exchange.answer(session=session, reference=answered.reference, text="x", by=STAFF, client_id=uuid.uuid4())
    await service.change_status(session=session, reference=awaited.reference, status="en_attente", by=STAFF)
    await service.change_status(session=session, reference=over.reference, status="clos", by=STAFF)
    await session.commit()
    assert await reminding.remind(app.state.sessions, now=paris("2027-01-30T10:00")) == 0


async def test_a_reminder_does_not_stop_an_answer_that_is_being_written(app: FastAPI, session: AsyncSession) -> None:
    ticket = await opened(session)
    seen = await life.version_of(session=session, ticket=ticket)
    await reminding.remind(app.state.sessions, now=paris("2026-11-30T10:00"))
    await exchange.answer(
        session=session, reference=ticket.reference, text="x", by=STAFF, client_id=uuid.uuid4(), seen=seen
    )
    events = await life.history(session=session, ticket=ticket)
    assert life.version_in(events) == await life.version_of(session=session, ticket=ticket)


async def test_one_ticket_that_fails_does_not_stop_the_others(
    app: FastAPI, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = [await opened(session) for _ in range(2)]
    real = due.refresh

    async def refresh(*, ticket: Ticket, **more: Any) -> Any:
        if ticket.id == broken.id:
            raise RuntimeError("broken")
        return await real(ticket=ticket, **more)

    monkeypatch.setattr(due, "refresh", refresh)
    assert await reminding.remind(app.state.sessions, now=paris("2026-11-30T10:00")) == 1
    assert await told(session, sound) == [("escalation", 100)]


async def test_a_team_that_stops_in_school_holidays(session: AsyncSession) -> None:
    desk = delay_desk()
    stopped = DelayDesk(desk.catalogue, replace(desk.rules, suspended=frozenset({"enseignants"})), desk.hours)
    ticket = await opened(session, "2027-02-12T17:00")  # holidays of zone A until 28 February
    await due.refresh(session=session, ticket=ticket, desk=stopped)
    assert ticket.due_at == paris("2027-03-02T17:00")
    await due.refresh(session=session, ticket=ticket)
    assert ticket.due_at == paris("2027-02-16T17:00")


async def test_the_worker_looks_by_itself_without_a_mail_server(
    app: FastAPI, session: AsyncSession, settings: Settings
) -> None:
    """The periodic job of the real queue; tickets that the migration left to be counted are counted by it."""
    ticket = await opened(session, "2026-10-05T10:00")
    fresh = await opened(session, (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
    await session.execute(
        text("UPDATE tickets SET remind_at = now() - interval '1 minute', due_at = NULL WHERE id = :id"),
        {"id": fresh.id},
    )
    await session.execute(text("DELETE FROM procrastinate_periodic_defers"))  # of another test in this minute
    await session.commit()
    stopping = asyncio.Event()
    working = asyncio.create_task(send_queued(settings, stopping, queues=("delays",)))

    async def escalated() -> bool:
        found = await told(session, ticket) == [("escalation", 100)]
        await session.refresh(fresh)
        await session.commit()
        return found and fresh.due_at is not None

    await eventually(escalated, "the round of the worker")
    stopping.set()
    await asyncio.wait_for(working, 20)
