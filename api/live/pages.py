"""`/console/direct`: who waits, what is said, and what an agent may do. Forms and pages; its script keeps it up to date."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response, StreamingResponse
from starlette.staticfiles import StaticFiles

from api.console.page_staff import PageStaff, go
from api.errors import Invalid, Refusal
from api.live import alarms, service
from api.live.page_desk import DeskDep, FormDesk
from api.live.process import SignalsDep
from api.live.rendering import HERE
from api.live.tickets import to_ticket
from api.text_fields import Line, MessageText

router = APIRouter(prefix="/console/direct", include_in_schema=False)
HOME = "/console/direct"
PING_S = 15.0  # a comment on a silent stream, so that proxies keep it and closed pages are noticed
STATIC = StaticFiles(directory=HERE / "static")
NAME_LENGTH = 40
DONE = {
    "prise": "Vous êtes en discussion. La personne vient d'en être informée.",
    "rendue": "La discussion est rendue à l'assistant.",
    "terminee": "La discussion est terminée.",
    "transferee": "La discussion est transférée.",
    "effacee": "La personne a effacé sa conversation : ce qu'elle avait écrit n'est plus gardé.",
    "alerte": "Vous prenez cette alerte : elle n'est plus affichée chez vos collègues.",
}
_TEXT: TypeAdapter[str] = TypeAdapter(MessageText)


@router.get("")
async def home(desk: DeskDep, fait: str = "") -> Response:
    """The queue and the agent's conversations."""
    await service.heartbeat(desk.agent)
    return await desk.page(notice=DONE.get(fait))


@router.get("/flux")
async def stream(staff: PageStaff, signals: SignalsDep) -> Response:
    """An event each time something changed: the page then reads itself again."""

    async def events() -> AsyncIterator[str]:
        with signals.listen() as changed:
            yield "retry: 2000\n\n"
            while True:
                try:
                    await asyncio.wait_for(changed.wait(), PING_S)
                except TimeoutError:
                    yield ": rien\n\n"
                    continue
                changed.clear()
                yield "event: change\ndata: {}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.get("/static/{path:path}")
async def static(request: Request, path: str) -> Response:
    """Style and script."""
    return await STATIC.get_response(path, request.scope)


@router.post("/presence")
async def set_presence(
    desk: FormDesk,
    etat: Annotated[Literal["online", "away"], Form()],
    nom: Annotated[Line, Form()] = "",
    equipe: Annotated[Line, Form()] = "crc",
) -> Response:
    """Online or away."""
    name = nom[:NAME_LENGTH] or desk.staff.operator.name
    try:
        await service.set_presence(desk.agent, status=etat, name=name, team=equipe, catalogue=desk.engine.catalogue)
    except Refusal as refusal:
        return await desk.refused(refusal)
    return go(HOME)


@router.post("/presence/battement")
async def heartbeat(desk: FormDesk) -> Response:
    """The page is still there."""
    await service.heartbeat(desk.agent)
    return Response(status_code=204)


@router.post("/alertes/{alarm_id}/prendre")
async def acknowledge(desk: FormDesk, alarm_id: int) -> Response:
    """Take an alarm in hand."""
    try:
        await alarms.acknowledge(desk.agent, alarm_id)
    except Refusal as refusal:
        return await desk.refused(refusal)
    return go(f"{HOME}?fait=alerte")


@router.post("/alertes/{alarm_id}/repondre")
async def reach_out(desk: FormDesk, alarm_id: int) -> Response:
    """Take an alarm and write to the person."""
    try:
        taken = await alarms.reach_out(desk.agent, alarm_id)
    except Refusal as refusal:
        return await desk.refused(refusal)
    return go(f"{HOME}/{taken.id}?fait=prise")


@router.get("/{handover_id}")
async def conversation(desk: DeskDep, handover_id: int, fait: str = "", inserer: str = "") -> Response:
    """One conversation beside the queue. `inserer` puts an article in the box."""
    await service.heartbeat(desk.agent)
    article = desk.engine.articles.get(inserer)
    return await desk.page(opened=handover_id, draft=article.answer if article else "", notice=DONE.get(fait))


@router.post("/{handover_id}/prendre")
async def take(desk: FormDesk, handover_id: int) -> Response:
    """Take somebody from the queue."""
    try:
        await service.take(desk.agent, handover_id)
    except Refusal as refusal:
        return await desk.refused(refusal)
    return go(f"{HOME}/{handover_id}?fait=prise")


@router.post("/{handover_id}/message")
async def say(
    desk: FormDesk,
    handover_id: int,
    texte: Annotated[str, Form()] = "",
    id_message: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Write to the person."""
    try:
        text = _TEXT.validate_python(texte)
        await service.say(desk.agent, handover_id, text, _message_id(id_message))
    except ValidationError:
        refusal = Invalid("Le message est vide ou trop long. Il n'est pas parti.")
        return await desk.refused(refusal, opened=handover_id, draft=texte)
    except Refusal as refusal:
        return await desk.refused(refusal, opened=handover_id, draft=texte)
    return go(f"{HOME}/{handover_id}")


@router.post("/{handover_id}/ecrit")
async def typing(desk: FormDesk, handover_id: int) -> Response:
    """The agent is writing."""
    await service.typing(desk.agent, handover_id)
    return Response(status_code=204)


@router.post("/{handover_id}/rendre")
async def hand_back(desk: FormDesk, handover_id: int) -> Response:
    """Give the conversation back to the assistant."""
    try:
        await service.hand_back(desk.agent, handover_id)
    except Refusal as refusal:
        return await desk.refused(refusal, opened=handover_id)
    return go(f"{HOME}?fait=rendue")


@router.post("/{handover_id}/terminer")
async def close(desk: FormDesk, handover_id: int) -> Response:
    """End the exchange."""
    try:
        await service.close(desk.agent, handover_id)
    except Refusal as refusal:
        return await desk.refused(refusal, opened=handover_id)
    return go(f"{HOME}?fait=terminee")


@router.post("/{handover_id}/transferer")
async def transfer(desk: FormDesk, handover_id: int, vers: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Pass the conversation on, to `agent:<id>` or `equipe:<id>`."""
    kind, _, to = vers.partition(":")
    try:
        if kind == "equipe":
            await service.transfer_to_team(desk.agent, handover_id, to, desk.engine.catalogue)
        else:
            await service.transfer_to_agent(desk.agent, handover_id, _agent_id(to))
    except Refusal as refusal:
        return await desk.refused(refusal, opened=handover_id)
    return go(f"{HOME}?fait=transferee")


@router.post("/{handover_id}/demande")
async def make_ticket(desk: FormDesk, handover_id: int, service: Annotated[Line, Form()] = "") -> Response:
    """Turn the conversation into a request."""
    try:
        ticket = await to_ticket(desk.agent, handover_id, service_type=service, catalogue=desk.engine.catalogue)
    except Refusal as refusal:
        return await desk.refused(refusal, opened=handover_id)
    return go(f"/console/demandes/{ticket.reference}")


def _agent_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid("Choisissez un collègue ou une équipe dans la liste.") from None


def _message_id(given: str) -> str | None:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return None
