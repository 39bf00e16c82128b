"""RFC 9457 problem documents, and who wants a page instead."""

from __future__ import annotations

from typing import Any

import orjson
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

TITLES = {
    400: "Requête illisible",
    401: "Identification requise",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode non autorisée",
    409: "Action impossible dans cet état",
    413: "Contenu trop volumineux",
    415: "Type de contenu non pris en charge",
    422: "Contenu non valable",
    429: "Trop de tentatives",
    500: "Erreur interne",
    503: "Service momentanément indisponible",
}
MEDIA_TYPE = "application/problem+json"


class FieldFault(BaseModel):
    """A field that was refused and why; the refused value is never repeated."""

    field: str
    message: str


class ProblemDocument(BaseModel):
    """The body of every refusal of the HTTP interface."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldFault] | None = Field(default=None, description="Les champs refusés, quand il y en a.")


def problem(
    status: int, detail: str, *, errors: list[FieldFault] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """The response for a refusal."""
    document = ProblemDocument(title=title_of(status), status=status, detail=detail, errors=errors)
    body: dict[str, Any] = document.model_dump(exclude_none=True)
    return Response(orjson.dumps(body), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def title_of(status: int) -> str:
    """The French name of a status."""
    return TITLES.get(status, "Demande refusée" if status < 500 else "Erreur du service")


def wants_page(scope: Scope) -> bool:
    """True for a browser that asked for a page; programs, and all under /v1 and /rasa, get problem documents."""
    path: str = scope.get("path", "")
    if path.startswith(("/v1", "/rasa")):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")
