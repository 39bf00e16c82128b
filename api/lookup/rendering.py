"""The templates of the look-up; the console's frame surrounds them."""

from __future__ import annotations

from pathlib import Path

from api.pages import templates

HERE = Path(__file__).parent
TEMPLATES = templates(HERE / "templates", HERE.parent / "console" / "templates")
