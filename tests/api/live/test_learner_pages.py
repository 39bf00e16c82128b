"""What the script of the learner's page reads and says, for whoever the cookie names."""

from __future__ import annotations

from typing import Any

import httpx
import pytest_asyncio

from tests.api.live.conftest import SUNDAY, Scene
from tests.api.widget.conftest import Browser

ASKED = "Je voudrais parler à un conseiller"


@pytest_asyncio.fixture
async def browser(scene: Scene) -> Any:
    """Without scripts."""
    transport = httpx.ASGITransport(app=scene.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", follow_redirects=True) as http:
        yield Browser(http)


async def read(browser: Browser) -> dict[str, Any]:
    response = await browser.http.get("/assistant/direct")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_nobody_s_conversation_is_with_the_assistant(browser: Browser) -> None:
    assert await read(browser) == {
        "state": "bot", "position": None, "wait_minutes": None, "agent": None, "typing": False, "banner": ""
    }  # fmt: skip
    browser.http.cookies.set("aiguillage_conversation", "x.y")
    assert (await read(browser))["state"] == "bot"
    for path in ("ecrit", "quitter"):
        assert (await browser.http.post(f"/assistant/direct/{path}", follow_redirects=False)).status_code in (204, 303)


async def fil(browser: Browser, after: int) -> dict[str, Any]:
    response = await browser.http.get(f"/assistant/fil?apres={after}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_the_words_of_a_person_come_as_pieces_of_the_page(browser: Browser, scene: Scene) -> None:
    agent = await (await scene.agent()).online("Léa")
    page = await browser.say(ASKED)
    assert "Position dans la file : 1" in page.text
    assert 'data-etat="waiting"' in browser.html
    assert browser.html.count(">Ne plus attendre</button>") == 1, "offered once"
    before = (await fil(browser, 0))["last"]
    number = await agent.take_first()
    await agent.do(f"/{number}/message", texte="Bonjour <b>vous</b>.")
    then = await fil(browser, before)
    assert then["exchange"].count("<li class") == 2
    assert "Léa, du Cned" in then["exchange"]
    assert "Bonjour &lt;b&gt;vous&lt;/b&gt;." in then["exchange"]
    assert "Par téléphone" not in then["exchange"]
    assert (await read(browser))["banner"] == "Léa, du Cned, vous répond."
    assert "<li" not in (await fil(browser, then["last"]))["exchange"]
    page = await browser.open()
    assert "Ne plus attendre" not in browser.html, "what the queue proposed is no answer to a person"


async def test_another_site_can_t_leave_for_somebody(browser: Browser, scene: Scene) -> None:
    await (await scene.agent()).online()
    await browser.say(ASKED)
    foreign = {"sec-fetch-site": "cross-site"}
    for path in ("ecrit", "quitter"):
        assert (await browser.http.post(f"/assistant/direct/{path}", headers=foreign)).status_code == 403
    assert (await read(browser))["state"] == "waiting"
    await browser.http.post("/assistant/direct/quitter", headers={"sec-fetch-site": "same-origin"})
    assert (await read(browser))["state"] == "bot"


async def test_starting_again_tells_the_agent(browser: Browser, scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    await browser.say(ASKED)
    number = await agent.take_first()
    await browser.post("/assistant/recommencer")
    assert "quittée par la personne" in await agent.open(f"/{number}")


async def test_a_moment_that_is_past_is_not_promised(browser: Browser, scene: Scene) -> None:
    scene.clock.at(SUNDAY)
    page = await browser.say(ASKED)
    slot = page.buttons[0]
    assert slot.startswith("Être rappelé lundi 23 novembre, entre 8 h 30")
    scene.clock.forward(days=2)
    page = await browser.post(choix=slot)
    assert "Ce moment n'est plus proposé" in page.text
    assert page.buttons[0].startswith("Être rappelé mardi 24 novembre")
    page = await browser.post(choix=page.buttons[1])
    assert "vous souhaitez être rappelé mardi 24 novembre" in page.text
