"""axe-core on a page as it stands; the page's security policy stays on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong (WCAG 2.2 A and AA, and its best practices), in a line each."""
    page.evaluate(_source())
    found: dict[str, Any] = page.evaluate("() => axe.run(document)")
    return [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:3]}" for v in found["violations"]]
