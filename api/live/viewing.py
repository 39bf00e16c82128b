"""From what is read to the page of an agent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from starlette.responses import Response

from api.console.contexts import Option, Who, options
from api.db.models import Operator
from api.live import contexts
from api.live.board import Board, Reading, read_board, read_conversation
from api.live.contexts import LivePage, Talk
from api.live.rendering import TEMPLATES
from api.live.service import Agent
from api.operators.signed_in import Staff, form_token
from api.pages import page
from knowledge.triage import Engine


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of the page: the open conversation, what is in its box, what is said of the last action."""

    opened: int | None = None
    draft: str = ""
    notice: str | None = None
    error: str | None = None
    status: int = 200


async def show(agent: Agent, staff: Staff, engine: Engine, heartbeat_s: float, view: View) -> Response:
    """The page."""
    board = await read_board(session=agent.session, live=agent.live, operator_id=agent.operator_id)
    reading = None
    if view.opened is not None:
        reading = await read_conversation(session=agent.session, handover_id=view.opened)
    talk = _talk(agent, reading, board, engine, view.draft) if reading else None
    context = _context(agent, staff, engine, board, talk, heartbeat_s, view)
    return page(TEMPLATES, "direct.html", context, status=view.status)


def _context(
    agent: Agent, staff: Staff, engine: Engine, board: Board, talk: Talk | None, heartbeat_s: float, view: View
) -> LivePage:
    live, catalogue, operator = agent.live, engine.catalogue, staff.operator
    return LivePage(
        who=Who(operator.name, operator.role, form_token(staff.token)),
        alarms=tuple(contexts.alarm_of(a) for a in board.alarms),
        presence=contexts.presence_of(board.presence, operator.name, catalogue, _is_online(board, operator)),
        open_now=live.hours.is_open(live.now),
        hours=live.hours.spoken,
        queue=tuple(contexts.in_queue(w, live, catalogue) for w in board.queue),
        mine=tuple(contexts.mine_of(m, live, catalogue, view.opened) for m in board.mine),
        talk=talk,
        heartbeat_ms=int(heartbeat_s * 1000),
        notice=view.notice,
        error=view.error,
    )


def _talk(agent: Agent, reading: Reading, board: Board, engine: Engine, draft: str) -> Talk:
    found, catalogue = reading.handover, engine.catalogue
    read = found.triage or {}
    scored = read.get("request_types") or [{"id": ""}]
    labels = {t.id: t.label for t in catalogue.types.values()}
    return Talk(
        id=found.id,
        mine=found.status == "with_agent" and found.operator_id == agent.operator_id,
        waiting=found.status == "waiting",
        status=found.status,
        learner=contexts.learner_line(found, agent.live),
        lines=tuple(contexts.line_of(m) for m in reading.messages),
        email=reading.email,
        phone=reading.phone,
        kinds=contexts.kinds_of(read, catalogue),
        facts=contexts.facts_of(read, catalogue),
        suggestions=contexts.suggestions_of(read, engine.articles),
        colleagues=contexts.colleagues_of(list(board.online), agent.operator_id),
        teams=_teams(board, agent.operator_id, engine),
        service_types=options(labels, str(scored[0]["id"]), "Choisir un service"),
        draft=draft,
        message_id=str(uuid.uuid4()),
    )


def _teams(board: Board, me: uuid.UUID, engine: Engine) -> tuple[Option, ...]:
    """The teams where a colleague answers now."""
    there = {p.team for p in board.online if p.operator_id != me}
    return tuple(Option(t.id, t.label, False) for t in engine.catalogue.teams.values() if t.id in there)


def _is_online(board: Board, operator: Operator) -> bool:
    return any(p.operator_id == operator.id for p in board.online)
