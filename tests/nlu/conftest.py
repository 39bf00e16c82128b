"""What the tests of understanding share."""

from __future__ import annotations

import pytest

from tests.quality import Judged, judged_once


@pytest.fixture(scope="session")
def judged() -> list[Judged]:
    """The dev messages triaged by the real models."""
    return judged_once()
