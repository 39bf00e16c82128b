"""The commands about staff accounts. They print in French, for the person who runs the service."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.session import create_engine, create_sessions
from api.operators import service
from api.operators.passwords import WeakPassword, random_password
from api.operators.roles import ROLES

Work = Callable[[AsyncSession], Awaitable[None]]
REFUSALS = (service.LoginTaken, service.BadLogin, service.UnknownOperator, WeakPassword)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`operators create|list|password|disable|enable`."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = commands.add_parser("create", help="créer un compte")
    create.add_argument("login")
    create.add_argument("--name", default="", help="nom affiché")
    create.add_argument("--role", choices=ROLES, default="conseiller")
    _password_arguments(create)
    commands.add_parser("list", help="lister les comptes")
    password = commands.add_parser("password", help="changer le mot de passe d'un compte et fermer ses sessions")
    password.add_argument("login")
    _password_arguments(password)
    for action, text in (("disable", "fermer un compte et ses sessions"), ("enable", "rouvrir un compte")):
        commands.add_parser(action, help=text).add_argument("login")


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Run an `operators` command; 1 when it is refused."""
    actions = {"create": _create, "list": _list, "password": _password, "disable": _disable, "enable": _enable}
    return _in_session(database_url, lambda session: actions[arguments.action](session, arguments))


def run_demo(database_url: str) -> int:
    """The demonstration account: made and shown the first time, only named afterwards."""
    return _in_session(database_url, _demo)


def _in_session(database_url: str, work: Work) -> int:
    async def whole() -> None:
        database = create_engine(database_url, pool_size=1)
        try:
            async with create_sessions(database)() as session:
                await work(session)
                await session.commit()
        finally:
            await database.dispose()

    try:
        asyncio.run(whole())
    except REFUSALS as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


async def _create(session: AsyncSession, arguments: argparse.Namespace) -> None:
    password, shown = _chosen_password(arguments)
    operator = await service.create_operator(
        session=session, login=arguments.login, name=arguments.name, role=arguments.role, password=password
    )
    print(f"Compte créé : {operator.login} ({operator.role})")
    if shown:
        print(f"Mot de passe : {password}")


async def _list(session: AsyncSession, _: argparse.Namespace) -> None:
    for operator in await service.list_operators(session=session):
        state = "fermé" if operator.disabled_at else "ouvert"
        print(f"{operator.login}\t{operator.role}\t{state}\t{operator.name}")


async def _password(session: AsyncSession, arguments: argparse.Namespace) -> None:
    password, shown = _chosen_password(arguments)
    await service.change_password(session=session, login=arguments.login, password=password)
    print(f"Mot de passe changé : {arguments.login}")
    if shown:
        print(f"Mot de passe : {password}")


async def _disable(session: AsyncSession, arguments: argparse.Namespace) -> None:
    await service.set_enabled(session=session, login=arguments.login, enabled=False)
    print(f"Compte fermé : {arguments.login}")


async def _enable(session: AsyncSession, arguments: argparse.Namespace) -> None:
    await service.set_enabled(session=session, login=arguments.login, enabled=True)
    print(f"Compte rouvert : {arguments.login}")


async def _demo(session: AsyncSession) -> None:
    credentials = await service.ensure_demo_account(session=session)
    if credentials is None:
        print(f"Compte de démonstration : {service.DEMO_LOGIN} (il existe déjà)")
        print(f"Mot de passe oublié : python -m api operators password {service.DEMO_LOGIN}")
        return
    await session.commit()  # what is shown is true
    print(f"Compte de démonstration : {credentials.login}")
    print(f"Mot de passe, affiché cette seule fois : {credentials.password}")


def _password_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ask", action="store_true", help="demander le mot de passe au lieu d'en tirer un et l'afficher"
    )


def _chosen_password(arguments: argparse.Namespace) -> tuple[str, bool]:
    """The password, and whether it was drawn here and must be shown."""
    if not arguments.ask:
        return random_password(), True
    password = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Encore une fois : ") != password:
        raise WeakPassword("Les deux mots de passe sont différents.")
    return password, False
