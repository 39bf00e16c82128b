"""Forms that another site sends in somebody's name are refused. Browsers say where a form comes from."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from api.operators.signed_in import FormRefused


def from_our_page(request: Request) -> bool | None:
    """True or False as the browser says; None when it says nothing (old browsers, programs)."""
    fetched = request.headers.get("sec-fetch-site")  # right behind any proxy, so first
    if fetched is not None:
        return fetched in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return None
    return urlsplit(origin).netloc == request.headers.get("host", "")


def refuse_other_sites(request: Request) -> None:
    """For a page whose cookie other sites can't send anyway (SameSite=Lax): refuse what the browser calls foreign.

    Raises:
        FormRefused: the form is on another site.
    """
    if from_our_page(request) is False:
        raise FormRefused
