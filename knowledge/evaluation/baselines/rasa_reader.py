"""Run by the Rasa environment's python: texts on standard input, what the model reads in them on standard output.

`python rasa_reader.py model.tar.gz < texts.jsonl > readings.jsonl`; in `{"text"}`; out `{"intents", "responses", "ms"}`:
names with confidences, best first, and the milliseconds of processor that the reading took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any


async def main(model: str) -> None:
    """Read every line."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    await agent.parse_message("bonjour")
    for line in sys.stdin:
        began = time.process_time()
        read = await agent.parse_message(json.loads(line)["text"].lstrip("/"))
        took = (time.process_time() - began) * 1000
        print(json.dumps({**_ranked(read), "ms": round(took, 3)}), flush=True)


def _ranked(read: dict[str, Any]) -> dict[str, Any]:
    intents = [(i["name"], round(i["confidence"], 5)) for i in read.get("intent_ranking", [])]
    selector = read.get("response_selector", {}).get("default", {})
    responses = [(r["intent_response_key"], round(r["confidence"], 5)) for r in selector.get("ranking", [])]
    return {"intents": intents, "responses": responses}


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
