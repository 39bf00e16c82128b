"""Signing in and out for programs: the token goes in an Authorization header."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import SessionDep, SettingsDep
from api.errors import NotSignedIn, TooMany
from api.operators import service
from api.operators.passwords import LONGEST
from api.operators.signed_in import AnyStaffDep, sign_in_wait
from api.text_fields import Line

router = APIRouter(prefix="/v1/sessions", tags=["personnel"])


class SignInForm(BaseModel):
    """A staff account."""

    model_config = ConfigDict(extra="forbid")
    login: Line = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=LONGEST)


class OpenedSession(BaseModel):
    """A session. The token is shown once."""

    token: str
    expires_at: datetime
    role: str


class WrongPassword(NotSignedIn):
    """Unknown login or wrong password: which one is not said."""

    detail = "Identifiant ou mot de passe incorrect."


@router.post("", status_code=status.HTTP_201_CREATED)
async def open_session(request: Request, session: SessionDep, settings: SettingsDep, form: SignInForm) -> OpenedSession:
    """Sign in."""
    if wait := await sign_in_wait(request):
        raise TooMany(retry_after_s=wait)
    lasts = timedelta(hours=settings.session_hours)
    outcome = await service.sign_in(session=session, login=form.login, password=form.password, lasts=lasts)
    if isinstance(outcome, service.Refused):
        await session.commit()  # the refusal is counted although the request fails
        if outcome.wait_s:
            raise TooMany(retry_after_s=outcome.wait_s)
        raise WrongPassword
    return OpenedSession(token=outcome.token, expires_at=outcome.expires_at, role=outcome.operator.role)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def close_session(session: SessionDep, staff: AnyStaffDep) -> Response:
    """Sign out."""
    await service.sign_out(session=session, token=staff.token)
    return Response(status_code=status.HTTP_204_NO_CONTENT)
