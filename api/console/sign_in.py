"""Signing in to the console and out of it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from api.console.contexts import SignInPage
from api.console.page_staff import HOME, SIGN_IN, TEMPLATES, AnyPageStaff, SignInNeeded, after_sign_in, go, inside
from api.dependencies import SessionDep, SettingsDep
from api.operators import service as operators
from api.operators.passwords import LONGEST
from api.operators.signed_in import COOKIE, FormRefused, MaybeStaffDep, check_form, form_token, sign_in_wait
from api.pages import page

router = APIRouter(include_in_schema=False)
SIGN_IN_COOKIE = "aiguillage_connexion"
Field = Annotated[str, Form(max_length=500)]


async def ask_to_sign_in(_: Request, error: Exception) -> Response:
    """The answer to `SignInNeeded`."""
    assert isinstance(error, SignInNeeded)
    return go(f"{SIGN_IN}?{urlencode({'suite': error.then})}")


@router.get("/connexion")
async def sign_in_page(settings: SettingsDep, staff: MaybeStaffDep, suite: str = HOME) -> Response:
    """The sign-in form."""
    if staff is not None:
        return go(after_sign_in(staff.operator.role, suite))
    return _sign_in_page(secure=settings.secure_cookies, then=suite)


@router.post("/connexion")
async def sign_in(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=LONGEST)] = "",
    suite: Field = HOME,
    jeton: Field = "",
) -> Response:
    """Check a login and its password; what is refused stays on the form, which says why."""
    secure = settings.secure_cookies
    try:
        check_form(request.cookies.get(SIGN_IN_COOKIE, ""), jeton)
    except FormRefused as refused:
        return _sign_in_page(secure=secure, then=suite, login=login, error=refused.message, status=403)
    if wait := await sign_in_wait(request):
        error = f"Trop de tentatives depuis votre connexion à internet. Réessayez dans {wait} s."
        return _sign_in_page(secure=secure, then=suite, login=login, error=error, status=429)
    lasts = timedelta(hours=settings.session_hours)
    outcome = await operators.sign_in(session=session, login=login, password=password, lasts=lasts)
    if isinstance(outcome, operators.Refused):
        if outcome.wait_s:
            minutes = -(-outcome.wait_s // 60)
            error = f"Trop de tentatives. Réessayez dans {minutes} minute{'s' if minutes > 1 else ''}."
            return _sign_in_page(secure=secure, then=suite, login=login, error=error, status=429)
        error = "Identifiant ou mot de passe incorrect."
        return _sign_in_page(secure=secure, then=suite, login=login, error=error, status=401)
    response = go(after_sign_in(outcome.operator.role, suite))
    set_cookie(response, COOKIE, outcome.token, seconds=int(lasts.total_seconds()), secure=secure)
    response.delete_cookie(SIGN_IN_COOKIE, path=SIGN_IN)
    return response


@router.post("/deconnexion")
async def sign_out(session: SessionDep, staff: AnyPageStaff, jeton: Field = "") -> Response:
    """End the session."""
    check_form(staff.token, jeton)
    await operators.sign_out(session=session, token=staff.token)
    response = go(SIGN_IN)
    response.delete_cookie(COOKIE, path="/")
    return response


def _sign_in_page(*, secure: bool, then: str, login: str = "", error: str | None = None, status: int = 200) -> Response:
    """The form, bound to this browser by a cookie that no other site can set or read."""
    secret = secrets.token_urlsafe(32)
    context = SignInPage(form_token=form_token(secret), then=inside(then), login=login[:64], error=error)
    response = page(TEMPLATES, "connexion.html", context, status=status)
    set_cookie(response, SIGN_IN_COOKIE, secret, seconds=3600, secure=secure, path=SIGN_IN)
    return response


def set_cookie(response: Response, name: str, value: str, *, seconds: int, secure: bool, path: str = "/") -> None:
    """A cookie that scripts can't read and that other sites don't send with their forms."""
    response.set_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="lax")
