"""From a decision to an intent: the same words mean different things in a form, before choices, or alone."""

from __future__ import annotations

from typing import Any

from api.dialogue.asides import aside
from api.dialogue.choosing import chosen
from api.dialogue.cues import ASKS, ELSEWHERE, MASKED_CONTACT, NO_AND, NONE_OF_THEM, QUESTION, RATHER, YES_AND
from api.dialogue.references import cites_a_ticket, find_reference
from api.dialogue.state import DialogueState
from knowledge import qualification
from knowledge.corrections import edited_line, find_correction
from knowledge.decisions import Triage
from knowledge.facts import facts_of
from knowledge.service_types import Catalogue
from nlu.dialogue_acts import performs

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
BARE = 3  # words of "autre chose" and the like, which say nothing of what it is
SHORT = 4  # words of a yes or a no that answers the question asked
OTHER_SUBJECT = 0.6  # probability of another service type from which a form may change subject
PLAINLY_OTHER = 0.8  # the same when nothing but the words of the request says so
STATEMENT = 5  # words from which a message may be a request of its own


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
        if NONE_OF_THEM.match(read.text):
            return "deny"
    if state.expecting == "safety" and _after_safety(read):
        return "inform"
    if cites_a_ticket(read.masked_text):
        return "ticket_status"
    if len(read.text.split()) <= BARE and ELSEWHERE.search(read.text):
        return "other_subject"
    if read.act in YES_NO and (_short(read) or _says_nothing_else(read)):
        return str(read.act)
    if act := _always_heard(read, state):
        return act
    if answer := _yes_or_no_and_more(read, state):
        return answer
    if MASKED_CONTACT.search(read.masked_text) and len(read.text.split()) <= SHORT:
        return "nlu_fallback"  # a contact and nothing else
    if read.act in SMALL_TALK | {"cancel", "insult"} and (_says_nothing_else(read) or _short(read)):
        return str(read.act)
    if read.act in ("skip", "correct") and _short(read):
        return str(read.act)
    return BY_DECISION[read.decision]


def _yes_or_no_and_more(read: Triage, state: DialogueState) -> str | None:
    """ "oui, mon mail c'est…" to an offer, "non j'ai déjà essayé" to an answer: yes or no with words that ask nothing new."""
    if state.expecting == "offer":
        gives_name = not {"nom", "nom_eleve"}.isdisjoint(facts_of(read.masked_text, {}))
        if (
            gives_name
            or MASKED_CONTACT.search(read.masked_text)
            or (YES_AND.match(read.text) and _asks_nothing_new(read))
        ):
            return "affirm"
        if NO_AND.match(read.text) and _says_nothing_else(read):
            return "deny"
    if state.expecting == "feedback" and NO_AND.match(read.text) and _asks_nothing_new(read):
        return "deny"
    return None


def _asks_nothing_new(read: Triage) -> bool:
    return read.decision not in ("answer", "qualify")


def _during_request(read: Triage, state: DialogueState, catalogue: Catalogue) -> str:
    assert state.draft is not None
    draft = qualification.from_json(state.draft)
    field = qualification.next_field(draft, catalogue)
    if field is None and edited_line(read.masked_text, draft, catalogue) is not None:
        return "correct"
    if act := _always_heard(read, state):
        return act
    if state.expecting == "safety" and read.act in YES_NO | {"skip"}:
        return "inform"
    if state.correcting and find_correction(read.masked_text, draft, catalogue) is not None:
        return "correct"
    if field is None:
        return _before_sending(read, draft, catalogue)
    if act := _pure_act(read):
        return act
    if read.act in YES_NO | {"skip"} or (read.act == "correct" and _short(read)):
        return "other_subject" if ELSEWHERE.search(read.text) else str(read.act)
    entry = catalogue.fields[field]
    accepted = isinstance(qualification.fill(draft, field, read.masked_text, catalogue=catalogue), qualification.Draft)
    if MASKED_CONTACT.search(read.masked_text) or aside(read.masked_text) is not None:
        return "inform"
    if subject := _other_subject(read, draft.service_type, cue_needed=accepted and entry.kind != "texte"):
        return subject
    if accepted and entry.kind not in ("texte", "recit") and not QUESTION.search(read.text):
        return "inform"
    if QUESTION.search(read.text):
        return {"answer": "faq_answer", "choices": "faq_choices"}.get(read.decision, "inform")
    wordy = len(read.text.split()) > 1 if not accepted else (entry.kind == "texte" and _is_request(read))
    return "faq_answer" if wordy and read.decision == "answer" else "inform"


def _before_sending(read: Triage, draft: qualification.Draft, catalogue: Catalogue) -> str:
    if performs(read.masked_text, "affirm"):
        return "affirm"
    if ELSEWHERE.search(read.text) and "sujet" in read.text.lower() and "sujet" not in draft.fields:
        return "other_subject"
    if not QUESTION.search(read.text) and find_correction(read.masked_text, draft, catalogue) is not None:
        return "correct"
    if act := _pure_act(read):
        return act
    if read.act in YES_NO | {"skip", "correct"} and _short(read):
        return str(read.act)
    if subject := _other_subject(read, draft.service_type, cue_needed=True):
        return subject
    if QUESTION.search(read.text) and read.decision in ("answer", "choices"):
        return BY_DECISION[read.decision]
    return "inform"


def _during_status(read: Triage, state: DialogueState) -> str:
    if find_reference(read.masked_text) is not None or MASKED_CONTACT.search(read.masked_text):
        return "inform"
    if read.act == "ticket_status":
        return "inform"
    if act := _always_heard(read, state) or _pure_act(read):
        return act
    if read.act == "skip":
        return "inform"
    if (QUESTION.search(read.text) or _is_request(read)) and read.decision in ("answer", "choices", "qualify"):
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


def _other_subject(read: Triage, service_type: str, *, cue_needed: bool) -> str | None:
    """ "request" for another request, "other_subject" when the request is left for something else."""
    best = read.request_types[0] if read.request_types else None
    another = best is not None and best.id != service_type and best.score >= OTHER_SUBJECT
    if ELSEWHERE.search(read.text):
        says_which = read.decision == "qualify" or (read.decision == "handoff" and len(read.text.split()) > STATEMENT)
        return "request" if another and says_which else "other_subject"
    if another and RATHER.search(read.text) and read.decision in ("qualify", "handoff"):
        return "request"
    sure = best is not None and best.score >= PLAINLY_OTHER and _is_request(read)
    return "request" if another and read.decision == "qualify" and not cue_needed and sure else None


def _is_request(read: Triage) -> bool:
    """True for a sentence that could open a conversation: no answer to a question begins like this."""
    return len(read.text.split()) >= STATEMENT and ASKS.match(read.text) is not None


def _after_safety(read: Triage) -> bool:
    """Words that follow a safety message and ask for nothing the FAQ or a form could give."""
    return read.act not in ("person", "thank", "goodbye") and (
        read.decision in ("handoff", "out_of_scope", "smalltalk") or MASKED_CONTACT.search(read.masked_text) is not None
    )


def _says_nothing_else(read: Triage) -> bool:
    return read.decision not in ("answer", "choices", "qualify")


def _short(read: Triage) -> bool:
    return len(read.text.split()) <= SHORT


def _entity(name: str, value: str | bool) -> dict[str, Any]:
    return {"entity": name, "value": value}
