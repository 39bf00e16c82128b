"""From a refusal to a response: the only file that knows which status each kind of refusal has."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import errors as pg
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.error_page import error_page
from api.problem_document import FieldFault, problem, wants_page

logger = logging.getLogger(__name__)

STATUSES: dict[type[errors.Refusal], int] = {
    errors.Unreadable: 400,
    errors.NotSignedIn: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
DETAILS: dict[int, str] = {status: refusal.detail for refusal, status in STATUSES.items()} | {
    405: "Cette adresse n'accepte pas cette méthode.",
    415: "Ce type de contenu n'est pas pris en charge.",
    500: "Une erreur inattendue s'est produite. Réessayez ; si elle revient, contactez le Cned.",
}
LONG_TEXT = 10_000  # characters: a longer text is "too large", a long short field is only invalid

FAULTS = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ est inconnu.",
    "string_type": "Du texte est attendu.",
    "string_too_short": "Ce texte est vide ou trop court.",
    "string_too_long": "Ce texte est trop long.",
    "text_empty": "Ce texte est vide.",
    "text_too_long": "Ce texte est trop long.",
    "string_pattern_mismatch": "Ce texte n'a pas la forme attendue.",
    "literal_error": "Cette valeur ne fait pas partie des valeurs possibles.",
    "enum": "Cette valeur ne fait pas partie des valeurs possibles.",
    "int_parsing": "Un nombre entier est attendu.",
    "int_type": "Un nombre entier est attendu.",
    "uuid_parsing": "Cet identifiant n'a pas la forme attendue.",
    "model_attributes_type": "Un objet JSON est attendu.",
    "dict_type": "Un objet JSON est attendu.",
}


def install(app: FastAPI) -> None:
    """Give every kind of failure its response."""
    app.add_exception_handler(errors.Refusal, _refusal)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _validation)
    for database_down in (OperationalError, InterfaceError, PoolTimeout, pg.OperationalError, pg.InterfaceError):
        app.add_exception_handler(database_down, _database_down)
    for refused in (DataError, pg.DataError):
        app.add_exception_handler(refused, _refused_by_database)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_middleware(Unexpected)


def status_of(refusal: errors.Refusal) -> int:
    """The status of the nearest family."""
    return next((STATUSES[family] for family in type(refusal).__mro__ if family in STATUSES), 400)


def answer(
    request: Request,
    status: int,
    detail: str,
    *,
    faults: list[FieldFault] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A page for browsers, a problem document for everyone else."""
    if wants_page(request.scope):
        return error_page(status, detail, headers=headers)
    return problem(status, detail, errors=faults, headers=headers)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.Refusal)
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    return answer(request, status, error.message, headers=headers)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    try:
        standard = HTTPStatus(error.status_code).phrase
    except ValueError:
        standard = ""
    written_by_framework = error.detail in (standard, "There was an error parsing the body")
    detail = DETAILS.get(error.status_code, standard) if written_by_framework else str(error.detail)
    return answer(request, error.status_code, detail, headers=dict(error.headers or {}))


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    kinds = {str(e["type"]) for e in found}
    if kinds & {"json_invalid", "string_unicode", "text_unreadable"}:
        return answer(request, 400, errors.Unreadable.detail)
    if any(_too_large(e) for e in found):
        return answer(request, 413, errors.TooLarge.detail)
    faults = [FieldFault(field=_field(e["loc"]), message=_message(e)) for e in found]
    detail = "Contenu non valable : " + " ; ".join(f"{f.field} : {f.message}" for f in faults[:3])
    return answer(request, 422, detail, faults=faults)


def _too_large(fault: dict[str, Any]) -> bool:
    kind, context = fault["type"], fault.get("ctx", {})
    return kind == "text_too_long" or (kind == "string_too_long" and int(context.get("max_length", 0)) >= LONG_TEXT)


def _field(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def _message(fault: dict[str, Any]) -> str:
    message = FAULTS.get(str(fault["type"]), "Cette valeur n'est pas valable.")
    if expected := fault.get("ctx", {}).get("expected"):
        message += f" Valeurs possibles : {str(expected).replace(' or ', ' ou ')}."
    return message


async def _database_down(request: Request, error: Exception) -> Response:
    logger.error("database does not answer: %s", type(error).__name__)
    return answer(request, 503, errors.Unavailable.detail, headers={"Retry-After": "30"})


async def _refused_by_database(request: Request, error: Exception) -> Response:
    logger.warning("value refused by the database: %s", type(getattr(error, "orig", error)).__name__)
    return answer(request, 422, errors.Invalid.detail)


async def _database_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if error.connection_invalidated:
        return await _database_down(request, error)
    raise error


class Unexpected:
    """Answers 500 to what nobody expected. The log says what and where; not the message, which may quote people."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if scope["type"] != "http":
                raise
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("unexpected %s\n%s", type(error).__name__, frames)
            if started:
                raise ResponseCut from None
            request = Request(scope, receive)
            await answer(request, 500, DETAILS[500])(scope, receive, send)


class ResponseCut(RuntimeError):
    """A failure after the response began: the connection can only be cut. The log has the cause."""
