"""Staff accounts: passwords are never kept, guessing is slowed, sessions end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import LoginAttempt
from api.operators import service
from api.operators.passwords import WeakPassword, random_password
from api.operators.roles import at_least
from api.operators.service import Refused, SignedIn
from tests.conftest import PASSWORD, Counts

HOUR = timedelta(hours=1)


async def create(session: AsyncSession, login: str = "lea", password: str = PASSWORD) -> None:
    await service.create_operator(session=session, login=login, name="Léa", role="conseiller", password=password)
    await session.commit()


async def sign_in(session: AsyncSession, password: str = PASSWORD, login: str = "lea") -> SignedIn | Refused:
    outcome = await service.sign_in(session=session, login=login, password=password, lasts=HOUR)
    await session.commit()
    return outcome


async def test_signing_in_gives_a_session_that_ends(session: AsyncSession) -> None:
    await create(session)
    outcome = await sign_in(session, login="  LEA ")
    assert isinstance(outcome, SignedIn)
    operator = await service.operator_of(session=session, token=outcome.token)
    assert operator is not None
    assert operator.login == "lea"
    await service.sign_out(session=session, token=outcome.token)
    assert await service.operator_of(session=session, token=outcome.token) is None


async def test_an_expired_session_is_nothing(session: AsyncSession) -> None:
    await create(session)
    outcome = await service.sign_in(session=session, login="lea", password=PASSWORD, lasts=timedelta(seconds=-1))
    assert isinstance(outcome, SignedIn)
    assert await service.operator_of(session=session, token=outcome.token) is None


async def test_nothing_secret_is_kept(session: AsyncSession) -> None:
    await create(session)
    outcome = await sign_in(session)
    assert isinstance(outcome, SignedIn)
    kept = str(
        (await session.execute(text("SELECT to_jsonb(o), to_jsonb(s) FROM operators o, operator_sessions s"))).all()
    )
    assert PASSWORD not in kept
    assert outcome.token not in kept
    assert "$argon2id$" in kept


async def test_five_refusals_close_the_login_for_a_while(session: AsyncSession) -> None:
    await create(session)
    for _ in range(5):
        assert await sign_in(session, "faux") == Refused()
    outcome = await sign_in(session)
    assert isinstance(outcome, Refused)
    assert 0 < outcome.wait_s <= 900
    await session.execute(update(LoginAttempt).values(at=text("at - interval '16 minutes'")))
    assert isinstance(await sign_in(session), SignedIn)


async def test_an_unknown_login_is_refused_the_same_way(session: AsyncSession) -> None:
    for _ in range(5):
        assert await sign_in(session, login="personne") == Refused()
    outcome = await sign_in(session, login="personne")
    assert isinstance(outcome, Refused)
    assert outcome.wait_s > 0


async def test_a_right_password_ends_the_count(session: AsyncSession, counts: Counts) -> None:
    await create(session)
    for _ in range(4):
        await sign_in(session, "faux")
    assert isinstance(await sign_in(session), SignedIn)
    assert (await counts())["login_attempts"] == 0


async def test_guessing_in_parallel_gets_no_more_tries(app: FastAPI, session: AsyncSession, counts: Counts) -> None:
    await create(session)

    async def guess() -> SignedIn | Refused:
        async with app.state.sessions() as own:
            return await sign_in(own, "faux")

    outcomes = await asyncio.gather(*(guess() for _ in range(9)))
    assert sum(1 for o in outcomes if o == Refused()) == 5
    assert (await counts())["login_attempts"] == 5


async def test_closing_an_account_ends_its_sessions(session: AsyncSession) -> None:
    await create(session)
    outcome = await sign_in(session)
    assert isinstance(outcome, SignedIn)
    await service.set_enabled(session=session, login="lea", enabled=False)
    await session.commit()
    assert await service.operator_of(session=session, token=outcome.token) is None
    assert isinstance(await sign_in(session), Refused)
    await service.set_enabled(session=session, login="lea", enabled=True)
    assert isinstance(await sign_in(session), SignedIn)


async def test_a_new_password_ends_the_sessions_opened_with_the_old_one(session: AsyncSession) -> None:
    await create(session)
    outcome = await sign_in(session)
    assert isinstance(outcome, SignedIn)
    await service.change_password(session=session, login="lea", password="un autre mot de passe")
    await session.commit()
    assert await service.operator_of(session=session, token=outcome.token) is None
    assert isinstance(await sign_in(session), Refused)
    assert isinstance(await sign_in(session, "un autre mot de passe"), SignedIn)


@pytest.mark.parametrize(
    ("login", "password"), [("l", PASSWORD), ("lé a", PASSWORD), ("lea", "court"), ("lea", "x" * 201)]
)
async def test_bad_accounts_are_refused(session: AsyncSession, counts: Counts, login: str, password: str) -> None:
    with pytest.raises((service.BadLogin, WeakPassword)):
        await create(session, login, password)
    assert (await counts())["operators"] == 0


async def test_a_login_is_taken_once(session: AsyncSession) -> None:
    await create(session)
    with pytest.raises(service.LoginTaken):
        await create(session, "LEA")


async def test_the_demo_account_is_made_once(session: AsyncSession) -> None:
    credentials = await service.ensure_demo_account(session=session)
    assert credentials is not None
    await session.commit()
    assert isinstance(await sign_in(session, credentials.password, credentials.login), SignedIn)
    assert await service.ensure_demo_account(session=session) is None


def test_roles_are_ordered() -> None:
    assert at_least("administrateur", "conseiller")
    assert not at_least("conseiller", "superviseur")
    assert not at_least("inconnu", "conseiller")


def test_drawn_passwords_differ_and_are_long() -> None:
    assert len({random_password() for _ in range(100)}) == 100
    assert len(random_password()) == 23
