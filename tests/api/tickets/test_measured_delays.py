"""How long a team took lately: measured on what happened, said in plain French, or not at all."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import MeasuredDelay, Ticket, TicketEvent
from api.followup import service as followup
from api.settings import Settings
from api.tickets import service as tickets
from api.tickets.measured_delays import measured_delay, refresh, say_delay
from api.tickets.service import TicketDraft
from knowledge.replies import load_replies

REPLIES = load_replies()
TEAM = "gestion_scolarite"
SENTENCE = "Ces dernières semaines, cette équipe a répondu en 2 jours environ. Ce n'est pas une promesse."
HOUR, DAY = 3600.0, 86400.0
SETTINGS = Settings(delay_answers=5)


async def asked(session: AsyncSession, *, days_ago: float = 10.0, **change: Any) -> Ticket:
    """A request of some days ago that nobody answered."""
    draft = TicketDraft(
        draft_key=uuid.uuid4().hex, channel="chat", service_type="certificats_bulletins", subject="Bulletin"
    )
    ticket = await tickets.open_ticket(session=session, draft=draft)
    values = {"created_at": datetime.now(UTC) - timedelta(days=days_ago), **change}
    await session.execute(update(Ticket).where(Ticket.id == ticket.id).values(values))
    await session.refresh(ticket)
    return ticket


async def happened(session: AsyncSession, ticket: Ticket, after_s: float, kind: str, actor: str, to: str = "") -> None:
    """Something that happened to it, so long after it was opened."""
    data = {"to": to} if to else {"message_id": 1}
    at = ticket.created_at + timedelta(seconds=after_s)
    session.add(TicketEvent(ticket_id=ticket.id, actor=actor, kind=kind, data=data, at=at))
    await session.flush()


async def answered(session: AsyncSession, *waits_s: float, **change: Any) -> None:
    """One request for each wait, answered then, and once more later."""
    for wait in waits_s:
        ticket = await asked(session, **change)
        await happened(session, ticket, wait, "message", "operator")
        await happened(session, ticket, wait + DAY, "message", "operator")


async def said(session: AsyncSession, settings: Settings = SETTINGS) -> str | None:
    await session.execute(text("TRUNCATE measured_delays"))
    await refresh(session=session, settings=settings)
    return await measured_delay(session=session, replies=REPLIES, team=TEAM)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "moins d'une heure"),
        (HOUR, "1 heure environ"),
        (5.4 * HOUR, "5 heures environ"),
        (23.4 * HOUR, "23 heures environ"),
        (23.6 * HOUR, "1 jour environ"),
        (36.1 * HOUR, "2 jours environ"),
        (13.4 * DAY, "13 jours environ"),
        (13.6 * DAY, "2 semaines environ"),
        (30 * DAY, "4 semaines environ"),
    ],
)
def test_plain_words(seconds: float, words: str) -> None:
    assert say_delay(seconds) == words


async def test_the_median_of_first_answers(session: AsyncSession) -> None:
    await answered(session, HOUR, HOUR, 2 * DAY, 3 * DAY, 9 * DAY)
    assert await said(session) == SENTENCE


async def test_too_few_answers_say_nothing(session: AsyncSession) -> None:
    await answered(session, *[2 * DAY] * 4)
    assert await said(session) is None
    await answered(session, 2 * DAY)
    assert await said(session) == SENTENCE


async def test_who_still_waits_counts(session: AsyncSession) -> None:
    """Five fast answers say nothing of a team that leaves as many requests without one."""
    await answered(session, *[HOUR] * 5)
    for _ in range(4):
        await asked(session)
    assert "1 heure environ" in str(await said(session))
    for _ in range(2):
        await asked(session)
    assert await said(session) is None


async def test_a_request_of_a_moment_ago_does_not_make_a_team_fast(session: AsyncSession) -> None:
    await answered(session, *[2 * DAY] * 5)
    for _ in range(20):
        await asked(session, days_ago=0.01)
    assert await said(session) == SENTENCE


async def test_what_is_no_answer(session: AsyncSession) -> None:
    """Notes, messages of the person and what the service does are no answers; a resolved request is one."""
    for _ in range(5):
        ticket = await asked(session)
        await happened(session, ticket, 60, "note", "operator")
        await happened(session, ticket, 90, "message", "learner")
        await happened(session, ticket, 100, "status", "operator", to="assigne")
        await happened(session, ticket, 2 * DAY, "status", "operator", to="resolu")
        closed = await asked(session)
        await happened(session, closed, 60, "status", "learner", to="clos")
        await happened(session, closed, DAY, "message", "operator")
    assert await said(session) == SENTENCE


async def test_old_requests_alarms_and_other_teams_do_not_count(session: AsyncSession) -> None:
    await answered(session, *[2 * DAY] * 5)
    await answered(session, *[60.0] * 9, days_ago=100)
    await answered(session, *[60.0] * 9, priority=0)
    await answered(session, *[60.0] * 9, team="dpo")
    assert await said(session) == SENTENCE


async def test_measured_once_for_all_processes_and_not_kept_for_ever(session: AsyncSession) -> None:
    await answered(session, *[2 * DAY] * 5)
    assert await said(session) == SENTENCE
    await answered(session, *[60.0] * 50)
    await refresh(session=session, settings=SETTINGS)
    assert await measured_delay(session=session, replies=REPLIES, team=TEAM) == SENTENCE, "measured a moment ago"
    await session.execute(update(MeasuredDelay).values(measured_at=func.now() - timedelta(days=2)))
    assert await measured_delay(session=session, replies=REPLIES, team=TEAM) is None, "too old to be said"
    await refresh(session=session, settings=SETTINGS)
    assert "moins d'une heure" in str(await measured_delay(session=session, replies=REPLIES, team=TEAM))


async def test_another_process_is_measuring(session: AsyncSession, app: FastAPI) -> None:
    await answered(session, *[2 * DAY] * 5)
    await session.commit()
    async with app.state.sessions() as other:
        await refresh(session=other, settings=SETTINGS)
        await refresh(session=session, settings=SETTINGS)
        await session.commit()
        await other.rollback()
    assert await session.scalar(select(func.count()).select_from(MeasuredDelay)) == 0


@pytest_asyncio.fixture
async def two_days(session: AsyncSession) -> None:
    """The team answers in two days."""
    session.add(MeasuredDelay(team=TEAM, seconds=2 * DAY, answers=40))
    await session.commit()


async def test_on_the_page_of_a_sent_request(client: httpx.AsyncClient, two_days: None) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    sent = await client.post("/demande", data={"message": "je n'ai pas reçu mon bulletin"}, headers=headers)
    assert SENTENCE in sent.text.replace("&#39;", "'")
    sent = await client.post("/demande", data={"message": "mon colis est perdu"}, headers=headers)
    assert "Votre référence" in sent.text
    assert "Ces dernières semaines" not in sent.text, "nothing is known of that team"
    sent = await client.post("/demande", data={"message": "on me frappe"}, headers=headers)
    assert "112" in sent.text
    assert "Ces dernières semaines" not in sent.text


async def test_on_the_follow_up_page_while_an_answer_is_awaited(
    client: httpx.AsyncClient, session: AsyncSession, two_days: None
) -> None:
    ticket = await asked(session)
    token = await followup.new_token(session=session, ticket_id=ticket.id, days=1)
    await session.commit()
    shown = await client.get(f"/suivi/{token}")
    assert SENTENCE in shown.text.replace("&#39;", "'")
    await tickets.change_status(session=session, reference=ticket.reference, status="resolu")
    await session.commit()
    shown = await client.get(f"/suivi/{token}")
    assert "Ces dernières semaines" not in shown.text
