"""The request form: it begins, asks, takes answers, is left."""

from __future__ import annotations

from dataclasses import replace

from api.conversations.messages import Message, Option
from api.dialogue.actions.answers import about_message
from api.dialogue.actions.buttons import button, yes_no
from api.dialogue.actions.recap import show_recap
from api.dialogue.cues import AROUND_CONTACT
from api.dialogue.turn import LIKELY, PHONE, FormView, Outcome, Turn, said
from knowledge import qualification
from knowledge.decisions import Context, Triage
from knowledge.facts import TELLING
from knowledge.qualification import Draft
from knowledge.service_types import Field
from knowledge.triage import triage
from nlu.dialogue_acts import without

SUBJECT_WORDS = 2  # words from which what is left of a message has a subject
GENERAL_REQUEST = "contact_horaires"  # the service type of "je veux parler à une personne" and nothing else


async def start_request(turn: Turn) -> Outcome:
    """The message needs a person: begin the request it speaks of."""
    type_id = turn.triage.service_type or GENERAL_REQUEST
    _begin(turn, type_id, turn.triage)
    return said(Message(kind="handoff", text=turn.say("demande_debut", equipe=turn.team(type_id))))


async def start_person_request(turn: Turn) -> Outcome:
    """A person is asked for: on the subject of the message, else on the latest one, else on none."""
    subject = _besides_a_person(turn)
    best = subject.request_types[0] if subject is not None and subject.request_types else None
    if best is not None and best.score >= LIKELY:
        _begin(turn, best.id, subject)
    else:
        latest = (turn.state.last or {}).get("service_type")
        _begin(turn, latest or GENERAL_REQUEST, subject or _latest_subject(turn))
    return said(Message(kind="handoff", text=turn.say("demande_personne", telephone=PHONE)))


async def accept_offer(turn: Turn) -> Outcome:
    """Yes to "Voulez-vous que je transmette": begin on what the person had asked."""
    last = turn.state.last or {}
    _begin(turn, last.get("service_type") or GENERAL_REQUEST, _latest_subject(turn))
    if (draft := turn.draft) is not None:
        turn.keep(qualification.absorb(draft, turn.triage.entities, catalogue=turn.catalogue, text=turn.text))
    return said(Message(kind="smalltalk", text=turn.say("demande_acceptee")))


async def person_in_form(turn: Turn) -> Outcome:
    """A person is asked for while preparing a request for a person; asked for again, only the contact is still needed."""
    draft = turn.draft
    if draft is not None and turn.state.insisted:
        for name in qualification.needed(draft.service_type, draft.fields, turn.catalogue):
            draft = qualification.skip(draft, name) if turn.catalogue.fields[name].optional else draft
        turn.keep(draft)
        return said(Message(kind="handoff", text=turn.say("personne_vite", telephone=PHONE)))
    turn.state.insisted = True
    team = turn.team(turn.draft.service_type if turn.draft else None)
    return said(Message(kind="handoff", text=turn.say("personne_deja", equipe=team, telephone=PHONE)))


async def change_subject(turn: Turn) -> Outcome:
    """Another request in the middle of one: keep what serves both."""
    draft, type_id = turn.draft, turn.triage.service_type
    if draft is None or type_id is None:
        return await start_request(turn)
    draft = qualification.change_type(draft, type_id, catalogue=turn.catalogue)
    turn.keep(qualification.absorb(draft, turn.triage.entities, catalogue=turn.catalogue, text=turn.text))
    turn.state.origin, turn.state.correcting, turn.state.refusals = turn.triage.to_dict(), False, 0
    label = turn.catalogue.types[type_id].label
    return said(Message(kind="smalltalk", text=turn.say("changement_sujet", sujet=label)))


async def cancel_request(turn: Turn) -> Outcome:
    """The request is dropped."""
    _drop(turn)
    return said(Message(kind="smalltalk", text=turn.say("demande_annulee")))


async def leave_request(turn: Turn) -> Outcome:
    """The request is left for something else: the answer to it, or the question what it is."""
    _drop(turn)
    turn.form = FormView()
    if turn.triage.decision in ("answer", "choices") and len(turn.text.split()) >= TELLING:
        return said(Message(kind="smalltalk", text=turn.say("demande_laissee")), *about_message(turn))
    return said(Message(kind="smalltalk", text=turn.say("demande_laissee_question")))


async def ask(turn: Turn) -> Outcome:
    """The next question, or the recap when all is asked."""
    draft = turn.draft
    if draft is None:
        return said(Message(kind="smalltalk", text=turn.say("rien_a_envoyer")))
    if turn.state.correcting:
        return said(Message(kind="smalltalk", text=turn.say("corriger_quoi"), options=_lines(turn, draft)))
    name = qualification.next_field(draft, turn.catalogue)
    if name is None:
        return said(show_recap(turn, draft))
    turn.keep(replace(draft, asked=name))
    field = turn.catalogue.fields[name]
    return said(Message(kind="question", text=field.question, asks=name, options=_options(turn, field)))


def _begin(turn: Turn, type_id: str, subject: Triage | None) -> None:
    turn.keep(qualification.start(type_id, triage=subject, known=turn.state.said, catalogue=turn.catalogue))
    turn.state.origin = (subject or turn.triage).to_dict()
    state = turn.state
    state.refusals, state.correcting, state.insisted, state.status, state.choices = 0, False, False, None, []


def _drop(turn: Turn) -> None:
    if (draft := turn.draft) is not None:
        turn.remember_person(draft)
    turn.keep(None)
    turn.state.origin, turn.state.correcting = None, False


def _lines(turn: Turn, draft: Draft) -> list[Option]:
    """The lines that can be corrected."""
    return [Option(title=label, text=label) for name, label, _ in qualification.summary(draft, turn.catalogue)[1:]]


def _besides_a_person(turn: Turn) -> Triage | None:
    """What the message speaks of, but for the wish to talk to somebody, which says nothing of the subject."""
    rest = without(AROUND_CONTACT.sub(" ", turn.text), "person")
    if sum(len(word) > 3 for word in rest.split()) < SUBJECT_WORDS:
        return None
    read = triage(rest, Context(known=turn.state.said), engine=turn.engine)
    return replace(read, text=turn.text, masked_text=turn.text)


def _latest_subject(turn: Turn) -> Triage | None:
    text = (turn.state.last or {}).get("text")
    if not text:
        return None
    context = Context(known=turn.state.said, several=False)
    again = (read for kept, read in turn.earlier if kept == context and read.text == text)
    return next(again, None) or triage(text, context, engine=turn.engine)


def _options(turn: Turn, field: Field) -> list[Option] | None:
    options = [Option(title=label, text=label) for _, label in field.choices]
    if field.kind == "oui_non":
        options = yes_no(turn)
    if field.optional:
        options.append(button(turn, "bouton_pas_identifiant" if field.kind == "identifiant" else "bouton_passer"))
    return options or None


ACTIONS = {
    "action_start_request": start_request,
    "action_start_person_request": start_person_request,
    "action_accept_offer": accept_offer,
    "action_person_in_form": person_in_form,
    "action_change_subject": change_subject,
    "action_cancel_request": cancel_request,
    "action_leave_request": leave_request,
    "action_ask_qualification_form_answer": ask,
}
