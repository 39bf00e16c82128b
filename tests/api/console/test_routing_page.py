"""The simulator: the real routing, in words, and nothing is written."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from api.operators import service as operators
from api.operators.signed_in import COOKIE
from api.teams import service as teams
from api.teams.service import Membership
from api.tickets import service
from tests.api.console.test_answering import MakeAccount
from tests.api.console.test_pages import DRAFT, check_accessible, form_token
from tests.conftest import Counts

PATH = "/console/routage"


@pytest.fixture
async def staff(client: httpx.AsyncClient, account: MakeAccount, session: AsyncSession) -> httpx.AsyncClient:
    client.cookies.set(COOKIE, (await account()).token)
    person = await operators.account(session=session, login="lea.martin")
    await teams.set_member(
        session=session, operator_id=person.id, team="enseignants", membership=Membership(unit="lycee")
    )
    await session.commit()
    return client


async def test_it_says_where_and_why_and_changes_nothing(staff: httpx.AsyncClient, counts: Counts) -> None:
    html = (await staff.get(PATH)).text
    check_accessible(html)
    before = await counts()
    data = {
        "jeton": form_token(html),
        "service": "aide_disciplinaire",
        "niveau": "terminale",
        "discipline": "<maths>",
        "mots": "date limite demain",
    }
    answered = await staff.post(PATH, data=data)
    check_accessible(answered.text)
    assert "Enseignants et tuteurs, Cned Lycée" in answered.text
    assert "Confiée à Léa Martin : 0 sur 20 demandes, la charge la plus faible." in answered.text
    assert "« date limite demain », à répondre avant le" in answered.text
    assert "demande urgente" in answered.text
    assert 'value="&lt;maths&gt;"' in answered.text
    other = await staff.post(PATH, data=data | {"niveau": "6e", "mots": ""})
    assert "Cned Collège" in other.text
    assert "autre unité" in other.text
    assert "file de l&#39;équipe" in other.text or "file de l'équipe" in other.text
    assert await counts() == before


@pytest.mark.parametrize("wrong", [{}, {"service": "inconnu"}, {"service": "aide_disciplinaire", "canal": "pigeon"}])
async def test_a_choice_that_is_none(staff: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    token = form_token((await staff.get(PATH)).text)
    refused = await staff.post(PATH, data={"jeton": token} | wrong)
    assert refused.status_code == 422
    check_accessible(refused.text)
    assert "Choisissez un service" in refused.text


async def test_it_is_for_staff_and_from_its_own_form(staff: httpx.AsyncClient) -> None:
    assert (await staff.post(PATH, data={"jeton": "0" * 64, "service": "suivi_copie"})).status_code == 403
    staff.cookies.clear()
    assert (await staff.get(PATH)).headers["location"].startswith("/console/connexion")


async def test_a_ticket_shows_why_it_went_there(staff: httpx.AsyncClient, session: AsyncSession) -> None:
    ticket = await service.open_ticket(session=session, draft=DRAFT)
    await session.commit()
    html = (await staff.get(f"/console/demandes/{ticket.reference}")).text
    assert "parce que le service est" in html
    assert "Unité « Cned Collège » parce que la personne a dit « 6e »." in html
    assert "File de l&#39;équipe : l&#39;équipe n&#39;a pas de membre enregistré." in html
