"""Probes: is the process alive, can it serve, what did it do."""

from __future__ import annotations

from typing import Literal

import httpx
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from api.db.session import Sessions
from api.dependencies import SettingsDep
from api.health.metrics import REGISTRY

router = APIRouter(tags=["exploitation"])
PROBE_TIMEOUT_S = 1.0

State = Literal["ok", "down"]


class Readiness(BaseModel):
    """`ready`: everything answers. `degraded`: Rasa doesn't, the service answers alone. `unavailable`: it can't."""

    status: Literal["ready", "degraded", "unavailable"]
    database: State
    models: State
    rasa: State


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def readyz(request: Request, settings: SettingsDep) -> Response:
    """Whether the service can serve; 503 when it can't."""
    database = await _database(request.app.state.sessions)
    models: State = "ok" if getattr(request.app.state, "engine", None) is not None else "down"
    rasa = await _rasa(settings.rasa_url)
    usable = database == "ok" and models == "ok"
    status: Literal["ready", "degraded", "unavailable"] = (
        "unavailable" if not usable else "ready" if rasa == "ok" else "degraded"
    )
    readiness = Readiness(status=status, database=database, models=models, rasa=rasa)
    return JSONResponse(readiness.model_dump(), status_code=200 if usable else 503)


@router.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Counters, in the format of Prometheus."""
    return Response(generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _database(sessions: Sessions) -> State:
    try:
        async with sessions() as session:
            await session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "down"
    return "ok"


async def _rasa(url: str) -> State:
    try:
        async with httpx.AsyncClient(timeout=PROBE_TIMEOUT_S, trust_env=False) as client:
            answer = await client.get(f"{url}/webhooks/rest/")
    except httpx.HTTPError:
        return "down"
    return "ok" if answer.is_success else "down"
