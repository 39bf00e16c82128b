"""`python -m api articles export|import`: the articles of the database to content files and back, nothing lost."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from api.articles import seeding, service
from api.db.session import create_engine, create_sessions
from knowledge.article_bodies import as_markdown
from knowledge.articles import Article, load_articles
from knowledge.content_file import CONTENT, ContentError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`articles export|import`."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = commands.add_parser("export", help="écrire les articles publiés dans des fichiers de contenu")
    export.add_argument("--content", type=Path, default=CONTENT, help="dossier qui contient « faq »")
    read = commands.add_parser("import", help="publier les fichiers de contenu qui ont changé")
    read.add_argument("--content", type=Path, default=CONTENT, help="dossier qui contient « faq »")
    read.add_argument("--overwrite", action="store_true", help="même les articles modifiés dans le service")
    read.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, sans rien changer")


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Run an `articles` command; 1 when the files can't be read."""
    try:
        articles = list(load_articles(arguments.content).values()) if arguments.action == "import" else []
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    asyncio.run(_whole(arguments, articles, database_url))
    return 0


async def _whole(arguments: argparse.Namespace, articles: list[Article], database_url: str) -> None:
    database = create_engine(database_url, pool_size=1)
    try:
        async with create_sessions(database)() as session:
            if arguments.action == "export":
                print(_export(await service.published(session=session), arguments.content / "faq"))
            else:
                print(await _import(session, articles, arguments))
    finally:
        await database.dispose()


def _export(articles: list[Article], folder: Path) -> str:
    """Write what changed; files of articles that are no longer published go."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {folder / f"{article.id}.md": as_markdown(article) for article in articles}
    gone = [path for path in sorted(folder.glob("*.md")) if path not in written]
    changed = 0
    for path, text in written.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed += 1
    for path in gone:
        path.unlink()
    return f"{len(written)} articles publiés : {changed} fichiers écrits, {len(gone)} retirés"


async def _import(session: AsyncSession, articles: list[Article], arguments: argparse.Namespace) -> str:
    seeded = await seeding.seed(session=session, articles=articles, overwrite=arguments.overwrite)
    await (session.rollback() if arguments.dry_run else session.commit())
    lines = [f"Nouveau : {id_}" for id_ in seeded.added] + [f"Changé : {id_}" for id_ in seeded.updated]
    lines += [f"Gardé, modifié dans le service : {id_} (--overwrite pour le remplacer)" for id_ in seeded.kept]
    word = "changeraient" if arguments.dry_run else "changés"
    return "\n".join([*lines, f"{len(seeded.added) + len(seeded.updated)} articles {word}"])
