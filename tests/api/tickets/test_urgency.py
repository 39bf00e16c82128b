"""A date that the person depends on: kept, shown, and urgent when it is near."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.tickets import exchange, life, service
from api.tickets.urgency import urgency_in, urgency_of
from tests.api.tickets.test_clock import paris
from tests.api.tickets.test_service import DRAFT

MONDAY = paris("2026-11-23T10:00")


def ticket(**values: object) -> Ticket:
    given = {"subject": "Bulletin", "team": "gestion_scolarite", "transcript": [], "fields": {}, "needed_by": None}
    return Ticket(**(given | values))


@pytest.mark.parametrize(
    ("text", "needed_by", "priority"),
    [
        ("avant vendredi", "2026-11-26T18:00", 2),  # more than three days of work
        ("avant jeudi", "2026-11-25T18:00", 1),
        ("avant lundi", "2026-11-27T18:00", 2),  # the last closing before it: Friday's
        ("se termine le 25 novembre", "2026-11-25T18:00", 1),
        ("date limite aujourd'hui", "2026-11-23T18:00", 1),
        ("avant ce soir", "2026-11-23T18:00", 1),
        ("examen demain", "2026-11-23T18:00", 1),
    ],
)
def test_the_last_moment_of_work_before_it_is_too_late(text: str, needed_by: str, priority: int) -> None:
    found = urgency_in(text, ticket(), MONDAY)
    assert found is not None
    assert (found.needed_by, found.priority, found.said) == (paris(needed_by).astimezone(UTC), priority, text)


def test_said_after_the_last_closing_it_is_the_end_of_the_day() -> None:
    evening = paris("2026-11-23T21:00")
    for text, end in (("avant demain", "2026-11-24T00:00"), ("date limite demain", "2026-11-24T18:00")):
        found = urgency_in(text, ticket(), evening)
        assert found is not None
        assert found.needed_by == paris(end).astimezone(UTC)


def test_it_is_read_in_what_the_person_said_and_in_the_fields_that_ask_for_it() -> None:
    lines = [{"author": "assistant", "text": "avant mardi"}, {"author": "learner", "text": "avant jeudi"}]
    found = urgency_of(ticket(transcript=lines), MONDAY)
    assert found is not None
    assert found.said == "avant jeudi"
    fields = {
        "echeance": {"value": "mercredi 25", "origin": "said"},
        "date_envoi": {"value": "mardi", "origin": "said"},
    }
    found = urgency_of(ticket(fields=fields), MONDAY)
    assert found is not None
    assert found.said == "Date limite : mercredi 25"
    assert urgency_of(ticket(fields={"echeance": {"value": None, "origin": "skipped"}}), MONDAY) is None


async def test_an_opened_ticket_keeps_it_and_says_why(session: AsyncSession) -> None:
    words = f"date limite {(datetime.now(UTC) + timedelta(days=1)).strftime('%d/%m/%Y')}"
    draft = replace(DRAFT, transcript=[{"author": "learner", "text": words, "at": "x"}])
    opened = await service.open_ticket(session=session, draft=draft)
    assert (opened.priority, opened.due_kind, opened.clock) == (1, "needed_by", "running")
    assert opened.due_at == opened.needed_by
    events = await life.history(session=session, ticket=opened)
    assert [(e.kind, e.data.get("said")) for e in events] == [("priority", words), ("opened", None)]


async def test_a_later_message_brings_it_nearer_and_never_farther(session: AsyncSession) -> None:
    opened = await service.open_ticket(session=session, draft=DRAFT)
    assert (opened.priority, opened.needed_by) == (2, None)

    async def say(days: int) -> None:
        day = (datetime.now(UTC) + timedelta(days=days)).strftime("%d/%m/%Y")
        text = f"date limite le {day}"
        await exchange.learner_says(session=session, ticket_id=opened.id, text=text, client_id=uuid.uuid4())

    await say(40)
    first = opened.needed_by
    assert first is not None
    assert opened.priority == 2
    await say(1)
    assert opened.needed_by is not None
    assert opened.needed_by < first
    assert opened.priority == 1
    await say(40)
    assert opened.priority == 1
    assert [e.kind for e in await life.history(session=session, ticket=opened)].count("priority") == 2


async def test_safety_stays_first(session: AsyncSession) -> None:
    opened = await service.open_ticket(session=session, draft=replace(DRAFT, priority=0, subject="avant demain"))
    assert opened.priority == 0
