"""Running the decision without holding up the others who wait."""

from __future__ import annotations

from functools import partial

import anyio.to_thread

from api.health.metrics import DECISIONS
from knowledge.decisions import Context, Triage
from knowledge.triage import Engine, triage

SHORT_TEXT = 400  # characters: a chat message takes a few milliseconds, less than going through a thread under load


async def decide(text: str, context: Context, *, engine: Engine) -> Triage:
    """The decision on a text, counted. Long texts are read in a thread."""
    if len(text) <= SHORT_TEXT:
        decision = triage(text, context, engine=engine)
    else:
        decision = await anyio.to_thread.run_sync(partial(triage, text, context, engine=engine))
    DECISIONS.labels(decision.decision, context.channel).inc()
    return decision
