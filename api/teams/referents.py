"""`python -m api import-referents file.csv`: who follows each learner. A report by line; one wrong line writes nothing."""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.session import create_engine, create_sessions
from api.teams import service
from knowledge.disciplines import discipline_of
from knowledge.service_types import load_catalogue

COLUMNS = ("identifiant", "compte", "equipe")
OPTIONAL = "discipline"
LEAST_IDENTIFIER = 4


class BadFile(ValueError):
    """Nothing can be read of the file."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: what it says, or what is wrong with it."""

    number: int
    learner: str = ""
    team: str = ""
    discipline: str = ""
    operator_id: uuid.UUID | None = None
    error: str | None = None


def read_lines(raw: bytes, people: Mapping[tuple[str, str], uuid.UUID], teams: frozenset[str]) -> list[Line]:
    """The lines of a CSV file (UTF-8 or Windows, comma or semicolon). `people`: (team, login) to account.

    Raises:
        BadFile: it is empty, or columns are missing.
    """
    text = _decoded(raw)
    first = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") >= first.count(",") else ",")
    names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if missing := [name for name in COLUMNS if name not in names]:
        raise BadFile(f"Colonne absente : {', '.join(missing)}. Attendu : {', '.join((*COLUMNS, OPTIONAL))}.")
    rows.fieldnames = names
    lines: list[Line] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        line = _line(rows.line_num, {k: (v or "").strip() for k, v in row.items() if isinstance(v, str)}, people, teams)
        key = (line.learner, line.team, line.discipline)
        if line.error is None and seen.setdefault(key, line.number) != line.number:
            line = Line(line.number, error=f"même élève, équipe et discipline qu'à la ligne {seen[key]}")
        lines.append(line)
    return lines


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _line(
    number: int, row: Mapping[str, str], people: Mapping[tuple[str, str], uuid.UUID], teams: frozenset[str]
) -> Line:
    learner, team = service.same_learner(row.get("identifiant", "")), row.get("equipe", "")
    login = row.get("compte", "").lower()
    if len(learner) < LEAST_IDENTIFIER:
        return Line(number, error="identifiant absent ou trop court")
    if team not in teams:
        return Line(number, error=f"équipe inconnue : {team or '(vide)'}")
    if (team, login) not in people:
        return Line(number, error=f"{login or '(vide)'} n'est pas un compte ouvert de l'équipe {team}")
    said = row.get(OPTIONAL, "")
    return Line(number, learner, team, discipline_of(said) if said else "", people[team, login])


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Run the command; 1 when a line is wrong or the file can't be read."""

    async def whole() -> int:
        database = create_engine(database_url, pool_size=1)
        try:
            async with create_sessions(database)() as session:
                return await _import(session, arguments.file, dry=arguments.dry_run)
        finally:
            await database.dispose()

    try:
        return asyncio.run(whole())
    except (BadFile, OSError) as error:
        print(error, file=sys.stderr)
        return 1


async def _import(session: AsyncSession, file: Path, *, dry: bool) -> int:
    members = await service.members(session=session)
    people = {(m.team, m.login): m.operator_id for m in members}
    raw = await asyncio.to_thread(file.read_bytes)
    lines = read_lines(raw, people, frozenset(load_catalogue().teams))
    wrong = [line for line in lines if line.error]
    changed = 0
    for line in lines:
        if line.error or line.operator_id is None:
            print(f"ligne {line.number} : {line.error}")
            continue
        new = await service.set_referent(
            session=session,
            learner=line.learner,
            team=line.team,
            discipline=line.discipline,
            operator_id=line.operator_id,
        )
        changed += new
        print(f"ligne {line.number} : {'enregistrée' if new else 'déjà connue'}")
    if dry or wrong:
        await session.rollback()
        why = "essai" if dry else f"{len(wrong)} ligne(s) à corriger"
        print(f"Rien n'est écrit ({why}) : {changed} référent(s) changeraient, {len(lines)} ligne(s) lues.")
        return 1 if wrong else 0
    await session.commit()
    print(f"{changed} référent(s) changés, {len(lines)} ligne(s) lues.")
    return 0
