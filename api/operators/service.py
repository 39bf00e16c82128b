"""Staff accounts: making them, signing in and out."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import anyio.to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Operator
from api.operators import repository
from api.operators.passwords import hash_password, is_right, random_password
from api.operators.roles import Role

REFUSALS_ALLOWED = 5
REFUSALS_WINDOW = timedelta(minutes=15)
DEMO_LOGIN = "demo"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class LoginTaken(ValueError):
    """An account has this login."""


class BadLogin(ValueError):
    """The login has characters that logins do not have."""


class UnknownOperator(ValueError):
    """No account has this login."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is shown once to whoever signs in; only its hash is kept."""

    token: str
    expires_at: datetime
    operator: Operator


@dataclass(frozen=True, slots=True)
class Refused:
    """The log-in is refused; `wait_s` is how long before another try is looked at (0: at once)."""

    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Credentials:
    """A login and its password in clear, to be shown once."""

    login: str
    password: str


async def names_of(*, session: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of some accounts, by id; accounts that are no more are not in it."""
    return await repository.names_of(session, ids) if ids else {}


async def create_operator(*, session: AsyncSession, login: str, name: str, role: Role, password: str) -> Operator:
    """A new account. The caller commits.

    Raises:
        BadLogin, LoginTaken, WeakPassword: nothing is written.
    """
    login = normal_login(login)
    if not _LOGIN.fullmatch(login):
        raise BadLogin("Un identifiant a de 2 à 64 caractères parmi : a-z 0-9 . _ @ -")
    password_hash = await anyio.to_thread.run_sync(hash_password, password)
    values = {"id": uuid.uuid4(), "login": login, "name": name.strip() or login, "role": role}
    operator = await repository.add_operator(session, values | {"password_hash": password_hash})
    if operator is None:
        raise LoginTaken(f"L'identifiant {login} existe déjà.")
    return operator


async def ensure_demo_account(*, session: AsyncSession) -> Credentials | None:
    """Make the demonstration account; None when it exists, and its password is then known to nobody but its user."""
    credentials = Credentials(DEMO_LOGIN, random_password())
    try:
        await create_operator(
            session=session,
            login=credentials.login,
            name="Compte de démonstration",
            role="superviseur",
            password=credentials.password,
        )
    except LoginTaken:
        return None
    return credentials


async def list_operators(*, session: AsyncSession) -> Sequence[Operator]:
    """Every account, by login."""
    return await repository.all_operators(session)


async def change_password(*, session: AsyncSession, login: str, password: str) -> None:
    """Set a password and end the sessions of the account. The caller commits.

    Raises:
        UnknownOperator, WeakPassword: nothing is written.
    """
    operator = await account(session=session, login=login)
    operator.password_hash = await anyio.to_thread.run_sync(hash_password, password)
    await repository.end_sessions_of(session, operator.id)
    await repository.forget_refusals(session, operator.login)


async def set_enabled(*, session: AsyncSession, login: str, enabled: bool) -> None:
    """Open or close an account; closing ends its sessions. The caller commits.

    Raises:
        UnknownOperator: nothing is written.
    """
    operator = await account(session=session, login=login)
    operator.disabled_at = None if enabled else datetime.now(UTC)
    if not enabled:
        await repository.end_sessions_of(session, operator.id)


async def sign_in(*, session: AsyncSession, login: str, password: str, lasts: timedelta) -> SignedIn | Refused:
    """Check a password. The caller commits in both cases: refusals are counted.

    After five refusals in a quarter of an hour, a login is refused whatever the password, known or not: guessing is
    slowed and nobody learns which logins exist.
    """
    login = normal_login(login)[:64]
    now = datetime.now(UTC)
    await repository.queue_for_login(session, login)
    refused = await repository.refused_since(session, login, now - REFUSALS_WINDOW)
    if len(refused) >= REFUSALS_ALLOWED:
        opens_at = refused[-REFUSALS_ALLOWED] + REFUSALS_WINDOW
        return Refused(wait_s=max(1, int((opens_at - now).total_seconds())))
    operator = await repository.operator_by_login(session, login)
    usable = operator is not None and operator.disabled_at is None
    right = await anyio.to_thread.run_sync(is_right, password, operator.password_hash if operator and usable else None)
    if operator is None or not right:
        await repository.remember_refusal(session, login, now - timedelta(days=1))
        return Refused()
    await repository.forget_refusals(session, login)
    token = secrets.token_urlsafe(32)
    await repository.add_session(session, hash_token(token), operator.id, now + lasts)
    return SignedIn(token, now + lasts, operator)


async def sign_out(*, session: AsyncSession, token: str) -> None:
    """End the session of this token. The caller commits."""
    await repository.end_session(session, hash_token(token))


async def operator_of(*, session: AsyncSession, token: str) -> Operator | None:
    """Who holds this token, if it still counts."""
    return await repository.operator_of_session(session, hash_token(token))


def normal_login(login: str) -> str:
    """Logins don't depend on case or outer spaces."""
    return login.strip().lower()


def hash_token(token: str) -> bytes:
    """What is kept of a token. It is random and long: a plain digest is enough."""
    return hashlib.sha256(token.encode()).digest()


async def account(*, session: AsyncSession, login: str) -> Operator:
    """The account of a login.

    Raises:
        UnknownOperator: no account has it.
    """
    operator = await repository.operator_by_login(session, normal_login(login))
    if operator is None:
        raise UnknownOperator(f"Aucun compte ne porte l'identifiant {normal_login(login)}.")
    return operator
