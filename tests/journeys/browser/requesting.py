"""The request form, as somebody fills it in the browser."""

from __future__ import annotations

import re

import pytest

from tests.journeys.browser.browsing import Visit

REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
QUESTIONS = 16


def to_recap(there: Visit, first: str = "Mon colis n'est pas arrivé") -> None:
    """Answer the form: with its inputs where it has some, in words elsewhere."""
    there.say(first)
    page = there.page
    for _ in range(QUESTIONS):
        if there.bubbles.last.locator("dl.recap").count():
            return
        if page.locator("#guide #courriel").count():
            there.send_guided(lambda box: box.fill("jeanne.martin@exemple.fr"), "#courriel")
        elif page.locator("#guide #valeur[type=date]").count():
            there.send_guided(lambda box: box.fill("2026-09-03"))
        elif page.locator("#guide select").count():
            there.send_guided(lambda box: box.select_option("4e"))
        elif page.get_by_role("button", name="Parent ou responsable").count():
            there.press("Parent ou responsable")
        elif page.get_by_role("button", name="Je ne l'ai pas", exact=True).count():
            there.press("Je ne l'ai pas")
        elif page.get_by_role("button", name="Passer", exact=True).count() and "livre" in page.content():
            there.press("Passer")
        else:
            there.say("il manque le livre de maths, 12 rue des Lilas à Rouen")
    pytest.fail("the recap never comes")
