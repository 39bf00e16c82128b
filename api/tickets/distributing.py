"""Routing against the database: the people of the team are read, the choice is made, kept on the ticket and explained."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.db.session import Sessions
from api.teams import service as teams
from api.tickets import assigning, life, repository, staff_repository
from api.tickets.due import delay_desk
from api.tickets.routing import Candidate, Choice, Destination, Facts, choose, destination
from knowledge.routing_rules import RoutingRules, load_routing
from knowledge.service_types import Catalogue

AWAY = "absence"
A_ROUND = 500


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes, to whom, and why."""

    where: Destination
    choice: Choice

    def kept(self) -> dict[str, Any]:
        """As it is kept on the ticket."""
        return {"reasons": [*self.where.reasons, self.choice.reason]}


@cache
def routing_rules() -> RoutingRules:
    """The project's content."""
    return load_routing()


def facts_of(ticket: Ticket) -> Facts:
    """What is known of a ticket."""
    said = {n: str(k["value"]) for n, k in ticket.fields.items() if k.get("value") and k.get("origin") != "skipped"}
    return Facts(ticket.service_type, ticket.unit, ticket.channel, said)


async def find_route(
    *,
    session: AsyncSession,
    facts: Facts,
    catalogue: Catalogue,
    rules: RoutingRules | None = None,
    but: Collection[uuid.UUID] = (),
    now: datetime | None = None,
) -> Route:
    """Where it would go now; nothing is changed. `but`: people who may not get it."""
    rules = rules or routing_rules()
    where = destination(facts, rules, catalogue)
    people = await _people(session, facts, where, rules, but, now or datetime.now(UTC))
    return Route(where, choose(facts, where, people, rules))


async def distribute(*, session: AsyncSession, ticket: Ticket, catalogue: Catalogue) -> None:
    """Give a new (locked) ticket to whoever it goes to, or to the queue, and keep why. The caller commits.

    One ticket of a team at a time: two at once would both go to the same person.
    """
    await staff_repository.one_at_a_time(session, ticket.team)
    route = await find_route(session=session, facts=facts_of(ticket), catalogue=catalogue)
    await repository.keep_routing(session, ticket, route.kept())
    await _give(session, ticket, route.choice)


async def reassign_absent(sessions: Sessions, *, now: datetime | None = None) -> int:
    """Give again the open tickets of those who are away or whose account is closed; how many moved."""
    now = now or datetime.now(UTC)
    today = _working_day(now)
    async with sessions() as session:
        gone = await teams.gone(session=session, day=today, longer_than=routing_rules().short_absence_days)
        waiting = await staff_repository.open_tickets_of(session, gone, A_ROUND) if gone else []
    moved = 0
    for ticket_id in waiting:
        async with sessions() as session:
            moved += await _again(session, ticket_id, gone, now)
            await session.commit()
    return moved


async def _again(session: AsyncSession, ticket_id: uuid.UUID, gone: Collection[uuid.UUID], now: datetime) -> int:
    ticket = await life.locked(session=session, ticket_id=ticket_id)
    if ticket.assignee_id not in gone or ticket.status not in ("assigne", "nouveau", "rouvert"):
        return 0
    await staff_repository.one_at_a_time(session, ticket.team)
    catalogue = delay_desk().catalogue
    if ticket.service_type not in catalogue.types:
        return 0
    route = await find_route(session=session, facts=facts_of(ticket), catalogue=catalogue, but=gone, now=now)
    await repository.keep_routing(session, ticket, route.kept())
    if route.choice.operator_id is None:
        await assigning.give(session=session, ticket=ticket, to=None, by=life.SYSTEM, why=AWAY)
        return 1
    await _give(session, ticket, route.choice, why=AWAY)
    key = f"{AWAY}:{ticket.assignee_id}:{now:%Y-%m-%d}"
    people = [route.choice.operator_id]
    await teams.tell(session=session, people=people, ticket=ticket, key=key, kind=AWAY, data={}, at=now)
    return 1


async def _give(session: AsyncSession, ticket: Ticket, choice: Choice, why: str | None = None) -> None:
    if choice.operator_id is None:
        return
    await assigning.give(session=session, ticket=ticket, to=choice.operator_id, by=life.SYSTEM, why=why)
    await teams.note_given(session=session, operator_id=choice.operator_id, team=ticket.team)


async def _people(
    session: AsyncSession,
    facts: Facts,
    where: Destination,
    rules: RoutingRules,
    but: Collection[uuid.UUID],
    now: datetime,
) -> list[Candidate]:
    members = [m for m in await teams.members(session=session, team=where.team) if m.operator_id not in but]
    away = await teams.away_on(session=session, day=_working_day(now))
    loads = await staff_repository.loads(session, [m.operator_id for m in members]) if members else {}
    own: uuid.UUID | None = None
    if where.team in rules.with_referents and (learner := facts.fields.get("identifiant")):
        own = await teams.referent_of(session=session, learner=learner, team=where.team, discipline=facts.discipline)
    return [
        Candidate(
            member=m,
            open_tickets=loads.get(m.operator_id, 0),
            away=m.operator_id in away,
            referent=m.operator_id == own,
            given_at=m.given_at,
        )
        for m in members
    ]


def _working_day(now: datetime) -> date:
    """Today while people work or will today; else the next day they do: who is away on Monday gets nothing on Sunday."""
    hours = delay_desk().hours
    local = now.astimezone(hours.zone)
    for days in range(30):
        day = local.date() + timedelta(days=days)
        if any(closes > now for _, closes in hours.openings_of(day)):
            return day
    return local.date()
