"""The commands of the service: `python -m api --help`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from api.process import load_undisturbed
from api.settings import Settings


def main(argv: list[str] | None = None) -> int:
    """Read the command line and run the command; the process's exit status."""
    arguments = _parser().parse_args(argv)
    settings = Settings()
    if arguments.command == "serve":
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        load_undisturbed()
        with database(settings) as url:
            from api.serve import serve

            return serve(settings.model_copy(update={"database_url": url}), migrate_first=not arguments.no_migrate)
    if arguments.command == "run":
        return _run(settings)
    if arguments.command == "work":
        return _work(settings)
    with database(settings) as url:
        return _database_command(arguments, url)


def _run(settings: Settings) -> int:
    from api.db.migrate import migrate
    from api.operators import commands
    from api.run import run

    with database(settings) as url:
        migrate(url)
        commands.run_demo(url)
        return run(settings, url)


def _work(settings: Settings) -> int:
    import asyncio
    import logging

    from api.mail.worker import work

    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    for talkative in ("procrastinate", "psycopg.pool"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    with database(settings) as url:
        return asyncio.run(work(settings.model_copy(update={"database_url": url})))


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of DATABASE_URL, or of the embedded server, which then runs for the time of the block."""
    if settings.database_url:
        yield settings.database_url
        return
    from api.db.embedded import embedded_postgres

    with embedded_postgres(settings.postgres_data) as url:
        yield url


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave through every `finally`: the embedded server stops too."""
    raise SystemExit(0)


def _database_command(arguments: argparse.Namespace, url: str) -> int:
    from api.db.migrate import migrate
    from api.operators import commands

    revision = migrate(url)
    if arguments.command == "articles":
        from api.articles import commands as articles

        return articles.run(arguments, url)
    if arguments.command == "operators":
        return commands.run(arguments, url)
    if arguments.command == "teams":
        from api.teams import commands as teams

        return teams.run(arguments, url)
    if arguments.command == "import-referents":
        from api.teams import referents

        return referents.run(arguments, url)
    if arguments.command == "demo":
        return commands.run_demo(url)
    print(f"Base à jour : version {revision}")
    return 0


def _parser() -> argparse.ArgumentParser:
    from api.articles.commands import add_arguments as add_article_arguments
    from api.operators.commands import add_arguments
    from api.teams.commands import add_arguments as add_team_arguments

    parser = argparse.ArgumentParser(prog="python -m api", description="Le service Aiguillage.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    commands.add_parser("migrate", help="mettre la base à jour")
    add_arguments(commands.add_parser("operators", help="gérer les comptes du personnel"))
    add_article_arguments(commands.add_parser("articles", help="exporter ou importer les articles de la FAQ"))
    add_team_arguments(commands.add_parser("teams", help="gérer les équipes et les absences"))
    referents = commands.add_parser("import-referents", help="dire qui suit chaque élève, depuis un fichier CSV")
    referents.add_argument("file", type=Path, help="colonnes : identifiant, compte, equipe et, au besoin, discipline")
    referents.add_argument("--dry-run", action="store_true", help="dire ce qui serait fait, sans rien écrire")
    commands.add_parser("demo", help="créer le compte de démonstration s'il n'existe pas")
    commands.add_parser("run", help="lancer tout le produit : base, service, dialogue")
    commands.add_parser("work", help="envoyer les courriels en file, suivre les délais")
    serve = commands.add_parser("serve", help="lancer le service HTTP")
    serve.add_argument("--no-migrate", action="store_true", help="ne pas toucher aux tables")
    return parser


if __name__ == "__main__":
    sys.exit(main())
