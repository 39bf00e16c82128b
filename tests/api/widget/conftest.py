"""A browser without scripts: it keeps cookies, follows redirections, and sends the forms that pages hold."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
import pytest_asyncio
from fastapi import FastAPI

VOID = {"input", "br", "meta", "link", "img", "hr"}


class Page(HTMLParser):
    """What a browser needs of a page, and what the CSP or a screen reader would miss."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.buttons: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.lang: str | None = None
        self.title = ""
        self.words: list[str] = []
        self._in: list[str] = []
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag not in VOID:
            self._in.append(tag)
        if tag == "html":
            self.lang = a.get("lang")
        if tag == "label":
            self.labelled.add(a.get("for") or "")
        if tag == "a":
            self.links.append(a.get("href") or "")
        if a.get("id"):
            self.ids.append(str(a["id"]))
        if tag == "input" and a.get("type") == "hidden":
            self.hidden[str(a["name"])] = a.get("value") or ""
        elif tag in ("input", "select", "textarea"):
            self.fields.append(a)
        if tag == "button" and a.get("name") == "choix":
            self.buttons.append(a.get("value") or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        inline = tag == "style" or (tag == "script" and not a.get("src"))
        if inline or any(name == "style" or name.startswith("on") for name in a):
            self.inline.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._in:
            self.title += data
        elif "script" not in self._in:
            self.words.append(data)


def check_accessible(html: str) -> None:
    """French, one h1, no level skipped, every field labelled, ids once, nothing inline, no exclamation mark."""
    page = Page(html)
    assert page.lang == "fr"
    assert page.inline == []
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert [f for f in page.fields if f.get("id") not in page.labelled] == []
    assert len(page.ids) == len(set(page.ids))
    assert page.title
    assert "!" not in page.text


@dataclass
class Browser:
    """Somebody without JavaScript."""

    http: httpx.AsyncClient
    page: Page = field(default_factory=lambda: Page("<html></html>"))
    status: int = 0
    html: str = ""

    async def open(self, path: str = "/assistant") -> Page:
        return self._shown(await self.http.get(path, headers={"accept": "text/html"}))

    async def post(self, path: str = "/assistant", **values: str) -> Page:
        """Send a form with the hidden values of the page."""
        data = self.page.hidden | values
        return self._shown(await self.http.post(path, data=data, headers={"accept": "text/html"}))

    async def say(self, text: str) -> Page:
        """Open the page if it is not, and write."""
        if not self.html:
            await self.open()
        return await self.post(texte=text)

    def _shown(self, response: httpx.Response) -> Page:
        self.status, self.html = response.status_code, response.text
        self.page = Page(self.html)
        if "text/html" in response.headers.get("content-type", ""):
            check_accessible(self.html)
        return self.page


@pytest_asyncio.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    """A browser without scripts, and nothing in its memory."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", follow_redirects=True) as http:
        yield Browser(http)
