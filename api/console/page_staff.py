"""Who may see a page of the console, and where the others are sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import RedirectResponse

from api.operators.signed_in import MaybeStaffDep, Staff
from api.pages import templates

HOME = "/console/demandes"
SIGN_IN = "/console/connexion"
TEMPLATES = templates(Path(__file__).parent / "templates", Path(__file__).parents[1] / "lookup" / "templates")
_INSIDE = re.compile(r"/(?:console|crc)(?:[/?][\w\-./?=&%+]*)?", re.ASCII)


class SignInNeeded(Exception):
    """The page is for staff; `then` is where to come back to."""

    def __init__(self, then: str) -> None:
        super().__init__(then)
        self.then = then


async def staff_of_page(request: Request, staff: MaybeStaffDep) -> Staff:
    """Who is signed in.

    Raises:
        SignInNeeded: nobody.
    """
    if staff is None:
        query = f"?{request.url.query}" if request.url.query else ""
        raise SignInNeeded(f"{request.url.path}{query}" if request.method == "GET" else HOME)
    return staff


def inside(path: str) -> str:
    """A page of the staff: never another site."""
    return path if _INSIDE.fullmatch(path) else HOME


def go(path: str) -> RedirectResponse:
    """Send the browser to a page, with GET."""
    return RedirectResponse(path, status_code=303)


PageStaff = Annotated[Staff, Depends(staff_of_page)]
