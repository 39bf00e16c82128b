"""From a decision to an intent: the same words mean different things in a form, before choices, or alone."""

from __future__ import annotations

import re
from typing import Any

from api.dialogue.choosing import chosen
from api.dialogue.references import find_reference
from api.dialogue.state import DialogueState
from knowledge import qualification
from knowledge.decisions import Triage
from knowledge.service_types import Catalogue

SMALL_TALK = frozenset({"greet", "thank", "goodbye", "how_are_you", "bot_challenge"})
YES_NO = frozenset({"affirm", "deny"})
BY_DECISION = {
    "answer": "faq_answer",
    "choices": "faq_choices",
    "qualify": "request",
    "handoff": "nlu_fallback",
    "smalltalk": "nlu_fallback",
    "out_of_scope": "out_of_scope",
    "safety": "nlu_fallback",
}
CANCEL_WORDS = 7
SHORT = 4  # words: a yes or a no of at most so many words answers the question that was asked
OTHER_SUBJECT = 0.6  # probability of another service type from which a form may change subject

_QUESTION = re.compile(
    r"\?|^\s*(est[- ]ce que|comment|combien|quand|pourquoi|où|ou est|quel(le)?s?\b|qui\b|que faire|c'est quoi|peut-on|"
    r"puis-je|dois-je|faut-il|ai-je|y a-t-il|a quoi|à quoi)",
    re.IGNORECASE,
)
_OTHER_SUBJECT = re.compile(
    r"\b(en fait|finalement|plut[oô]t|autre (chose|question|demande|sujet)|chang\w+ de (sujet|demande)|"
    r"laiss\w+ tomber|au lieu|ce n'est pas (ça|cela)|c'est pas (ça|cela)|non je veux)\b",
    re.IGNORECASE,
)
_NONE_OF_THEM = re.compile(r"\s*(aucune?|rien de tout|ni l)\b", re.IGNORECASE)
_MASKED_CONTACT = re.compile(r"\[(COURRIEL|TÉLÉPHONE)\]")


def parse_result(text: str, read: Triage, state: DialogueState, catalogue: Catalogue) -> dict[str, Any]:
    """The body of `/rasa/model/parse`. The entities carry the state of the conversation into Rasa's slots."""
    intent = read_intent(read, state, catalogue)
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [
            _entity("context", state.expecting),
            _entity("failed", state.failures > 0),
            _entity("pending", state.draft is not None),
        ],
    }


def read_intent(read: Triage, state: DialogueState, catalogue: Catalogue) -> str:
    """The intent of a message in the state of its conversation."""
    if state.status is not None:
        return _during_status(read, state)
    if state.draft is not None:
        return _during_request(read, state, catalogue)
    return _outside_forms(read, state)


def _outside_forms(read: Triage, state: DialogueState) -> str:
    if state.expecting == "choices":
        if chosen(read.masked_text, state.choices) is not None:
            return "choose"
        if _NONE_OF_THEM.match(read.text):
            return "deny"
    if state.expecting == "safety" and _after_safety(read):
        return "inform"
    if read.act in YES_NO and (_short(read) or _says_nothing_else(read)):
        return str(read.act)
    if act := _always_heard(read, state):
        return act
    if read.act in SMALL_TALK | {"cancel", "insult"} and _says_nothing_else(read):
        return str(read.act)
    if read.act in ("skip", "correct") and _short(read):
        return str(read.act)
    return BY_DECISION[read.decision]


def _during_request(read: Triage, state: DialogueState, catalogue: Catalogue) -> str:
    if act := _always_heard(read, state) or _pure_act(read):
        return act
    assert state.draft is not None
    draft = qualification.from_json(state.draft)
    field = qualification.next_field(draft, catalogue)
    if read.act in YES_NO | {"skip", "correct"} and _short(read):
        return str(read.act)
    if field is None:
        return _before_sending(read, draft, catalogue)
    kind = catalogue.fields[field].kind
    accepted = isinstance(qualification.fill(draft, field, read.masked_text, catalogue=catalogue), qualification.Draft)
    if _MASKED_CONTACT.search(read.masked_text) or (accepted and kind != "texte" and not _QUESTION.search(read.text)):
        return "inform"
    if _other_subject(read, draft.service_type, cue_needed=accepted):
        return "request"
    if _QUESTION.search(read.text) or not accepted:
        return {"answer": "faq_answer", "choices": "faq_choices"}.get(read.decision, "inform")
    return "inform"


def _before_sending(read: Triage, draft: qualification.Draft, catalogue: Catalogue) -> str:
    if qualification.find_correction(read.masked_text, draft, catalogue) is not None:
        return "correct"
    if _other_subject(read, draft.service_type, cue_needed=True):
        return "request"
    if _QUESTION.search(read.text) and read.decision in ("answer", "choices"):
        return BY_DECISION[read.decision]
    return "affirm" if read.act == "affirm" else "inform"


def _during_status(read: Triage, state: DialogueState) -> str:
    if find_reference(read.masked_text) is not None or _MASKED_CONTACT.search(read.masked_text):
        return "inform"
    if act := _always_heard(read, state) or _pure_act(read):
        return act
    if _QUESTION.search(read.text) and read.decision in ("answer", "choices", "qualify"):
        return BY_DECISION[read.decision]
    return "inform"


def _always_heard(read: Triage, state: DialogueState) -> str | None:
    """What is heard in any state: a person is asked for, a ticket is looked for, English comes for the first time."""
    if read.act in ("person", "ticket_status"):
        return str(read.act)
    if (read.act == "english" or read.language == "en") and not state.english and len(read.text.split()) > 2:
        return "english"
    return None


def _pure_act(read: Triage) -> str | None:
    words = len(read.text.split())
    if read.act == "cancel":
        return "cancel" if words <= CANCEL_WORDS or _says_nothing_else(read) else None
    heard = read.act in SMALL_TALK | {"insult"} and (_says_nothing_else(read) or words <= SHORT)
    return str(read.act) if heard else None


def _other_subject(read: Triage, service_type: str, *, cue_needed: bool) -> bool:
    best = read.request_types[0] if read.request_types else None
    if best is None or best.id == service_type or best.score < OTHER_SUBJECT:
        return False
    if _OTHER_SUBJECT.search(read.text):
        return read.decision in ("qualify", "handoff")
    return read.decision == "qualify" and not cue_needed


def _after_safety(read: Triage) -> bool:
    """Words that follow a safety message and ask for nothing the FAQ or a form could give."""
    return read.act not in ("person", "thank", "goodbye") and (
        read.decision in ("handoff", "out_of_scope", "smalltalk")
        or _MASKED_CONTACT.search(read.masked_text) is not None
    )


def _says_nothing_else(read: Triage) -> bool:
    return read.decision not in ("answer", "choices", "qualify")


def _short(read: Triage) -> bool:
    return len(read.text.split()) <= SHORT


def _entity(name: str, value: str | bool) -> dict[str, Any]:
    return {"entity": name, "value": value}
