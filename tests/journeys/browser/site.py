"""A site that is not ours and embeds the widget, and what somebody does there."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import await_until, free_port


class Site:
    """A site that is not ours; its pages are set by the test."""

    def __init__(self, service: str) -> None:
        self.service, self.pages, self.policy = service, dict[str, tuple[str, str]](), ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, body = site.pages.get(self.path, ("text/plain", ""))
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                if site.policy:
                    self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Another site for browsers: not the name of the service's."""
        return f"http://localhost:{self.server.server_port}/"

    def serve(self, head: str = "", attributes: str = "") -> None:
        script = f'<script src="{self.service}/widget.js" async {attributes}></script>'
        body = "<h1>Un autre site</h1><p>Du texte.</p><a href='#x'>Un lien</a>" + "<p>Encore.</p>" * 40
        self.pages["/"] = (
            "text/html",
            f"<!doctype html><html lang=fr><head><title>Site</title>{head}</head><body>{body}{script}</body></html>",
        )


def opener(page: Page) -> Any:
    return page.locator("aiguillage-widget")


def press_corner(page: Page) -> None:
    """Where the button is: its shadow root is closed to scripts, tests included."""

    def height() -> float:
        box = opener(page).bounding_box()
        return box["height"] if box else 0.0

    await_until(lambda: 44 <= height() < 100, "the button is there", within_s=15)
    box = opener(page).bounding_box()
    assert box is not None
    assert box["width"] >= 44
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def assistant(page: Page) -> Any:
    """The frame's content."""
    await_until(lambda: page.evaluate("1") == 1 and len(page.frames) == 2, "the frame is there", within_s=20)
    return next(frame for frame in page.frames if frame != page.main_frame)


def say(frame: Any, text: str) -> None:
    before = frame.locator(".bulle").count()
    frame.locator("#texte").fill(text)
    frame.get_by_role("button", name="Envoyer", exact=True).click()
    expect(frame.locator(".bulle:not(.en-route):not(.attente)").nth(before + 1)).to_be_visible()
