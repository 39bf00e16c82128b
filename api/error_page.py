"""The page a browser gets when something is refused or does not work. It needs neither the database nor the models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.responses import HTMLResponse

from api.pages import page, templates
from api.problem_document import title_of

_TEMPLATES = templates(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """`status` as shown in small; `title` and `detail` are French sentences."""

    status: int
    title: str
    detail: str


def error_page(status: int, detail: str, *, headers: dict[str, str] | None = None) -> HTMLResponse:
    """The accessible page for a refusal."""
    return page(_TEMPLATES, "erreur.html", ErrorPage(status, title_of(status), detail), status=status, headers=headers)
