"""Time left in plain words, and the page that shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from api.console.remaining import NOT_FIXED, Remaining, remaining, worked_words
from api.db.models import Ticket
from api.operators.signed_in import COOKIE
from api.teams import service as teams
from api.tickets import life
from tests.api.console.test_answering import MakeAccount
from tests.api.console.test_pages import check_accessible, form_token
from tests.api.tickets import test_due
from tests.api.tickets.test_clock import paris

BEFORE = "première réponse avant le mercredi 25 novembre, 11 h 30"
SINCE = "première réponse : mercredi 25 novembre, 11 h 30"


def ticket(**values: object) -> Ticket:
    return Ticket(**({"team": "enseignants", "status": "nouveau", "clock": "none", "due_at": None} | values))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T10:00", Remaining("il reste 11 h de travail", BEFORE)),
        ("2026-11-25T09:00", Remaining("il reste 2 h 30 de travail", BEFORE, "soon")),
        ("2026-11-25T11:29", Remaining("il reste 1 min de travail", BEFORE, "soon")),
        ("2026-11-25T11:30", Remaining("en retard", SINCE, "late")),
        ("2026-11-26T09:30", Remaining("en retard de 7 h 30 de travail", SINCE, "late")),
        ("2027-01-26T09:30", Remaining("en retard depuis le mercredi 25 novembre 2026", "première réponse", "late")),
    ],
)  # fmt: skip
def test_a_running_clock(now: str, expected: Remaining) -> None:
    due = paris("2026-11-25T11:30")
    assert remaining(ticket(clock="running", due_at=due, due_kind="answer"), paris(now)) == expected


def test_what_has_no_date_says_why() -> None:
    now = paris("2026-11-24T10:00")
    assert remaining(ticket(), now).label == NOT_FIXED
    assert remaining(ticket(clock="met"), now).label == "réponse donnée"
    assert remaining(ticket(status="resolu", clock="over"), now).label == "terminé"
    paused = remaining(ticket(status="en_attente", clock="paused", left_s=5 * 3600), now)
    assert paused == Remaining("en pause", "la personne doit répondre ; il restera 5 h de travail")
    assert "dépassé" in (remaining(ticket(status="en_attente", clock="paused", left_s=-1), now).detail or "")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "1 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 01"), (599, "9 h 59"), (600, "10 h"), (1139, "19 h")],
)
def test_worked_time(minutes: int, said: str) -> None:
    assert worked_words(timedelta(minutes=minutes)) == f"{said} de travail"


async def test_the_pages_show_it_and_what_the_reader_must_know(
    client: httpx.AsyncClient, account: MakeAccount, session: AsyncSession
) -> None:
    person = await account(login="lea.martin")
    client.cookies.set(COOKIE, person.token)
    late = await test_due.opened(session, (datetime.now(UTC) - timedelta(days=12)).strftime("%Y-%m-%dT10:00"))
    await test_due.opened(session, service_type="certificats_bulletins")
    operator = (await life_operator(session)).operator_id
    data = {"clock": "answer", "percent": 100, "cycle": 0}
    for key in ("a", "b"):
        await teams.tell(
            session=session,
            people=[operator],
            ticket=late,
            key=key,
            kind="escalation",
            data=data,
            at=paris("2026-10-07T10:00"),
        )
    await session.commit()
    html = (await client.get("/console/demandes")).text
    check_accessible(html)
    assert "à fixer" in html
    assert "en retard de" in html
    assert html.index(late.reference, html.index("<caption>")) < html.index("à fixer")
    assert "À regarder (2)" in html
    assert "le délai de première réponse est dépassé" in html
    page = (await client.get(f"/console/demandes/{late.reference}")).text
    check_accessible(page)
    assert "en retard de" in page
    refused = await client.post("/console/rappels/vus", data={"jusque": "999999", "jeton": "0" * 64})
    assert refused.status_code == 403
    await client.post("/console/rappels/vus", data={"jusque": "999999", "jeton": form_token(html)})
    assert "À regarder" not in (await client.get("/console/demandes")).text


async def life_operator(session: AsyncSession) -> life.Actor:
    from api.operators import service as operators

    return life.staff((await operators.account(session=session, login="lea.martin")).id)
