"""Answering a ticket: to the learner, or a note among staff. Two advisors at once are told, and neither loses a word."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api.console.exchange import Then, Writing
from api.console.page_staff import HOME, PageStaff, go
from api.console.ticket_page import show_ticket
from api.dependencies import EngineDep, SessionDep, SettingsDep
from api.operators.signed_in import check_form
from api.text_fields import MessageText
from api.tickets import exchange, life
from api.tickets.life import Overtaken, StatusRefused

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form()]
_TEXT: TypeAdapter[str] = TypeAdapter(MessageText)
ERRORS = {"text_empty": "Écrivez un texte.", "text_too_long": "Le texte est trop long : 10 000 caractères au plus."}
OVERTAKEN = "Quelqu'un a écrit ou changé cette demande pendant que vous écriviez. Rien n'est envoyé. Votre texte est gardé plus bas : relisez ce qui est nouveau, puis envoyez de nouveau."  # noqa: E501


@router.post("/demandes/{reference}/reponse")
async def answer(
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    staff: PageStaff,
    reference: str,
    texte: Field = "",
    envoi: Field = "",
    vu: Annotated[int, Form()] = 0,
    ensuite: Annotated[Then, Form()] = "",
    jeton: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Write to the learner, and move the ticket with it."""
    check_form(staff.token, jeton)
    text, error = _read(texte)
    if text is not None:
        try:
            await exchange.answer(
                session=session,
                reference=reference,
                text=text,
                by=life.staff(staff.operator.id),
                client_id=_uuid(envoi),
                seen=vu,
                then=ensuite or None,
            )
            return go(f"{HOME}/{reference}?fait=reponse#echange")
        except (Overtaken, StatusRefused) as refused:
            error = OVERTAKEN if isinstance(refused, Overtaken) else refused.message
    return await show_ticket(
        session=session,
        engine=engine,
        settings=settings,
        staff=staff,
        reference=reference,
        warning=error,
        seen=vu,
        writing=Writing(answer=texte, answer_error=error),
        status=422 if text is None else 409,
    )


@router.post("/demandes/{reference}/note")
async def note(
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    staff: PageStaff,
    reference: str,
    texte: Field = "",
    envoi: Field = "",
    jeton: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Write among staff. A note never clashes with what others write."""
    check_form(staff.token, jeton)
    text, error = _read(texte)
    if text is not None:
        by = life.staff(staff.operator.id)
        await exchange.note(session=session, reference=reference, text=text, by=by, client_id=_uuid(envoi))
        return go(f"{HOME}/{reference}?fait=note#echange")
    return await show_ticket(
        session=session,
        engine=engine,
        settings=settings,
        staff=staff,
        reference=reference,
        warning=error,
        writing=Writing(note=texte, note_error=error),
        status=422,
    )


def _read(given: str) -> tuple[str | None, str | None]:
    """The text, or why it can't be kept."""
    try:
        return _TEXT.validate_python(given), None
    except ValidationError as error:
        return None, ERRORS.get(str(error.errors()[0]["type"]), "Le texte contient des caractères illisibles.")


def _uuid(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid4()
