"""Every action, as Rasa calls it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import MeasuredDelay
from api.dialogue.actions import ACTIONS
from tests.api.dialogue.conftest import FakeRasa

Make = Callable[[], Awaitable[FakeRasa]]
DOMAIN = Path(__file__).parents[3] / "bot" / "domain" / "actions.yml"
LOOP = {"loop": "qualification_form", "requested_slot": "answer"}
ANSWERS = {
    "demandeur": "parent",
    "adresse": "12 rue des Lilas, Rouen",
    "contenu_manquant": "le livre",
    "date_inscription": "le 3 septembre",
    "nom_eleve": "Jeanne Martin",
    "identifiant": "passer",
    "contact": "[COURRIEL]",
}


def test_the_domain_names_the_registry() -> None:
    assert set(yaml.safe_load(DOMAIN.read_text())["actions"]) == set(ACTIONS)


@pytest.mark.parametrize(
    "action",
    [name for name in ACTIONS if not name.startswith("validate_")],
)
async def test_no_action_is_silent_or_fails_out_of_its_place(fake_rasa: Make, action: str) -> None:
    """Rasa and the service may be a turn apart after a crash: whatever is called, something is said."""
    rasa = await fake_rasa()
    assert await rasa.messages(action, "mon colis est perdu")


@pytest.mark.parametrize("action", ["validate_qualification_form", "validate_status_form"])
async def test_forms_begin_and_end_by_themselves(fake_rasa: Make, action: str) -> None:
    rasa = await fake_rasa()
    assert (await rasa.run(action, "bonjour"))["events"]


async def begun(fake_rasa: Make) -> FakeRasa:
    rasa = await fake_rasa()
    assert await rasa.intent("mon colis est perdu") == "request"
    said = await rasa.messages("action_start_request", "mon colis est perdu")
    assert [m["kind"] for m in said] == ["handoff"]
    return rasa


async def test_the_form_asks_sums_up_and_opens_a_ticket(fake_rasa: Make, session: AsyncSession) -> None:
    session.add(MeasuredDelay(team="production", seconds=3 * 3600, answers=30))
    await session.commit()
    rasa = await begun(fake_rasa)
    asked = await rasa.messages("action_ask_qualification_form_answer", **LOOP)
    for _ in range(12):
        if asked[-1]["kind"] == "summary":
            break
        assert asked[-1]["kind"] == "question"
        asked = await rasa.form(ANSWERS[asked[-1]["asks"]])
    assert {line["field"]: line["value"] for line in asked[-1]["lines"]}["nom_eleve"] == "Jeanne Martin"
    sent = await rasa.form("oui")
    assert [m["kind"] for m in sent] == ["ticket"]
    assert sent[0]["ticket"]["team"] == "production"
    assert (
        sent[0]["delay"]
        == "Ces dernières semaines, cette équipe a répondu en 3 heures environ. Ce n'est pas une promesse."
    )
    assert (await rasa.messages("action_open_ticket"))[0]["kind"] == "smalltalk"


async def test_an_interrupted_form_is_not_touched(fake_rasa: Make) -> None:
    rasa = await begun(fake_rasa)
    await rasa.messages("action_ask_qualification_form_answer", **LOOP)
    taken = await rasa.run("validate_qualification_form", "vos horaires ?", answer=None, **LOOP)
    assert taken == {"events": [], "responses": []}


async def test_a_refused_answer_says_why_and_is_passed_the_second_time(fake_rasa: Make) -> None:
    rasa = await begun(fake_rasa)
    asked = await rasa.messages("action_ask_qualification_form_answer", **LOOP)
    assert asked[0]["asks"] == "demandeur"
    again = await rasa.form("flibustier")
    assert again[-1]["asks"] == "demandeur"
    assert len(again) == 2
    passed = await rasa.form("moutarde")
    assert passed[-1]["asks"] != "demandeur"


async def test_cancelling_forgets_the_request(fake_rasa: Make) -> None:
    rasa = await begun(fake_rasa)
    await rasa.messages("action_cancel_request", "annuler")
    entities = {e["entity"]: e["value"] for e in (await rasa.parse("bonjour"))["entities"]}
    assert entities["pending"] is False


async def test_answer_expects_feedback_out_of_a_form_only(fake_rasa: Make) -> None:
    rasa = await fake_rasa()
    assert [m["kind"] for m in await rasa.messages("action_answer", "vos horaires ?")] == ["answer", "smalltalk"]
    assert (await rasa.parse("oui"))["entities"][0] == {"entity": "context", "value": "feedback"}
    rasa = await begun(fake_rasa)
    assert [m["kind"] for m in await rasa.messages("action_answer", "vos horaires ?", **LOOP)] == ["answer"]
    assert (await rasa.parse("oui"))["entities"][0] == {"entity": "context", "value": "none"}


async def test_failures_are_counted_and_cleared(fake_rasa: Make) -> None:
    rasa = await fake_rasa()
    await rasa.messages("action_fallback", "zut")
    assert (await rasa.parse("zut"))["entities"][1] == {"entity": "failed", "value": True}
    await rasa.messages("action_greet", "bonjour")
    assert (await rasa.parse("zut"))["entities"][1] == {"entity": "failed", "value": False}


async def test_a_change_of_subject_keeps_the_base(fake_rasa: Make) -> None:
    rasa = await begun(fake_rasa)
    await rasa.messages("action_ask_qualification_form_answer", **LOOP)
    await rasa.form("parent")
    said = await rasa.messages("action_change_subject", "en fait je veux un remboursement", **LOOP)
    assert "Annuler" in said[0]["text"]
    asked = await rasa.messages("action_ask_qualification_form_answer", **LOOP)
    assert asked[0]["asks"] == "date_achat"
