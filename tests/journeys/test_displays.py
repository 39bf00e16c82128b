"""Every page at 200 % and at 400 % (320 px): nothing sticks out sideways, nothing is cut, axe-core finds nothing.

Pictures of all of them go to build/screens, to be looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url

from api.operators.signed_in import COOKIE
from tests.conftest import new_database
from tests.journeys.browser.browsing import Visit, visit
from tests.journeys.lookup_service import Running, running_service

pytestmark = pytest.mark.browser
DISPLAYS = {
    "zoom-200": ({"width": 640, "height": 450}, {"device_scale_factor": 2}),
    "zoom-400": ({"width": 320, "height": 256}, {"device_scale_factor": 4}),
}
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  for (const e of document.querySelectorAll("body *")) {
    const style = getComputedStyle(e), r = e.getBoundingClientRect();
    const unseen = !e.checkVisibility({visibilityProperty: true}) || style.clipPath !== "none" || r.right < 0;
    if (unseen || e.closest(".lecture, .pour-lecteur, .fr-skiplinks, .ancre")) continue;
    const cut = ["hidden", "clip"].includes(style.overflowX) && e.localName !== "input" && e.scrollWidth > e.clientWidth + 1;
    const out = (r.right > wide + 1 || r.left < -1) && !e.parentElement.closest(".defile, pre, textarea, select");
    const own = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(" ");
    const squeezed = own.length > 20 && r.width < 60;  // a letter or a syllable a line
    if (out || cut || squeezed) found.push(e.outerHTML.slice(0, 100));
  }
  return [document.documentElement.scrollWidth - wide, found];
}"""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where everything is: a request with its exchange, a live discussion, an alarm, mails that did not leave."""

    running: Running
    reference: str
    follow_up: str
    discussion: int


def _statement(connection: psycopg.Connection, query: str, *values: object) -> object:
    found = connection.execute(query, values)  # type: ignore[call-overload]
    row = found.fetchone() if found.description else None
    return row[0] if row else None


@pytest.fixture(scope="module")
def scene(server_url: str) -> Iterator[Scene]:
    from api.db.migrate import migrate

    with new_database(server_url) as url:
        migrate(url)
        with running_service(url) as running:
            plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(plain, autocommit=True) as connection:
                yield _filled(running, connection)


def _filled(running: Running, connection: psycopg.Connection) -> Scene:
    http = httpx.Client(base_url=running.url, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
    _statement(connection, "INSERT INTO measured_delays VALUES ('gestion_scolarite', 200000, 30, now())")
    story = "Je n'ai pas reçu mon bulletin du premier trimestre, et mon lycée le demande avant vendredi."
    sent = http.post("/demande", data={"message": story, "courriel": "anne.martin@exemple.fr"}).text
    reference = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", sent)[0]
    ticket = _statement(connection, "SELECT id FROM tickets WHERE reference = %s", reference)
    said = "Bonjour,\n\nVotre bulletin part demain. Voici l'adresse : https://exemple.fr/un/chemin/tres/long/sans/aucun/espace/du/tout"
    for author, actor, text in (
        ("operator", "operator", said),
        ("learner", "learner", "Merci beaucoup."),
        ("note", "operator", "Appelé."),
    ):
        add = "INSERT INTO ticket_messages (ticket_id, author, text) VALUES (%s, %s, %s) RETURNING id"
        number = _statement(connection, add, ticket, author, text)
        event = "INSERT INTO ticket_events (ticket_id, actor, kind, data) VALUES (%s, %s, %s, %s)"
        kind = "note" if author == "note" else "message"
        _statement(connection, event, ticket, actor, kind, json.dumps({"message_id": number}))
    _statement(connection, "UPDATE mails SET state = 'refused', reason = 'adresse_illisible', attempts = 1")
    opened = [http.post("/v1/conversations").json() for _ in range(3)]
    for each, texts in zip(opened, (["mon colis est perdu"], ["mon père me frappe"], ["une bourse ?"]), strict=True):
        for text in texts:
            headers = {"Authorization": f"Bearer {each['token']}", "Accept": "application/json"}
            http.post(f"/v1/conversations/{each['id']}/messages", json={"text": text}, headers=headers)
    agent = _statement(connection, "SELECT id FROM operators")
    _statement(
        connection, "INSERT INTO live_presences VALUES (%s, 'online', 'Léa', 'crc', now() + interval '1 hour')", agent
    )
    live = (
        "INSERT INTO live_handovers (conversation_id, status, team, priority, operator_id, agent_name, triage, places,"
        " queued_at, learner_seen_at) VALUES (%s, %s, 'crc', 1, %s, 'Léa', '{}', 1, now(), now()) RETURNING id"
    )
    discussion = _statement(connection, live, opened[0]["id"], "with_agent", agent)
    _statement(connection, live, opened[2]["id"], "waiting", None)
    assert isinstance(discussion, int)
    return Scene(running, reference, re.findall(r"/suivi/[\w-]{43}", sent)[0], discussion)


def _talk(there: Visit, _: Scene) -> None:
    there.open("/assistant")
    for text in ("une bourse ?", "mon colis est perdu"):
        there.say(text)


def _form_refused(there: Visit, _: Scene) -> None:
    there.open("/demande")
    there.page.locator("#courriel").fill("anne@")
    there.page.get_by_role("button", name="Envoyer la demande").click()
    expect(there.page.get_by_role("alert")).to_be_visible()


def _form_sent(there: Visit, _: Scene) -> None:
    there.open("/demande")
    there.page.locator("#message").fill("Je n'ai pas reçu mon bulletin")
    there.page.get_by_role("button", name="Envoyer la demande").click()
    expect(there.page.locator(".delai")).to_contain_text("2 jours environ")


def _theme(there: Visit, _: Scene) -> None:
    there.open("/faq")
    there.page.locator("main h2 a").first.click()
    expect(there.page.locator("article").first).to_be_visible()


def _looked_up(there: Visit, _: Scene) -> None:
    there.open("/crc")
    there.page.locator("#recherche-q").fill("bourse au lycée")
    expect(there.page.locator("[data-complet='1']")).to_be_visible()


def _by_phone(there: Visit, scene: Scene) -> None:
    _looked_up(there, scene)
    there.page.get_by_role("button", name="Ouvrir un ticket").click()
    expect(there.page.locator("#recit")).to_be_visible()
    there.page.locator("#recit").fill("")
    there.page.locator("form.qualification").evaluate("e => { e.noValidate = true }")
    there.page.get_by_role("button", name="Ouvrir le ticket").click()
    expect(there.page.get_by_role("alert")).to_be_visible()


def _sign_in_refused(there: Visit, _: Scene) -> None:
    there.context.clear_cookies()
    there.open("/console/connexion")
    there.page.get_by_label("Identifiant").fill("personne")
    there.page.get_by_label("Mot de passe").fill("un mauvais mot de passe")
    there.page.get_by_role("button").click()
    expect(there.page.locator(".erreur")).to_be_visible()


Go = Callable[[Visit, Scene], None]


def at(path: str) -> Go:
    """A page that is opened by its address."""
    return lambda there, scene: there.open(path.format(s=scene))


PAGES: dict[str, Go] = {
    "assistant": at("/assistant"),
    "assistant-cadre": at("/assistant?cadre=1"),
    "assistant-echange": _talk,
    "confidentialite": at("/confidentialite"),
    "demande": at("/demande"),
    "demande-refusee": _form_refused,
    "demande-recue": _form_sent,
    "suivi": at("{s.follow_up}"),
    "suivi-courriels": at("{s.follow_up}/courriels"),
    "suivi-absent": at("/suivi/rien"),
    "faq": at("/faq"),
    "faq-theme": _theme,
    "faq-question": at("/faq/bourse_college_lycee"),
    "erreur": at("/rien-ici"),
    "docs": at("/docs"),
    "connexion": _sign_in_refused,
    "console-demandes": at("/console/demandes"),
    "console-demande": at("/console/demandes/{s.reference}"),
    "console-courriels": at("/console/courriels"),
    "direct": at("/console/direct"),
    "direct-discussion": at("/console/direct/{s.discussion}"),
    "crc": at("/crc"),
    "crc-resultats": _looked_up,
    "crc-article": at("/crc/articles/bourse_college_lycee"),
    "crc-demande": _by_phone,
}


@pytest.mark.parametrize("display", DISPLAYS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out(browser: Browser, scene: Scene, name: str, display: str) -> None:
    size, options = DISPLAYS[display]
    with visit(browser, scene.running.url, size, reduced_motion="reduce", **options) as there:
        there.context.add_cookies([{"name": COOKIE, "value": scene.running.token, "url": scene.running.url}])
        PAGES[name](there, scene)
        there.shoot(f"80-{display}-{name}", whole=name != "docs")  # that one is longer than what can be drawn
        assert there.page.evaluate(STICKS_OUT) == [0, []]
        if display == "zoom-200":
            there.check_axe(name)
