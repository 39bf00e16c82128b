"""The learner's turn, where a hand-over has a say in it: before the assistant, or instead of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import journal
from api.conversations.memory import remember
from api.conversations.messages import Message
from api.db.models import Handover
from api.dialogue.desk import Desk
from api.dialogue.state import DialogueState
from api.live import learners, notices, repository
from api.live.queueing import join, somebody_answers, welcome
from api.live.signals import tell_staff
from knowledge.decisions import Context, Triage
from knowledge.qualification import CALL_BACK, FieldValue, from_json, to_json
from knowledge.triage import triage

SLOTS_KNOWN = 40  # slots that are still recognised: the buttons of a page left open
WRITE = "Je veux parler à une personne"  # what starts a written request
LOOKED_BACK = 4  # messages in which the subject is looked for
TELLING = ("answer", "choices", "qualify")  # decisions that say what a message is about


@dataclass(frozen=True, slots=True)
class LiveTurn:
    """What a hand-over makes of a turn. `replies`: the whole answer. Else the assistant answers, `text` in place of the
    message if given, and `lead` is said first."""

    replies: tuple[Message, ...] | None = None
    text: str | None = None
    lead: Message | None = None

    def led(self, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The assistant's replies after `lead`, which is one message with the one that says a person will read."""
        if self.lead is None:
            return replies
        lead = self.lead.to_json()
        first = replies[0] if replies else {}
        if first.get("kind") != "handoff":
            return [lead, *replies]
        merged = {"text": f"{lead['text']}\n\n{first['text']}"} | ({"live": lead["live"]} if "live" in lead else {})
        options = [*lead.get("options", ()), *first.get("options", ())]
        return [first | merged | ({"options": options} if options else {}), *replies[1:]]


GO_ON = LiveTurn()


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the learner: what was read in it, in what state, by whom."""

    conversation_id: uuid.UUID
    message_id: int
    text: str
    read: Triage
    state: DialogueState
    session: AsyncSession
    desk: Desk


async def take_turn(heard: Heard) -> LiveTurn:
    """With an agent, the assistant says nothing; a person asked for is queued for, or a moment is offered. Commits nothing."""
    await _slot_used(heard)
    latest = await repository.latest_of(heard.session, heard.conversation_id)
    if latest is not None and latest.status == "with_agent":
        return await _to_agent(heard, latest)
    if latest is not None and latest.status == "ended":
        await repository.move(heard.session, latest.id, "speak")
    if latest is not None and latest.status == "waiting":
        await _note_subject(heard, latest)
        if (turn := await _while_waiting(heard, latest)) is not None:
            return turn
    if (turn := await _slot_chosen(heard)) is not None:
        return turn
    if heard.text == heard.desk.replies.say("bouton_demande_ecrite"):
        return LiveTurn(text=WRITE)
    return await _person_asked_for(heard) if heard.read.act == "person" else GO_ON


async def safety_heard(heard: Heard) -> None:
    """A message that raised an alarm: the agent who has the conversation sees it too."""
    latest = await repository.latest_of(heard.session, heard.conversation_id)
    if latest is not None and latest.status == "with_agent":
        await repository.touch(heard.session, latest.id, learner_typing_at=None, learner_seen_at=heard.desk.live.now)


async def _to_agent(heard: Heard, latest: Handover) -> LiveTurn:
    await _note_subject(heard, latest)
    await journal.leave_to_person(session=heard.session, message_id=heard.message_id)
    await tell_staff(heard.session, heard.conversation_id)
    return LiveTurn(replies=())


async def _note_subject(heard: Heard, latest: Handover) -> None:
    subject = {"triage": heard.read.to_dict()} if heard.read.decision in TELLING else {}
    seen = {"learner_typing_at": None, "learner_seen_at": heard.desk.live.now}
    await repository.touch(heard.session, latest.id, **seen, **subject)


async def _while_waiting(heard: Heard, latest: Handover) -> LiveTurn | None:
    replies = heard.desk.replies
    if heard.text == replies.say("bouton_ne_plus_attendre"):
        await learners.left(session=heard.session, live=heard.desk.live, conversation_id=heard.conversation_id)
        return LiveTurn(replies=(notices.notice(replies, "direct_quitte", "bot"),))
    if heard.text == replies.say("bouton_demande_ecrite"):
        await learners.left(session=heard.session, live=heard.desk.live, conversation_id=heard.conversation_id)
        return LiveTurn(text=WRITE)
    if heard.read.act == "person":
        position = await repository.position_of(heard.session, latest)
        return LiveTurn(replies=(notices.still_in_queue(replies, position),))
    return None


async def _person_asked_for(heard: Heard) -> LiveTurn:
    live, replies = heard.desk.live, heard.desk.replies
    if not await somebody_answers(session=heard.session, live=live):
        return LiveTurn(lead=notices.nobody(replies, live.hours, live.now))
    joined = await join(
        session=heard.session,
        live=live,
        conversation_id=heard.conversation_id,
        triage=await _subject(heard),
    )
    joined = joined or await repository.latest_of(heard.session, heard.conversation_id)
    assert joined is not None
    return LiveTurn(replies=(await welcome(session=heard.session, live=live, replies=replies, waiting=joined),))


async def _subject(heard: Heard) -> dict[str, Any]:
    """What the conversation is about: when the message only asks for a person, the latest one that says a subject."""
    if heard.read.decision in TELLING:
        return heard.read.to_dict()
    said = await journal.read_journal(session=heard.session, conversation_id=heard.conversation_id)
    texts = [message.text for message in said if message.author == "learner" and message.id != heard.message_id]
    for text in reversed(texts[-LOOKED_BACK:]):
        read = triage(text, Context(known=heard.state.said, several=False), engine=heard.desk.engine)
        if read.decision in TELLING:
            return read.to_dict()
    return {}


async def _slot_chosen(heard: Heard) -> LiveTurn | None:
    """A call-back slot goes into the request being prepared, or starts one."""
    live, replies = heard.desk.live, heard.desk.replies
    before = replies.say("bouton_rappel", creneau="").strip()
    if not heard.text.startswith(before):
        return None
    chosen = [slot.label for slot in live.hours.slots(live.now, SLOTS_KNOWN) if slot.label in heard.text]
    if not chosen:
        again = Message(kind="handoff", text=replies.say("direct_rappel_passe"))
        options = notices.slot_options(replies, live.hours, live.now)
        return LiveTurn(replies=(again.model_copy(update={"options": options}),))
    told = notices.notice(replies, "direct_rappel", "bot", creneau=chosen[0])
    asked = _into_request(heard.state, chosen[0])
    await remember(session=heard.session, conversation_id=heard.conversation_id, state=heard.state)
    if heard.state.draft is None:
        return LiveTurn(text=WRITE, lead=told)
    return LiveTurn(replies=(told, *_question(heard, asked)))


def _into_request(state: DialogueState, slot: str) -> str | None:
    """Write the slot in the running request, or keep it for the one that begins; the field that was asked, if any."""
    if state.draft is None:
        state.known = state.known | {CALL_BACK: slot}
        return None
    draft = from_json(state.draft)
    draft = replace(draft, fields={**draft.fields, CALL_BACK: FieldValue(slot, "said")})
    state.draft = to_json(draft)
    return draft.asked


async def _slot_used(heard: Heard) -> None:
    """The slot kept for the next request is in it: the one after has none."""
    state = heard.state
    if state.draft is not None and CALL_BACK in state.known:
        state.known = {name: value for name, value in state.known.items() if name != CALL_BACK}
        await remember(session=heard.session, conversation_id=heard.conversation_id, state=state)


def _question(heard: Heard, asked: str | None) -> Sequence[Message]:
    """The question of the form, asked again: the form still waits for its answer."""
    field = heard.desk.engine.catalogue.fields.get(asked or "")
    if field is None:
        return ()
    options = notices.answer_options(heard.desk.replies, field)
    return (Message(kind="question", text=field.question, asks=field.id, options=options),)
