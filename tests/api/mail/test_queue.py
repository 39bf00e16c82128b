"""E-mails are queued with what causes them, and only those that somebody wants leave. Real server, real worker."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.followup import service as followup
from api.mail import service as mail
from api.settings import Settings
from api.tickets import exchange, life, notices, service
from tests.api.mail.conftest import OpenTicket, eventually, jobs, mail_settings, mails, no_job, states, worker
from tests.mailbox import Mailbox, parts

STAFF = life.SYSTEM


async def test_a_mail_is_queued_with_its_ticket_or_not_at_all(session: AsyncSession, open_ticket: OpenTicket) -> None:
    await open_ticket()
    assert await states(session) == ["queued"]
    assert await jobs(session) == 1
    draft = service.TicketDraft(
        draft_key="x", channel="mail", service_type="supports_colis", subject="s", contact_email="b@exemple.fr"
    )
    await service.open_ticket(session=session, draft=draft)
    await session.rollback()
    assert await states(session) == ["queued"]
    assert await jobs(session) == 1


async def test_the_same_draft_confirms_once(session: AsyncSession, open_ticket: OpenTicket) -> None:
    ticket = await open_ticket()
    await mail.queue(session=session, ticket_id=ticket.id, kind="confirmation", key=f"confirmation:{ticket.id}")
    await session.commit()
    assert await states(session) == ["queued"]
    assert await jobs(session) == 1


async def test_nobody_is_flooded_with_confirmations_they_did_not_ask_for(
    session: AsyncSession, open_ticket: OpenTicket
) -> None:
    for _ in range(notices.CONFIRMATIONS_A_DAY + 3):
        await open_ticket()
    await open_ticket(contact_email="paul@exemple.fr")
    assert len(await states(session)) == notices.CONFIRMATIONS_A_DAY + 1


@pytest.mark.parametrize("changes", [{"contact_email": None}, {"contact_email": None, "contact_phone": "0612345678"}])
async def test_nobody_is_written_to_without_an_address(
    session: AsyncSession, open_ticket: OpenTicket, changes: dict[str, str | None]
) -> None:
    ticket = await open_ticket(**changes)
    await exchange.answer(session=session, reference=ticket.reference, text="Oui", by=STAFF, client_id=uuid.uuid4())
    await service.change_status(session=session, reference=ticket.reference, status="resolu")
    await session.commit()
    assert await states(session) == []


async def test_a_ticket_of_safety_writes_nothing_by_itself(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    ticket = await open_ticket(priority=service.SAFETY)
    for status in ("en_attente", "resolu"):
        await service.change_status(session=session, reference=ticket.reference, status=status)  # type: ignore[arg-type]
    assert await states(session) == []
    await exchange.answer(
        session=session, reference=ticket.reference, text="Appelez-moi", by=STAFF, client_id=uuid.uuid4()
    )
    await session.commit()
    async with worker(mail_settings(settings, box)):
        await asyncio.to_thread(box.wait_for, 1)
    body, html = parts(box.messages[0])
    assert "Appelez-moi" not in body + html
    assert "Pour protéger vos informations" in body


async def test_reminders_only_while_the_ticket_waits(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    ticket = await open_ticket()
    waiting = [await open_ticket() for _ in range(2)][1]
    for t in (ticket, waiting):
        await service.change_status(session=session, reference=t.reference, status="en_attente")
    await exchange.learner_says(session=session, ticket_id=ticket.id, text="Voici", client_id=uuid.uuid4())
    await service.change_status(session=session, reference=ticket.reference, status="en_attente")  # another wait
    await session.commit()
    reminders = [m for m in await mails(session) if m.kind == "reminder"]
    assert len(reminders) == 6
    assert {(m.due_at - datetime.now(UTC)).days for m in reminders} == {2, 9}
    assert (await mail.counts(session=session)) == {"queued": 3, "planned": 6}
    await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE scheduled_at IS NOT NULL"))
    await session.commit()
    async with worker(mail_settings(settings, box)):
        await asyncio.to_thread(box.wait_for, 7)
        await eventually(lambda: no_job(session), "no job left")
    found = sorted((m.state, m.reason) for m in await mails(session) if m.kind == "reminder")
    assert found == [("dropped", "plus_en_attente")] * 2 + [("sent", None)] * 4


async def test_who_asked_for_no_more_mails_gets_none(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    ticket, other = await open_ticket(), await open_ticket()
    await mail.set_stopped(session=session, ticket_id=ticket.id, stopped=True)
    await session.commit()
    async with worker(mail_settings(settings, box)):
        await eventually(lambda: no_job(session), "no job left")
    assert len(box.messages) == 1
    assert other.reference in box.messages[0]["Subject"]
    assert sorted(m.reason or "" for m in await mails(session)) == ["", "arret_demande"]
    await mail.set_stopped(session=session, ticket_id=ticket.id, stopped=False)
    assert not await mail.is_stopped(session=session, ticket_id=ticket.id)


async def test_answers_are_sent_with_what_was_written(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    ticket = await open_ticket()
    said = {"reference": ticket.reference, "by": STAFF}
    await exchange.note(session=session, text="note à nous", client_id=uuid.uuid4(), **said)  # type: ignore[arg-type]
    await exchange.answer(session=session, text="Première <réponse>", client_id=uuid.uuid4(), **said)  # type: ignore[arg-type]
    await exchange.answer(session=session, text="Fini", client_id=uuid.uuid4(), then="resolu", **said)  # type: ignore[arg-type]
    await session.commit()
    async with worker(mail_settings(settings, box)):
        await asyncio.to_thread(box.wait_for, 3)
        await eventually(lambda: no_job(session), "no job left")
    by_subject = {m["Subject"].split(" ")[0]: m for m in box.messages}
    texts = {subject: parts(m)[0] for subject, m in by_subject.items()}
    assert "> Première <réponse>" in texts["Une"]
    assert "Première &lt;réponse&gt;" in parts(by_subject["Une"])[1]
    resolved = next(t for t in texts.values() if "> Fini" in t)
    assert "avis" in resolved
    assert not any("note à nous" in t for t in texts.values())
    assert len(box.messages) == 3


async def test_an_expired_link_opens_nothing(app: FastAPI, session: AsyncSession, open_ticket: OpenTicket) -> None:
    ticket = await open_ticket()
    token = await followup.new_token(session=session, ticket_id=ticket.id, days=1)
    await session.execute(text("UPDATE followup_links SET expires_at = now() - interval '1 second'"))
    await session.commit()
    with pytest.raises(followup.UnknownLink):
        await followup.ticket_of(session=session, token=token)
