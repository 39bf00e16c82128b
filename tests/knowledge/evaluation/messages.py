"""Judged messages made by hand: what was wanted, what was found."""

from __future__ import annotations

from typing import Any

from knowledge.decisions import SafetyVerdict, Scored, Triage
from knowledge.evaluation import Judged
from nlu.training.data import Example


def example(intent: str, text: str = "un message", voice: str = "dev_sms", **metadata: Any) -> Example:
    """`intent`: as in the files, "<service type>/<article>"."""
    group, _, name = intent.partition("/")
    return Example(text, group, name, voice, "z", metadata)


def judged(
    wanted: Example,
    *,
    articles: tuple[str, ...] = (),
    types: tuple[str, ...] = (),
    sure: float = 0.9,
    decision: str = "qualify",
    alarm: str = "none",
    out_of_scope: float = 0.1,
    entities: dict[str, str] | None = None,
    unit: str | None = None,
    everything: tuple[str, ...] = (),
    milliseconds: float = 5.0,
) -> Judged:
    """`types`: best first, the first with the probability `sure`. `everything`: every service type found in the message."""
    return Judged(
        wanted,
        Triage(
            text=wanted.text,
            masked_text=wanted.text,
            decision=decision,  # type: ignore[arg-type]
            articles=tuple(Scored(a, sure) for a in articles),
            request_types=tuple(Scored(t, sure) for t in types),
            all_request_types=everything or types[:1],
            safety=SafetyVerdict(alarm, 0.5),  # type: ignore[arg-type]
            entities=entities or {},
            unite=unit,
            out_of_scope=out_of_scope,
        ),
        milliseconds,
    )
