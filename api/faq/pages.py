"""`/faq`: the public FAQ, by theme and by question, for people, for paper and for search engines."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from api.dependencies import EngineDep, SettingsDep
from api.errors import NotFound
from api.faq import public
from api.faq.public import AnswerPage, FaqPage, Head, ThemeEntry, ThemePage, spaced
from api.pages import page, templates
from api.settings import Settings
from knowledge.articles import Article
from knowledge.content_file import CONTENT
from knowledge.themes import Theme, by_theme, load_themes
from knowledge.triage import Engine

router = APIRouter(include_in_schema=False)
PATH = "/faq"
HERE = Path(__file__).parent
TEMPLATES = templates(HERE / "templates")
TEMPLATES.filters["fr"] = spaced
STATIC = StaticFiles(directory=HERE / "static")
KEPT = {"Cache-Control": "public, max-age=300"}
OTHERS = 6  # questions of the same theme under an answer
PRIVATE = ("/assistant", "/console", "/crc", "/demande", "/docs", "/rasa", "/v1")


class UnknownPage(NotFound):
    """Neither a theme nor an article."""

    detail = "Cette page de la foire aux questions n'existe pas, ou plus. Toutes les questions sont à l'adresse /faq."


@router.get(PATH)
async def every_theme(request: Request, engine: EngineDep, settings: SettingsDep) -> Response:
    """All the questions, by theme."""
    head = Head(public.TITLE, public.DESCRIPTION, _address(request, settings, PATH))
    themes = _themes(engine, settings)
    listed = tuple(ThemeEntry(theme, public.entries(articles)) for theme, articles in themes.items())
    return page(TEMPLATES, "faq.html", FaqPage(head, listed), headers=KEPT)


@router.get(f"{PATH}/{{name}}")
async def theme_or_answer(request: Request, engine: EngineDep, settings: SettingsDep, name: str) -> Response:
    """The answers of a theme, or one of them."""
    themes = _themes(engine, settings)
    canonical = _address(request, settings, f"{PATH}/{name}")
    for theme, articles in themes.items():
        if theme.id == name:
            head = Head(theme.title, theme.description, canonical, Markup(public.faq_data(articles)))  # noqa: S704
            context = ThemePage(head, theme, tuple(public.answered(a) for a in articles))
            return page(TEMPLATES, "theme.html", context, headers=KEPT)
    article = engine.articles.get(name)
    if article is None:
        raise UnknownPage
    theme = next(t for t, articles in themes.items() if article in articles)
    data = Markup(public.faq_data([article]))  # noqa: S704  (in_script made it safe)
    head = Head(article.question, public.shortened(article.answer), canonical, data)
    others = tuple(a for a in themes[theme] if a.id != article.id)[:OTHERS]
    answer = AnswerPage(head, theme, public.answered(article), public.entries(others))
    return page(TEMPLATES, "question.html", answer, headers=KEPT)


@router.get("/sitemap.xml")
async def sitemap(request: Request, engine: EngineDep, settings: SettingsDep) -> Response:
    """The public pages (https://www.sitemaps.org/protocol.html)."""
    names = [t.id for t in _themes(engine, settings)] + list(engine.articles)
    addresses = [_address(request, settings, path) for path in (PATH, *(f"{PATH}/{name}" for name in names))]
    rows = "".join(f"  <url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    return Response(xml, media_type="application/xml", headers=KEPT)


@router.get("/robots.txt")
async def robots(request: Request, settings: SettingsDep) -> Response:
    """The FAQ may be indexed; the rest is for people."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), "Allow: /faq", "", ""]
    return PlainTextResponse(
        "\n".join(lines) + f"Sitemap: {_address(request, settings, '/sitemap.xml')}\n", headers=KEPT
    )


@router.get(f"{PATH}/static/{{path:path}}")
async def static(request: Request, path: str) -> Response:
    """Style."""
    return await STATIC.get_response(path, request.scope)


def _address(request: Request, settings: Settings, path: str) -> str:
    base = settings.public_url or str(request.base_url)
    return base.rstrip("/") + path


def _themes(engine: Engine, settings: Settings) -> dict[Theme, tuple[Article, ...]]:
    return by_theme(engine.articles, _loaded(settings.content or CONTENT))


@cache
def _loaded(content: Path) -> tuple[Theme, ...]:
    return load_themes(content)
