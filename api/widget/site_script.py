"""`/widget.js`: the one line that another site adds."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.widget.assets import own_files

router = APIRouter(include_in_schema=False)
NAME = "widget.js"
# Sites name this address for years: it is asked again each hour. It may be loaded by any site; the frame it opens may not.
HEADERS = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}


@router.get(f"/{NAME}")
async def script(request: Request) -> Response:
    """The script that puts a button in the corner of a site."""
    return own_files()[NAME].response(request, HEADERS)
