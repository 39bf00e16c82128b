"""Opening, finding and moving tickets, against PostgreSQL."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from api.tickets import service
from api.tickets.service import StatusRefused, TicketDraft, UnknownServiceType, UnknownTicket
from tests.conftest import Counts
from tests.fakes import catalogue

DRAFT = TicketDraft(
    draft_key="brouillon-1",
    channel="chat",
    service_type="certificats_bulletins",
    unit="college",
    subject="Bulletin",
    fields={
        "niveau": {"value": "6e", "origin": "said"},
        "document": {"value": None, "origin": "skipped"},
        "contact": {"value": "Anne.Durand@exemple.fr", "origin": "said"},
    },
)


async def test_it_is_routed_by_the_catalogue(session: AsyncSession) -> None:
    ticket = await service.open_ticket(session=session, draft=DRAFT)
    assert (ticket.team, ticket.unit, ticket.status) == ("gestion_scolarite", "college", "nouveau")
    without_units = replace(DRAFT, draft_key="2", service_type="supports_colis")
    ticket = await service.open_ticket(session=session, draft=without_units, catalogue=catalogue())
    assert (ticket.team, ticket.unit) == ("production", None)


async def test_contact_goes_to_its_columns_and_skipped_fields_are_not_shown(session: AsyncSession) -> None:
    ticket = await service.open_ticket(session=session, draft=DRAFT)
    assert "contact" not in ticket.fields
    assert (ticket.contact_email, ticket.contact_phone) == ("anne.durand@exemple.fr", None)
    assert service.ticket_view(ticket) == {
        "reference": ticket.reference,
        "service_type": "certificats_bulletins",
        "team": "gestion_scolarite",
        "unit": "college",
        "status": "nouveau",
        "fields": {"niveau": "6e"},
    }


async def test_what_may_not_be_kept_is_masked_wherever_it_was_said(session: AsyncSession) -> None:
    said = "anne@exemple.fr, 06 12 34 56 78, FR76 3000 6000 0112 3456 7890 189, 4970 1000 0000 0154"
    draft = replace(
        DRAFT,
        subject=said,
        fields={"motif": {"value": said, "origin": "said"}, "identifiant": {"value": "1234567890A", "origin": "said"}},
        triage={"entities": {"qui": said}},
    )
    ticket = await service.open_ticket(session=session, draft=draft)
    masked = "[COURRIEL], [TÉLÉPHONE], [IBAN], [CARTE]"
    assert ticket.subject == masked
    assert ticket.fields["motif"]["value"] == masked
    assert ticket.triage == {"entities": {"qui": masked}}
    assert ticket.fields["identifiant"]["value"] == "1234567890A"  # an INE finds a registration


async def test_the_same_draft_opens_once(session: AsyncSession, counts: Counts) -> None:
    first = await service.open_ticket(session=session, draft=DRAFT)
    again = await service.open_ticket(session=session, draft=replace(DRAFT, subject="Autre"))
    await session.commit()
    assert again.reference == first.reference
    assert (await counts())["tickets"] == 1


async def test_the_same_draft_at_the_same_time_opens_once(app: FastAPI, counts: Counts) -> None:
    async def open_it() -> str:
        async with app.state.sessions() as session:
            ticket = await service.open_ticket(session=session, draft=DRAFT)
            await session.commit()
            return ticket.reference

    assert len(set(await asyncio.gather(*(open_it() for _ in range(10))))) == 1
    assert (await counts())["tickets"] == 1


async def test_a_taken_reference_is_drawn_again(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = await service.open_ticket(session=session, draft=DRAFT)
    drawn = iter([taken.reference, taken.reference, "FREE-0000"])
    monkeypatch.setattr(service, "new_reference", lambda: next(drawn))
    ticket = await service.open_ticket(session=session, draft=replace(DRAFT, draft_key="2"))
    assert ticket.reference == "FREE-0000"


async def test_an_unknown_service_type_opens_nothing(session: AsyncSession, counts: Counts) -> None:
    with pytest.raises(UnknownServiceType):
        await service.open_ticket(session=session, draft=replace(DRAFT, service_type="inconnu"))
    await session.commit()
    assert (await counts())["tickets"] == 0


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("anne.durand@exemple.fr", True),
        (" Anne.DURAND@exemple.fr ", True),
        ("c'est anne.durand@exemple.fr", True),
        ("+33 6 12 34 56 78", True),
        ("06.12.34.56.78", True),
        ("paul@exemple.fr", False),
        ("06 12 34 56 79", False),
        ("", False),
        ("%", False),
    ],
)
async def test_status_needs_the_contact_given(session: AsyncSession, contact: str, found: bool) -> None:
    draft = replace(DRAFT, contact_phone="0612345678")
    ticket = await service.open_ticket(session=session, draft=draft)
    typed = ticket.reference.lower().replace("-", " ")
    answer = await service.find_ticket(session=session, reference=typed, contact=contact)
    assert (answer is not None) is found
    assert await service.find_ticket(session=session, reference="0000-0000", contact=contact) is None


async def test_without_a_contact_nobody_finds_it(session: AsyncSession) -> None:
    ticket = await service.open_ticket(session=session, draft=replace(DRAFT, fields={}))
    for contact in ("", "None", "@"):
        assert await service.find_ticket(session=session, reference=ticket.reference, contact=contact) is None


async def test_the_list_goes_by_priority_then_age_page_by_page(session: AsyncSession) -> None:
    opened: dict[str, Any] = {}
    for n, priority in enumerate((2, 0, 2, 1, 2, 0, 2)):
        ticket = await service.open_ticket(
            session=session, draft=replace(DRAFT, draft_key=str(n), subject=str(n), priority=priority)
        )
        opened[str(n)] = ticket
        await session.commit()  # created_at is the time of the transaction
    seen: list[str] = []
    after = None
    while True:
        page, after = await service.list_tickets(session=session, filters=service.filters_of(), after=after, limit=2)
        seen += [t.subject for t in page]
        if after is None:
            break
    assert seen == ["1", "5", "3", "0", "2", "4", "6"]


async def test_filters(session: AsyncSession) -> None:
    college = await service.open_ticket(session=session, draft=DRAFT)
    parcel = await service.open_ticket(
        session=session,
        draft=TicketDraft(
            draft_key="2", channel="mail", service_type="supports_colis", subject="Colis à 100 % vide", fields={}
        ),
    )

    async def found(**filters: Any) -> set[str]:
        tickets, _ = await service.list_tickets(session=session, filters=service.filters_of(**filters))
        return {t.reference for t in tickets}

    both = {college.reference, parcel.reference}
    assert await found() == both
    assert await found(team="production") == {parcel.reference}
    assert await found(unit="college") == {college.reference}
    assert await found(service_type="supports_colis") == {parcel.reference}
    assert await found(statuses=("clos",)) == set()
    assert await found(statuses=("nouveau", "clos")) == both
    assert await found(q="COLIS À") == {parcel.reference}
    assert await found(q="100 %") == {parcel.reference}
    assert await found(q="_") == set()
    assert await found(q="6e") == {college.reference}
    assert await found(q="anne.durand@EXEMPLE.fr") == {college.reference}
    assert await found(q=parcel.reference.lower().replace("-", "")) == {parcel.reference}
    counts = await service.count_tickets(session=session, filters=service.filters_of(unit="college"))
    assert counts == {"nouveau": 1, "assigne": 0, "en_attente": 0, "resolu": 0, "clos": 0, "rouvert": 0}


async def test_status_moves_and_a_closed_ticket_only_opens_again(session: AsyncSession) -> None:
    ticket = await service.open_ticket(session=session, draft=DRAFT)
    await session.commit()
    before = ticket.updated_at
    moved = await service.change_status(session=session, reference=ticket.reference, status="clos")
    await session.commit()
    assert moved.status == "clos"
    assert moved.updated_at > before
    with pytest.raises(StatusRefused, match="Clos"):
        await service.change_status(session=session, reference=ticket.reference, status="resolu")
    assert (await service.change_status(session=session, reference=ticket.reference, status="rouvert")).status == (
        "rouvert"
    )
    with pytest.raises(UnknownTicket):
        await service.change_status(session=session, reference="0000-0000", status="clos")


async def test_a_ticket_outlives_its_conversation(session: AsyncSession) -> None:
    from api.db.models import Conversation

    conversation = Conversation(id=uuid.uuid4(), token_hash=b"x", channel="chat", state={})
    session.add(conversation)
    await session.flush()
    ticket = await service.open_ticket(session=session, draft=replace(DRAFT, conversation_id=conversation.id))
    await session.delete(conversation)
    await session.flush()
    await session.refresh(ticket)
    assert ticket.conversation_id is None
