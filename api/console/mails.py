"""The page of e-mails: whether they leave, how many wait, which could not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.console.contexts import Who
from api.console.exchange import MailLine, mail_line
from api.console.page_staff import TEMPLATES, PageStaff, go
from api.console.ticket_page import who
from api.dependencies import SessionDep, SettingsDep
from api.mail import service as mail
from api.operators.signed_in import check_form
from api.pages import page
from api.tickets import service as tickets

router = APIRouter(include_in_schema=False)
PATH = "/console/courriels"
COUNTS = {
    "queued": "En file",
    "planned": "Prévus plus tard",
    "sent": "Envoyés",
    "refused": "Refusés",
    "failed": "Abandonnés",
    "dropped": "Annulés",
}


@dataclass(frozen=True, slots=True)
class MailsPage:
    """`lines`: the mails that should have left."""

    who: Who
    configured: bool
    counts: tuple[tuple[str, int], ...]
    lines: tuple[MailLine, ...]
    notice: str | None = None


@router.get("/courriels")
async def mails(session: SessionDep, settings: SettingsDep, staff: PageStaff, fait: str = "") -> Response:
    """What became of e-mails."""
    counts = await mail.counts(session=session)
    lines = []
    for stuck in await mail.stuck(session=session):
        ticket = await tickets.ticket_by_id(session=session, ticket_id=stuck.ticket_id)
        lines.append(mail_line(stuck, ticket.reference if ticket else ""))
    context = MailsPage(
        who=who(staff),
        configured=mail.is_configured(settings),
        counts=tuple((label, counts.get(state, 0)) for state, label in COUNTS.items()),
        lines=tuple(lines),
        notice="Le courriel est remis en file." if fait else None,
    )
    return page(TEMPLATES, "courriels.html", context)


@router.post("/courriels/{mail_id}/renvoyer")
async def send_again(
    session: SessionDep, staff: PageStaff, mail_id: uuid.UUID, jeton: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Put a mail back into the queue."""
    check_form(staff.token, jeton)
    await mail.send_again(session=session, mail_id=mail_id)
    return go(f"{PATH}?fait=1")
