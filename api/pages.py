"""Server-rendered pages: a Jinja environment per folder of templates, and one typed context per page."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PARIS = ZoneInfo("Europe/Paris")


def templates(*folders: Path) -> Environment:
    """An environment that escapes everything and refuses names that the context lacks."""
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["date_fr"] = date_fr
    environment.filters["moment_fr"] = moment_fr
    return environment


def render(environment: Environment, name: str, context: DataclassInstance) -> str:
    """The template `name` with the fields of `context` as its variables."""
    values: dict[str, Any] = {field.name: getattr(context, field.name) for field in fields(context)}
    return environment.get_template(name).render(values)


def page(
    environment: Environment,
    name: str,
    context: DataclassInstance,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """A page response."""
    return HTMLResponse(render(environment, name, context), status_code=status, headers=headers)


def date_fr(moment: datetime) -> str:
    """22/11/2026, in Paris."""
    return moment.astimezone(PARIS).strftime("%d/%m/%Y")


def moment_fr(moment: datetime) -> str:
    """22/11/2026 à 16 h 05, in Paris."""
    return moment.astimezone(PARIS).strftime("%d/%m/%Y à\u00a0%H\u00a0h\u00a0%M")
