"""Who is asking: the session cookie of the pages, or the same session as a Bearer token."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.db.models import Operator
from api.dependencies import SessionDep
from api.errors import Forbidden, NotSignedIn
from api.operators import service
from api.operators.roles import Role, at_least
from api.rate_limits import Limits, address_of

COOKIE = "aiguillage_session"


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in staff member, with the token that proves it."""

    operator: Operator
    token: str


class FormRefused(Forbidden):
    """A form that does not come from the page the service gave."""

    detail = "Ce formulaire a expiré ou vient d'un autre site. Rechargez la page puis recommencez."


async def staff_or_none(request: Request, session: SessionDep) -> Staff | None:
    """Who is signed in, None when nobody."""
    token = _token(request)
    if not token:
        return None
    operator = await service.operator_of(session=session, token=token)
    return Staff(operator, token) if operator else None


async def any_staff(staff: Annotated[Staff | None, Depends(staff_or_none)]) -> Staff:
    """Who is signed in, whatever they may do.

    Raises:
        NotSignedIn: nobody.
    """
    if staff is None:
        raise NotSignedIn
    return staff


async def current_staff(staff: Annotated[Staff, Depends(any_staff)]) -> Staff:
    """Who is signed in and may read what learners write: not the editors of the FAQ.

    Raises:
        NotSignedIn: nobody.
        Forbidden: an editor.
    """
    if not at_least(staff.operator.role, "conseiller"):
        raise Forbidden
    return staff


def staff_with(role: Role) -> Callable[[Staff], Awaitable[Staff]]:
    """A dependency that only lets this role and those above it through."""

    async def checked(staff: StaffDep) -> Staff:
        if not at_least(staff.operator.role, role):
            raise Forbidden
        return staff

    return checked


async def sign_in_wait(request: Request) -> int:
    """How many seconds this address must wait before another try, 0 for none: many logins may be tried from one place."""
    limits: Limits = request.app.state.limits
    return await limits.sign_ins.take(address_of(request.scope))


def form_token(secret: str) -> str:
    """The value that a form of this session must carry back; `secret` is in a cookie that other sites can't read."""
    return hmac.new(secret.encode(), b"form", "sha256").hexdigest()


def check_form(secret: str, given: str) -> None:
    """Refuse a form that another site could have sent.

    Raises:
        FormRefused: the token is not the one of this session.
    """
    if not secret or not hmac.compare_digest(form_token(secret).encode(), given.encode()):
        raise FormRefused


def _token(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if value:
        return value.strip() if scheme.lower() == "bearer" else ""
    return request.cookies.get(COOKIE, "")


AnyStaffDep = Annotated[Staff, Depends(any_staff)]
StaffDep = Annotated[Staff, Depends(current_staff)]
MaybeStaffDep = Annotated[Staff | None, Depends(staff_or_none)]
