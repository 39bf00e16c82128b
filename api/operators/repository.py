"""What is asked of the tables of staff accounts, sessions and refused log-ins."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import LoginAttempt, Operator, OperatorSession


async def add_operator(session: AsyncSession, values: dict[str, Any]) -> Operator | None:
    """The new account, None when the login is taken."""
    query = insert(Operator).values(**values).on_conflict_do_nothing(index_elements=["login"]).returning(Operator)
    return await session.scalar(query)


async def operator_by_login(session: AsyncSession, login: str) -> Operator | None:
    """The account of a login, disabled or not."""
    return await session.scalar(select(Operator).where(Operator.login == login))


async def names_of(session: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names by id."""
    query = select(Operator.id, Operator.name).where(Operator.id.in_(ids))
    return dict((await session.execute(query)).tuples().all())


async def all_operators(session: AsyncSession) -> Sequence[Operator]:
    """Every account, by login."""
    return (await session.scalars(select(Operator).order_by(Operator.login))).all()


async def operator_of_session(session: AsyncSession, token_hash: bytes) -> Operator | None:
    """Who is signed in with this session, if it has not expired and the account is not disabled."""
    query = (
        select(Operator)
        .join(OperatorSession, OperatorSession.operator_id == Operator.id)
        .where(
            OperatorSession.token_hash == token_hash,
            OperatorSession.expires_at > func.now(),
            Operator.disabled_at.is_(None),
        )
    )
    return await session.scalar(query)


async def add_session(session: AsyncSession, token_hash: bytes, operator_id: uuid.UUID, expires_at: datetime) -> None:
    """Keep a new session; the expired ones of the account go."""
    await session.execute(
        delete(OperatorSession).where(
            OperatorSession.operator_id == operator_id, OperatorSession.expires_at <= func.now()
        )
    )
    session.add(OperatorSession(token_hash=token_hash, operator_id=operator_id, expires_at=expires_at))
    await session.flush()


async def end_session(session: AsyncSession, token_hash: bytes) -> None:
    """Forget one session."""
    await session.execute(delete(OperatorSession).where(OperatorSession.token_hash == token_hash))


async def end_sessions_of(session: AsyncSession, operator_id: uuid.UUID) -> None:
    """Forget every session of an account."""
    await session.execute(delete(OperatorSession).where(OperatorSession.operator_id == operator_id))


async def queue_for_login(session: AsyncSession, login: str) -> None:
    """Wait until nobody else is trying this login; held until the commit."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:login, 1))"), {"login": login})


async def refused_since(session: AsyncSession, login: str, since: datetime) -> list[datetime]:
    """When log-ins of this name were refused after `since`, oldest first."""
    query = select(LoginAttempt.at).where(LoginAttempt.login == login, LoginAttempt.at > since)
    return list((await session.scalars(query.order_by(LoginAttempt.at))).all())


async def remember_refusal(session: AsyncSession, login: str, forget_before: datetime) -> None:
    """Keep a refused log-in, and drop the old ones."""
    await session.execute(delete(LoginAttempt).where(LoginAttempt.at < forget_before))
    session.add(LoginAttempt(login=login))
    await session.flush()


async def forget_refusals(session: AsyncSession, login: str) -> None:
    """A right password ends the count."""
    await session.execute(delete(LoginAttempt).where(LoginAttempt.login == login))
