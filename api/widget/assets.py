"""Styles, scripts and fonts as browsers keep them: under an address that changes with them, compressed once, for a year.

The State's design system (DSFR) comes from npm (`make setup`). Of its styles only the parts these pages use are sent, in one
file; its dark scheme follows the reader's setting without any script. When it is not installed, pages keep their own style.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from api.errors import NotFound

logger = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

STATIC = Path(__file__).parent / "static"
DESIGN = Path(__file__).parents[2] / "node_modules" / "@gouvfr" / "dsfr" / "dist"
PARTS = (
    "core/core.main.min.css",
    *(f"component/{name}/{name}.main.min.css" for name in ("skiplink", "link", "button", "form", "input", "select", "radio")),
    "scheme/scheme.min.css",
)  # fmt: skip
FOLLOW_UP_PARTS = (
    "core/core.main.min.css",
    *(
        f"component/{name}/{name}.main.min.css"
        for name in (
            "skiplink",
            "logo",
            "link",
            "header",
            "footer",
            "button",
            "form",
            "input",
            "radio",
            "alert",
            "badge",
        )
    ),
)
SHEET = "core/assistant.css"  # beside the fonts and icons that it names
FOLLOW_UP_SHEET = "core/suivi.css"  # in the light scheme only
SHEETS = {SHEET: PARTS, FOLLOW_UP_SHEET: FOLLOW_UP_PARTS}
_DARK = re.compile(r"(:root\[data-fr-theme=dark\][^{}]*\{[^{}]*\})")
_OPEN = re.compile(r"(?:fonts/[\w.-]+\.woff2?|icons/[\w-]+/[\w-]+\.svg)")
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class NoSuchFile(NotFound):
    """No file of that name is served."""

    detail = "Ce fichier n'existe pas."


@dataclass(frozen=True, slots=True)
class Asset:
    """A file in memory, as it is and compressed."""

    content: bytes
    compressed: bytes
    media_type: str

    def response(self, request: Request, headers: dict[str, str]) -> Response:
        """The shorter form when the browser reads it."""
        headers = {"Vary": "Accept-Encoding"} | headers
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers |= {"Content-Encoding": "gzip"}
            return Response(self.compressed, media_type=self.media_type, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


@cache
def own_files() -> dict[str, Asset]:
    """The files of `static/`, by name."""
    return {path.name: asset(path.read_bytes(), path.name) for path in sorted(STATIC.iterdir()) if path.is_file()}


@cache
def own_version() -> str:
    """Changes with any file of `static/`."""
    digest = hashlib.sha256()
    for name, found in own_files().items():
        digest.update(name.encode() + found.content)
    return digest.hexdigest()[:12]


@cache
def design_system(folder: Path = DESIGN, name: str = SHEET) -> Asset | None:
    """A sheet of the design system, None when it is not installed."""
    try:
        sheets = [(folder / part).read_text(encoding="utf-8") for part in SHEETS[name]]
    except OSError:
        logger.warning("the design system is not in %s: run make setup", folder)
        return None
    return asset(merged(sheets, dark=name == SHEET).encode(), name)


@cache
def design_version(folder: Path = DESIGN) -> str:
    """The version of the design system that is installed, and of the way its sheets are made."""
    try:
        version = str(json.loads((folder.parent / "package.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        version = "0"
    made = b"".join(sheet.content for name in SHEETS if (sheet := design_system(folder, name)))
    return f"{version}-{hashlib.sha256(made).hexdigest()[:8]}" if made else version


def style_addresses() -> tuple[str, ...]:
    """The sheets of these pages, in order."""
    return (*design_addresses(SHEET), own_address("assistant.css"))


def design_addresses(name: str) -> tuple[str, ...]:
    """Where a sheet of the design system is kept for ever; nothing when it is not installed."""
    return (f"/static/dsfr/{design_version()}/{name}",) if design_system(name=name) else ()


def own_address(name: str) -> str:
    """Where a file of `static/` is kept for ever."""
    return f"/assistant/static/{own_version()}/{name}"


def merged(sheets: list[str], *, dark: bool = True) -> str:
    """One sheet, in `core/`: addresses are relative to it, and the dark scheme, if any, follows the reader's setting."""
    text = "\n".join(sheets).replace("url(../../", "url(../")
    return _DARK.sub(_when_dark, text) if dark else text


def asset(content: bytes, name: str) -> Asset:
    """A file to serve."""
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(content, gzip.compress(content, 9, mtime=0), media_type)


@router.get("/static/dsfr/{version}/{path:path}")
async def serve_design_system(request: Request, version: str, path: str) -> Response:
    """The sheets, the fonts and the icons, and no other file."""
    if path in SHEETS and version == design_version() and (sheet := design_system(name=path)) is not None:
        return sheet.response(request, FOREVER)
    file = DESIGN / path
    if not _OPEN.fullmatch(path) or not file.is_file():
        raise NoSuchFile
    return FileResponse(file, headers=FOREVER)


@router.get("/assistant/static/{path:path}")
async def serve_own(request: Request, path: str) -> Response:
    """Style and scripts of these pages; for ever under the address that has their version."""
    version, _, name = path.rpartition("/")
    found = own_files().get(name)
    if found is None or version not in ("", own_version()):
        raise NoSuchFile
    return found.response(request, FOREVER if version else {"Cache-Control": "no-cache"})


def _when_dark(match: re.Match[str]) -> str:
    rule = match.group(1).replace(":root[data-fr-theme=dark]", ":root")
    return f"@media (prefers-color-scheme:dark){{{rule}}}"
