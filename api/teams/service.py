"""Teams: their members, who leads them, who is away, and what each person must be told of a ticket."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import StaffNotice, Ticket
from api.teams import repository
from knowledge.disciplines import discipline_of

SUPERVISORS = ("superviseur", "administrateur")
MOST_CAPACITY = 500
NOTICES_SHOWN = 10


class BadMember(ValueError):
    """What was given of a member can't be."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team. Empty disciplines or skills: any."""

    operator_id: uuid.UUID
    login: str
    name: str
    role: str
    team: str
    unit: str | None
    lead: bool
    capacity: int
    disciplines: frozenset[str]
    skills: frozenset[str]
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """What is set of a member."""

    unit: str | None = None
    lead: bool = False
    capacity: int = 20
    disciplines: Collection[str] = ()
    skills: Collection[str] = ()


async def set_member(*, session: AsyncSession, operator_id: uuid.UUID, team: str, membership: Membership) -> None:
    """Put somebody in a team, or change what is known of them there. The caller commits.

    Raises:
        BadMember: the capacity is not between 0 and 500.
    """
    if not 0 <= membership.capacity <= MOST_CAPACITY:
        raise BadMember(f"La capacité va de 0 à {MOST_CAPACITY} demandes.")
    values: dict[str, Any] = {
        "operator_id": operator_id,
        "team": team,
        "unit": membership.unit,
        "lead": membership.lead,
        "capacity": membership.capacity,
        "disciplines": sorted({discipline_of(d) for d in membership.disciplines if d.strip()}),
        "skills": sorted({s.strip() for s in membership.skills if s.strip()}),
    }
    await repository.set_member(session, values)


async def remove_member(*, session: AsyncSession, operator_id: uuid.UUID, team: str) -> bool:
    """Take somebody out of a team; False when they were not in it. The caller commits."""
    return await repository.remove_member(session, operator_id, team)


async def members(*, session: AsyncSession, team: str | None = None) -> list[Member]:
    """The members of a team, or of all."""
    return [
        Member(
            operator_id=operator.id,
            login=operator.login,
            name=operator.name,
            role=operator.role,
            team=row.team,
            unit=row.unit,
            lead=row.lead,
            capacity=row.capacity,
            disciplines=frozenset(row.disciplines),
            skills=frozenset(row.skills),
            given_at=row.given_at,
        )
        for row, operator in await repository.members(session, team)
    ]


async def leads_of(*, session: AsyncSession, team: str, unit: str | None) -> list[uuid.UUID]:
    """Who leads a team, for a unit when the team is cut so; without a lead, the supervisors."""
    leads = [m for m in await members(session=session, team=team) if m.lead]
    own = [m.operator_id for m in leads if m.unit in (None, unit)]
    return own or [m.operator_id for m in leads] or list(await repository.people_with_roles(session, SUPERVISORS))


async def set_absence(*, session: AsyncSession, operator_id: uuid.UUID, first: date, last: date) -> None:
    """Somebody is away from one day to another, both included. The caller commits.

    Raises:
        BadMember: it ends before it begins.
    """
    if last < first:
        raise BadMember("Le dernier jour d'absence vient après le premier.")
    await repository.add_absence(session, operator_id, first, last)


async def away_on(*, session: AsyncSession, day: date) -> frozenset[uuid.UUID]:
    """Who is away on a day."""
    return await repository.away_on(session, day)


async def tell(
    *,
    session: AsyncSession,
    people: Collection[uuid.UUID],
    ticket: Ticket,
    key: str,
    kind: str,
    data: dict[str, Any],
    at: datetime,
) -> int:
    """Tell each of these people once; how many were told now. The caller commits."""
    row = {"ticket_id": ticket.id, "key": f"{ticket.id}:{key}", "kind": kind, "data": data, "at": at}
    told = [await repository.add_notice(session, row | {"operator_id": person}) for person in sorted(set(people))]
    return sum(told)


async def notices(*, session: AsyncSession, operator_id: uuid.UUID) -> tuple[Sequence[tuple[StaffNotice, Ticket]], int]:
    """The latest things that somebody was told and has not put away, and how many there are."""
    latest = await repository.unseen_notices(session, operator_id, NOTICES_SHOWN)
    return latest, await repository.count_unseen(session, operator_id) if latest else 0


async def put_away(*, session: AsyncSession, operator_id: uuid.UUID, up_to: int) -> None:
    """Somebody saw them, up to this one. The caller commits."""
    await repository.put_away(session, operator_id, up_to)


async def note_given(*, session: AsyncSession, operator_id: uuid.UUID, team: str) -> None:
    """A ticket was given to somebody: equals take turns. The caller commits."""
    await repository.note_given(session, operator_id, team)


async def gone(*, session: AsyncSession, day: date, longer_than: int) -> frozenset[uuid.UUID]:
    """Whose tickets are to be given to others: away on this day for more than so many days, or account closed."""
    return await repository.gone(session, day, longer_than)


def same_learner(identifier: str) -> str:
    """An identifier in the form that compares: letters and digits, capitals."""
    return "".join(c for c in identifier.upper() if c.isalnum())


async def referent_of(*, session: AsyncSession, learner: str, team: str, discipline: str | None) -> uuid.UUID | None:
    """The person of a team who knows this learner: for the discipline, else for all of them."""
    found = await repository.referents_of(session, same_learner(learner), team)
    return found.get(discipline or "") or found.get("")


async def set_referent(
    *, session: AsyncSession, learner: str, team: str, discipline: str, operator_id: uuid.UUID
) -> bool:
    """Keep who knows a learner; False when nothing changes. The caller commits."""
    values = {"learner": same_learner(learner), "team": team, "discipline": discipline, "operator_id": operator_id}
    return await repository.set_referent(session, values)
