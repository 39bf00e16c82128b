"""The templates of the agents' page: its own, inside those of the console."""

from __future__ import annotations

from pathlib import Path

from api.pages import templates

HERE = Path(__file__).parent
TEMPLATES = templates(HERE / "templates", HERE.parent / "console" / "templates")
