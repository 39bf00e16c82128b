"""axe-core in the page that a journey is on: no violation, whatever its weight."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check_axe(page: Page, what: str) -> None:
    """Fail with every violation: its rule and the elements. The script comes through the debugger, so the CSP allows it."""
    page.evaluate(_script())
    found = page.evaluate(
        "async (tags) => (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations"
        ".map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.html.slice(0, 160)).join(' | ')}`)",
        RULES,
    )
    assert found == [], f"{what}: " + "\n".join(found)


@cache
def _script() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not there (make setup)")
    return AXE.read_text(encoding="utf-8")
