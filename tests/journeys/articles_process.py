"""The service as a process of its own, on a small real engine: `python -m tests.journeys.articles_process URL PORT`."""

from __future__ import annotations

import sys

import uvicorn

from api.app import create_app
from api.settings import Settings
from tests.knowledge.small_engine import small_engine

if __name__ == "__main__":
    settings = Settings(
        database_url=sys.argv[1], rasa_url="http://127.0.0.1:9", live_sweep_s=0, rate_address=0, rate_openings=0
    )
    uvicorn.run(create_app(settings, load=small_engine), port=int(sys.argv[2]), log_level="warning")
