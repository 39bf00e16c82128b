"""An engine for journeys: decisions on words as in tests/fakes.py, acts and entities by the real rules."""

from __future__ import annotations

from dataclasses import replace

from knowledge.decisions import Context, Triage
from nlu.dialogue_acts import dialogue_act
from nlu.entities import load_recogniser
from nlu.personal_data import MASKS
from tests.fakes import ANSWERS, CHOICES, ELSEWHERE, REQUESTS, SAFETY, FakeEngine

KNOWN = (*ANSWERS, *CHOICES, *ELSEWHERE, *REQUESTS, *SAFETY)
ENGLISH = ("how can i", "please help")


class JourneyEngine(FakeEngine):
    """Reads acts as the product does, so that the dialogue meets the acts it will meet."""

    def decide(self, text: str, context: Context) -> Triage:
        """A decision on words; what holds none of them and is an act is small talk."""
        read = super().decide(text, context)
        if read.decision == "safety":
            return read
        act = dialogue_act(text, in_form=context.in_form)
        words = text.lower()
        if any(w in words for w in ENGLISH):
            return replace(read, decision="handoff", act="english", language="en", request_types=())
        entities = {e.label: e.value for e in load_recogniser().find(text)}
        read = replace(read, act=act, entities=entities)
        if any(w in words for w in KNOWN):
            return read
        if act == "person":
            return replace(read, decision="handoff", request_types=())
        if act is not None:
            return replace(read, decision="smalltalk", request_types=())
        # A bare field value ("4e", an e-mail) says nothing by itself.
        nothing = entities or any(m in text for m in MASKS.values())
        return replace(read, decision="handoff", request_types=() if nothing else read.request_types)
