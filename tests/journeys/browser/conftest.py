"""Somebody in front of a browser: with the script, without any, on a phone and on a desk.

Modules where the dialogue matters ask for Rasa (`usefixtures("rasa")`); the others hold with Rasa running or not.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser.browsing import DESK, PHONE, Visit, visit


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def there(request: pytest.FixtureRequest, browser: Browser, service: str) -> Iterator[Visit]:
    """With the script, on both sizes."""
    with visit(browser, service, request.param, has_touch=request.param is PHONE) as there:
        yield there


@pytest.fixture
def desk(browser: Browser, service: str) -> Iterator[Visit]:
    """With the script, on a desk."""
    with visit(browser, service, DESK) as there:
        yield there


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def plain(request: pytest.FixtureRequest, browser: Browser, service: str) -> Iterator[Visit]:
    """Without any script."""
    with visit(browser, service, request.param, java_script_enabled=False) as there:
        yield there
