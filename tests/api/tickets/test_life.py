"""The life of a ticket: one table of moves, events that tell it all, several people at once."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.tickets import exchange, life, service
from api.tickets.exchange import TooLate
from api.tickets.life import LEARNER, Actor, Overtaken, StatusRefused
from api.tickets.statuses import LABELS, OPEN, OVER, STATUSES, TO_TAKE, ActorKind, next_statuses
from tests.api.tickets.test_service import DRAFT
from tests.conftest import Counts

STAFF = Actor("operator")


async def opened(session: AsyncSession, key: str = "v") -> Ticket:
    ticket = await service.open_ticket(session=session, draft=replace(DRAFT, draft_key=key))
    await session.commit()
    return ticket


def test_every_status_has_a_name_and_a_way_on() -> None:
    assert set(LABELS) == set(STATUSES) == set(OPEN) | set(OVER)
    assert set(TO_TAKE) <= set(OPEN)
    for status in STATUSES:
        assert next_statuses(status)
        assert status not in next_statuses(status)
        assert set(next_statuses(status, "learner")) <= set(next_statuses(status)) | {"assigne"}
    assert next_statuses("perdu") == ()


def test_what_is_over_can_only_be_opened_again() -> None:
    for who in get_args(ActorKind):
        assert next_statuses("clos", who) == ("rouvert",)
        assert not set(next_statuses("resolu", who)) - {"clos", "rouvert"}


@pytest.mark.parametrize("status", STATUSES)
def test_learners_never_resolve_nor_wait(status: str) -> None:
    assert not {"resolu", "en_attente", "nouveau"} & set(next_statuses(status, "learner"))


async def test_events_tell_who_what_and_why(session: AsyncSession) -> None:
    ticket = await opened(session)
    reference = ticket.reference
    await exchange.answer(session=session, reference=reference, text="Bonjour", by=STAFF, client_id=uuid.uuid4())
    await service.change_status(
        session=session, reference=reference, status="en_attente", by=STAFF, why="pièce à venir de anne@exemple.fr"
    )
    await exchange.learner_says(session=session, ticket_id=ticket.id, text="Voici", client_id=uuid.uuid4())
    await exchange.learner_closes(session=session, ticket_id=ticket.id)
    events = await life.history(session=session, ticket=ticket)
    told = [(e.actor, e.kind, e.data.get("from"), e.data.get("to"), e.why) for e in events]
    assert told == [
        ("learner", "opened", None, None, None),
        ("operator", "message", None, None, None),
        ("operator", "status", "nouveau", "assigne", None),
        ("operator", "status", "assigne", "en_attente", "pièce à venir de [COURRIEL]"),
        ("learner", "message", None, None, None),
        ("learner", "status", "en_attente", "assigne", "réponse de l'usager"),
        ("learner", "status", "assigne", "clos", None),
    ]
    assert [e.at for e in events] == sorted(e.at for e in events)


async def test_moving_to_where_it_is_tells_nothing(session: AsyncSession) -> None:
    ticket = await opened(session)
    await service.change_status(session=session, reference=ticket.reference, status="nouveau")
    assert len(await life.history(session=session, ticket=ticket)) == 1


async def test_a_refused_move_leaves_nothing(session: AsyncSession, counts: Counts) -> None:
    ticket = await opened(session)
    await exchange.learner_closes(session=session, ticket_id=ticket.id)
    await session.commit()
    before = await counts()
    refused = {"session": session, "reference": ticket.reference, "text": "x", "by": STAFF, "client_id": uuid.uuid4()}
    with pytest.raises(StatusRefused):
        await exchange.answer(**refused)  # type: ignore[arg-type]
    await session.rollback()
    assert await counts() == before


async def test_many_at_once_with_the_same_version_only_one_passes(app: FastAPI, session: AsyncSession) -> None:
    ticket = await opened(session)
    seen = await life.version_of(session=session, ticket=ticket)

    async def answer(n: int) -> str:
        async with app.state.sessions() as own:
            try:
                await exchange.answer(
                    session=own,
                    reference=ticket.reference,
                    text=f"réponse {n}",
                    by=STAFF,
                    client_id=uuid.uuid4(),
                    seen=seen,
                )
            except Overtaken:
                return "told"
            await own.commit()
            return "kept"

    outcomes = await asyncio.gather(*(answer(n) for n in range(6)))
    assert sorted(outcomes) == ["kept", *["told"] * 5]
    assert len(await exchange.messages(session=session, ticket=ticket)) == 1


async def test_the_same_form_at_the_same_time_is_kept_once(app: FastAPI, session: AsyncSession) -> None:
    ticket = await opened(session)
    form = uuid.uuid4()

    async def say() -> int:
        async with app.state.sessions() as own:
            said = await exchange.learner_says(session=own, ticket_id=ticket.id, text="une fois", client_id=form)
            await own.commit()
            return said.message.id

    assert len(set(await asyncio.gather(*(say() for _ in range(5))))) == 1


async def test_learners_words_are_masked_and_what_staff_tell_to_use_stays(session: AsyncSession) -> None:
    ticket = await opened(session)
    text = "a@exemple.fr, 06 12 34 56 78, FR76 3000 6000 0112 3456 7890 189"
    said = await exchange.learner_says(session=session, ticket_id=ticket.id, text=text, client_id=uuid.uuid4())
    assert said.message.text == "[COURRIEL], [TÉLÉPHONE], [IBAN]"
    assert said.masked
    answer = await exchange.answer(
        session=session, reference=ticket.reference, text=text, by=STAFF, client_id=uuid.uuid4()
    )
    assert answer.message.text == "a@exemple.fr, 06 12 34 56 78, [IBAN]"


async def test_reopening_is_for_a_while(session: AsyncSession) -> None:
    ticket = await opened(session)
    again = {"session": session, "ticket_id": ticket.id, "text": "non", "client_id": uuid.uuid4()}
    with pytest.raises(StatusRefused):
        await exchange.learner_reopens(**again, within=timedelta(days=30))  # type: ignore[arg-type]
    await exchange.learner_closes(session=session, ticket_id=ticket.id)
    with pytest.raises(TooLate):
        await exchange.learner_reopens(**again, within=timedelta(0))  # type: ignore[arg-type]
    said = await exchange.learner_reopens(**again, within=timedelta(days=30))  # type: ignore[arg-type]
    assert said.ticket.status == "rouvert"


async def test_an_alarm_opens_what_was_over_and_comes_first(session: AsyncSession) -> None:
    ticket = await opened(session)
    await exchange.learner_closes(session=session, ticket_id=ticket.id)
    await exchange.raise_alarm(session=session, ticket=ticket, label="detresse")
    assert (ticket.status, ticket.priority) == ("rouvert", 0)
    assert LEARNER.operator_id is None
