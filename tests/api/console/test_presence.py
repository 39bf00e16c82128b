"""Two advisors on one ticket: each is told of the other before sending; taking it and giving it back."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.tickets import service
from tests.api.console.test_answering import Advisor, advisors, status
from tests.api.console.test_pages import check_accessible, form_token
from tests.conftest import Counts

__all__ = ["advisors"]
Both = tuple[Advisor, Advisor, str]


async def beat(advisor: Advisor, **more: Any) -> httpx.Response:
    """What the script of the page sends."""
    vu = re.search(r'data-vu="(\d+)"', advisor.html)
    assert vu
    data = {"jeton": form_token(advisor.html), "vu": vu[1]} | more
    return await advisor.client.post(f"{advisor.path}/presence", data=data)


async def test_each_is_told_of_the_other_and_who_writes_before_anything_is_sent(advisors: Both) -> None:
    one, two, _ = advisors
    assert "Léa Martin a aussi cette demande sous les yeux" in two.html
    assert "écrit une réponse" not in (await beat(one)).text
    await beat(two, ecrit="1")
    told = (await beat(one)).text
    assert "écrit une réponse en ce moment" in told
    assert "changé depuis" not in told
    assert "écrit une réponse" in await one.open()  # without a script too
    await two.send("reponse", texte="La première")
    assert "Cette demande a changé depuis que vous l&#39;avez ouverte" in (await beat(one)).text or (
        "Cette demande a changé depuis que vous l'avez ouverte" in (await beat(one)).text
    )


async def test_who_left_or_has_long_been_silent_is_not_there(advisors: Both, session: AsyncSession) -> None:
    one, two, _ = advisors
    assert (await beat(two, parti="1")).status_code == 204
    assert "sous les yeux" not in (await beat(one)).text
    await beat(two, ecrit="1")
    await session.execute(text("UPDATE ticket_presences SET seen_at = now() - interval '46 seconds'"))
    await session.commit()
    assert (await beat(one)).text.strip() == ""
    await session.execute(
        text("UPDATE ticket_presences SET seen_at = now(), writing_at = now() - interval '61 seconds'")
    )
    await session.commit()
    told = (await beat(one)).text
    assert "sous les yeux" in told
    assert "écrit" not in told


async def test_taking_it_and_giving_it_back(advisors: Both, session: AsyncSession) -> None:
    one, two, reference = advisors
    assert "attend dans la file" in one.html
    data = {"jeton": form_token(one.html)}
    assert (await one.client.post(f"{one.path}/prendre", data=data)).status_code == 303
    assert await status(session, reference) == "assigne"
    html = await one.open()
    assert "Vous." in html
    assert "s&#39;en occupe" in html
    assert "Je m'en occupe" in await two.open()  # from a colleague, knowingly
    assert (await one.client.post(f"{one.path}/rendre", data=data)).status_code == 303
    assert await status(session, reference) == "nouveau"
    html = await one.open()
    assert "a rendu la demande à l&#39;équipe" in html
    check_accessible(html)


async def test_taking_it_warns_who_was_writing(advisors: Both, counts: Counts) -> None:
    one, two, _ = advisors
    await one.client.post(f"{one.path}/prendre", data={"jeton": form_token(one.html)})
    assert (await two.send("reponse", texte="J'écrivais")).status_code == 409
    assert (await counts())["ticket_messages"] == 0


async def test_what_is_over_is_not_taken(advisors: Both, session: AsyncSession) -> None:
    one, _, reference = advisors
    await service.change_status(session=session, reference=reference, status="clos")
    await session.commit()
    assert "Je m'en occupe" not in await one.open()
    refused = await one.client.post(f"{one.path}/prendre", data={"jeton": form_token(one.html)})
    assert refused.status_code == 409


@pytest.mark.parametrize("form", ["presence", "prendre", "rendre"])
async def test_forms_of_other_sites_and_of_nobody(
    advisors: Both,
    client: httpx.AsyncClient,
    counts: Counts,
    form: str,
) -> None:
    one, _, _ = advisors
    before = await counts()
    assert (await one.client.post(f"{one.path}/{form}", data={"jeton": "0" * 64})).status_code == 403
    assert (await client.post(f"{one.path}/{form}", data={})).status_code == 303
    unknown = one.path[:-4] + "0000"
    assert (await one.client.post(f"{unknown}/{form}", data={"jeton": form_token(one.html)})).status_code == 404
    assert await counts() == before
