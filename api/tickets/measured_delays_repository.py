"""How long first answers took, measured in the tables of tickets; and what was measured last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import MeasuredDelay

LOCK = 60160  # one process measures at a time
_DROP = text("DELETE FROM measured_delays")
# `waits`: how long each request waited for its first answer, or waits still, or waited before the person closed it.
# The median is that of Kaplan and Meier (1958): who still waits counts, so that a team that answers nothing is not fast.
_MEASURE = text(
    """
    INSERT INTO measured_delays (team, seconds, answers)
    WITH firsts AS (
        SELECT t.id, t.team, t.created_at,
            min(e.at) FILTER (WHERE e.actor = 'operator'
                AND (e.kind = 'message' OR e.kind = 'status' AND e.data ->> 'to' IN ('resolu', 'clos'))) AS answered_at,
            min(e.at) FILTER (WHERE e.actor <> 'operator'
                AND e.kind = 'status' AND e.data ->> 'to' IN ('resolu', 'clos')) AS left_at
        FROM tickets t LEFT JOIN ticket_events e ON e.ticket_id = t.id
        WHERE t.created_at > :since AND t.priority > 0
        GROUP BY t.id
    ), waits AS (
        SELECT id, team, answered_at IS NOT NULL AND answered_at <= coalesce(left_at, 'infinity') AS answered,
            extract(epoch FROM coalesce(least(answered_at, left_at), now()) - created_at) AS seconds
        FROM firsts
    ), at_risk AS (
        SELECT *, count(*) OVER (PARTITION BY team ORDER BY seconds DESC, answered, id) AS still FROM waits
    ), survival AS (
        SELECT *, exp(sum(CASE WHEN answered THEN ln(greatest(1 - 1.0 / still, 1e-9)) ELSE 0 END)
            OVER (PARTITION BY team ORDER BY seconds, answered DESC, id DESC)) AS waiting
        FROM at_risk
    )
    SELECT team, min(seconds) FILTER (WHERE answered AND waiting <= 0.5 + 1e-9), count(*) FILTER (WHERE answered)
    FROM survival GROUP BY team
    HAVING count(*) FILTER (WHERE answered) >= :least AND bool_or(answered AND waiting <= 0.5 + 1e-9)
    """
)


async def measure(session: AsyncSession, *, since: datetime, least: int) -> None:
    """Replace what was measured: for each team, the median wait of the requests opened since then, when at least `least`
    of them were answered and half of them no longer wait. Nothing is done while another process measures."""
    if await session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK}):
        await session.execute(_DROP)
        await session.execute(_MEASURE, {"since": since, "least": least})


async def latest_measure(session: AsyncSession) -> datetime | None:
    """When a delay was measured last."""
    return await session.scalar(select(MeasuredDelay.measured_at).limit(1))


async def seconds_of(session: AsyncSession, team: str, *, since: datetime) -> float | None:
    """The delay of a team, if it was measured after `since`."""
    query = select(MeasuredDelay.seconds)
    return await session.scalar(query.where(MeasuredDelay.team == team, MeasuredDelay.measured_at > since))
