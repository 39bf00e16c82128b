"""Who may see a page of the console, and where the others are sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import RedirectResponse

from api.errors import Forbidden
from api.operators.roles import at_least
from api.operators.signed_in import MaybeStaffDep, Staff
from api.pages import templates

HOME = "/console/demandes"
EDITING = "/console/articles"
SIGN_IN = "/console/connexion"
TEMPLATES = templates(Path(__file__).parent / "templates", Path(__file__).parents[1] / "lookup" / "templates")
_INSIDE = re.compile(r"/(?:console|crc)(?:[/?][\w\-./?=&%+]*)?", re.ASCII)


class SignInNeeded(Exception):
    """The page is for staff; `then` is where to come back to."""

    def __init__(self, then: str) -> None:
        super().__init__(then)
        self.then = then


async def anyone_of_page(request: Request, staff: MaybeStaffDep) -> Staff:
    """Who is signed in, whatever they may do: for pages that look at the role themselves.

    Raises:
        SignInNeeded: nobody.
    """
    if staff is None:
        query = f"?{request.url.query}" if request.url.query else ""
        raise SignInNeeded(f"{request.url.path}{query}" if request.method == "GET" else HOME)
    return staff


async def staff_of_page(staff: Annotated[Staff, Depends(anyone_of_page)]) -> Staff:
    """Who is signed in and may read what learners write.

    Raises:
        SignInNeeded: nobody.
        Forbidden: an editor of the FAQ.
    """
    if not at_least(staff.operator.role, "conseiller"):
        raise Forbidden
    return staff


def after_sign_in(role: str, then: str) -> str:
    """Where somebody goes: editors of the FAQ only have the articles."""
    path = inside(then)
    return path if at_least(role, "conseiller") or path.startswith(EDITING) else EDITING


def inside(path: str) -> str:
    """A page of the staff: never another site."""
    return path if _INSIDE.fullmatch(path) else HOME


def go(path: str) -> RedirectResponse:
    """Send the browser to a page, with GET."""
    return RedirectResponse(path, status_code=303)


AnyPageStaff = Annotated[Staff, Depends(anyone_of_page)]
PageStaff = Annotated[Staff, Depends(staff_of_page)]
