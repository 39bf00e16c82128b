"""The commands about teams. They print in French, for the person who runs the service."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.session import create_engine, create_sessions
from api.operators import service as operators
from api.teams import service
from api.teams.service import BadMember, Membership
from knowledge.service_types import UNITS, load_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`teams list|set|remove|away`."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    commands.add_parser("list", help="lister les équipes").add_argument("--team")
    put = commands.add_parser("set", help="mettre un compte dans une équipe, ou changer ce que l'on en sait")
    put.add_argument("login")
    put.add_argument("team")
    put.add_argument("--unit", choices=sorted(UNITS), help="sans elle : toutes les unités")
    put.add_argument("--lead", action="store_true", help="encadre l'équipe : prévenu des délais dépassés")
    put.add_argument("--capacity", type=int, default=20, help="demandes ouvertes à la fois ; 0 : n'en reçoit pas")
    put.add_argument("--disciplines", default="", help="maths,physique… ; sans elles : toutes")
    put.add_argument("--skills", default="", help="services-type, séparés par des virgules ; sans eux : tous")
    remove = commands.add_parser("remove", help="retirer un compte d'une équipe")
    remove.add_argument("login")
    remove.add_argument("team")
    away = commands.add_parser("away", help="noter une absence, premier et dernier jour compris")
    away.add_argument("login")
    away.add_argument("first", type=date.fromisoformat, metavar="PREMIER_JOUR")
    away.add_argument("last", type=date.fromisoformat, metavar="DERNIER_JOUR")


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Run a `teams` command; 1 when it is refused."""
    actions = {"list": _list, "set": _set, "remove": _remove, "away": _away}

    async def whole() -> None:
        database = create_engine(database_url, pool_size=1)
        try:
            async with create_sessions(database)() as session:
                await actions[arguments.action](session, arguments)
                await session.commit()
        finally:
            await database.dispose()

    try:
        asyncio.run(whole())
    except (BadMember, operators.UnknownOperator) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


async def _list(session: AsyncSession, arguments: argparse.Namespace) -> None:
    away = await service.away_on(session=session, day=date.today())  # noqa: DTZ011
    for m in await service.members(session=session, team=arguments.team):
        marks = [m.unit or "toutes unités", f"capacité {m.capacity}"]
        marks += ["encadre"] if m.lead else []
        marks += ["en absence"] if m.operator_id in away else []
        marks += [", ".join(sorted(words)) for words in (m.disciplines, m.skills) if words]
        print(f"{m.team}\t{m.login}\t{m.name}\t{' ; '.join(marks)}")


async def _set(session: AsyncSession, arguments: argparse.Namespace) -> None:
    catalogue = load_catalogue()
    if arguments.team not in catalogue.teams:
        raise BadMember(f"Équipe inconnue : {arguments.team}. Les équipes : {', '.join(catalogue.teams)}.")
    skills = [s for s in arguments.skills.split(",") if s.strip()]
    if unknown := [s for s in skills if s.strip() not in catalogue.types]:
        raise BadMember(f"Service-type inconnu : {', '.join(unknown)}.")
    account = await operators.account(session=session, login=arguments.login)
    membership = Membership(
        unit=arguments.unit,
        lead=arguments.lead,
        capacity=arguments.capacity,
        disciplines=arguments.disciplines.split(","),
        skills=skills,
    )
    await service.set_member(session=session, operator_id=account.id, team=arguments.team, membership=membership)
    print(f"{account.login} est dans l'équipe {arguments.team}.")


async def _remove(session: AsyncSession, arguments: argparse.Namespace) -> None:
    account = await operators.account(session=session, login=arguments.login)
    if not await service.remove_member(session=session, operator_id=account.id, team=arguments.team):
        raise BadMember(f"{account.login} n'est pas dans l'équipe {arguments.team}.")
    print(f"{account.login} n'est plus dans l'équipe {arguments.team}.")


async def _away(session: AsyncSession, arguments: argparse.Namespace) -> None:
    account = await operators.account(session=session, login=arguments.login)
    await service.set_absence(session=session, operator_id=account.id, first=arguments.first, last=arguments.last)
    print(f"Absence notée : {account.login}, du {arguments.first:%d/%m/%Y} au {arguments.last:%d/%m/%Y}.")
