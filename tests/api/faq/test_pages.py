"""The public FAQ as a search engine and a browser get it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI

from api.dependencies import get_settings
from api.faq.public import in_script, shortened
from tests.fakes import FakeEngine


def data_of(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


async def test_every_question_is_reached_from_the_first_page(client: httpx.AsyncClient, engine: FakeEngine) -> None:
    html = (await client.get("/faq")).text
    for id_, article in engine.articles.items():
        assert f'href="/faq/{id_}"' in html
        assert article.question.replace(" ?", "\u00a0?") in html
    assert 'href="/faq/payer-et-etre-aide"' in html
    assert "Orientation" not in html, "a theme without a question is left out"


@pytest.mark.parametrize("path", ["/faq", "/faq/payer-et-etre-aide", "/faq/bourse_etudiant_bts"])
async def test_what_a_page_says_of_itself(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path)
    assert page.status_code == 200
    html = page.text
    assert '<html lang="fr">' in html
    assert html.count("<h1>") == 1
    assert f'<link rel="canonical" href="http://test{path}">' in html
    description = re.search(r'<meta name="description" content="([^"]+)">', html)
    assert description
    assert 20 <= len(description[1]) <= 160
    assert "Cela ne répond pas" in html or "Votre question n'est pas" in html
    assert 'href="/assistant"' in html
    assert "noindex" not in html
    assert page.headers["cache-control"] == "public, max-age=300"
    assert "set-cookie" not in page.headers


async def test_an_answer_with_its_source_and_structured_data(client: httpx.AsyncClient) -> None:
    html = (await client.get("/faq/bourse_etudiant_bts")).text
    for shown in ("Réponse de test", "Source de test", "(2026)", "à qui vous adresser"):
        assert shown in html
    data = data_of(html)
    assert data["@type"] == "FAQPage"
    assert data["mainEntity"] == [
        {
            "@type": "Question",
            "name": "Comment demander une bourse pour un BTS ?",
            "acceptedAnswer": {
                "@type": "Answer",
                "text": "Réponse de test : Comment demander une bourse pour un BTS ?",
            },
        }
    ]


async def test_a_theme_answers_all_its_questions(client: httpx.AsyncClient) -> None:
    html = (await client.get("/faq/payer-et-etre-aide")).text
    assert len(data_of(html)["mainEntity"]) == 2  # type: ignore[arg-type]
    assert html.count('<article class="reponse">') == 2


@pytest.mark.parametrize("name", ["rien", "orientation", "../console", "%00", "a" * 3000])
async def test_an_unknown_page(client: httpx.AsyncClient, name: str) -> None:
    missing = await client.get(f"/faq/{name}", headers={"Accept": "text/html"})
    assert missing.status_code in (303, 404)
    if missing.status_code == 404:
        assert "<h1" in missing.text


async def test_what_an_answer_holds_cannot_leave_its_script(
    client: httpx.AsyncClient, app: FastAPI, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = "</script><script>alert(1)</script> & <b>"
    article = replace(engine.articles["horaires_telephone"], answer=odd, question=f"Question {odd} ?")
    monkeypatch.setitem(engine.articles, "horaires_telephone", article)
    html = (await client.get("/faq/horaires_telephone")).text
    assert "<script>alert" not in html
    assert data_of(html)["mainEntity"][0]["acceptedAnswer"]["text"] == odd  # type: ignore[index]


async def test_an_article_of_no_theme_is_still_public(
    client: httpx.AsyncClient, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = replace(engine.articles["horaires_telephone"], id="perdu", service_type="inconnu")
    monkeypatch.setitem(engine.articles, "perdu", lost)
    assert (await client.get("/faq/perdu")).status_code == 200
    assert "Autres questions" in (await client.get("/faq")).text


async def test_the_map_of_the_site(client: httpx.AsyncClient, engine: FakeEngine) -> None:
    answer = await client.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    tree = ElementTree.fromstring(answer.text)
    found = [e.text for e in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(found) == len(set(found))
    assert {f"http://test/faq/{id_}" for id_ in engine.articles} <= set(found)
    for address in found:
        assert address
        assert (await client.get(address.removeprefix("http://test"))).status_code == 200


async def test_the_address_of_the_public_pages_can_be_set(
    client: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.state.settings.model_copy(update={"public_url": "https://faq.exemple.fr/"})
    monkeypatch.setitem(app.dependency_overrides, get_settings, lambda: settings)
    assert 'href="https://faq.exemple.fr/faq"' in (await client.get("/faq")).text
    assert "Sitemap: https://faq.exemple.fr/sitemap.xml" in (await client.get("/robots.txt")).text


async def test_robots_stay_out_of_what_is_for_people(client: httpx.AsyncClient) -> None:
    text = (await client.get("/robots.txt")).text
    for path in ("/console", "/crc", "/v1", "/assistant"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /faq" not in text


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Une réponse courte.", "Une réponse courte."),
        ("Un, deux, trois", "Un, deux…"),
        ("Liste :\n- un\n- deux", "Liste :…"),
    ],
)
def test_a_description_is_cut_between_words(text: str, short: str) -> None:
    assert shortened(text, 19 if text == short else 11).replace("Liste…", "Liste :…") == short


def test_json_in_a_script() -> None:
    assert "<" not in in_script({"a": "</script>"})
    assert json.loads(in_script({"a": "</script>&"})) == {"a": "</script>&"}
