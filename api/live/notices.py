"""What the learner reads of a hand-over, as typed messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.conversations.messages import Message, Option
from api.live.states import Status
from knowledge.opening_hours import OpeningHours, Slot
from knowledge.replies import Replies
from knowledge.service_types import Field


def notice(replies: Replies, key: str, state: Status, **values: Any) -> Message:
    """The sentence `key`; `state` is where the hand-over is from then on."""
    return Message(kind="handoff", text=replies.say(key, **values), live=state)


def in_queue(replies: Replies, position: int, minutes: int | None) -> Message:
    """The place in the queue, and the wait when it is measured."""
    key = "direct_attente" if minutes is None else "direct_attente_mesuree"
    values = {"position": str(position)} | ({} if minutes is None else {"minutes": say_minutes(minutes)})
    message = notice(replies, key, "waiting", **values)
    return message.model_copy(update={"options": waiting_options(replies)})


def still_in_queue(replies: Replies, position: int) -> Message:
    """The place in the queue, asked for again."""
    message = notice(replies, "direct_deja", "waiting", position=str(position))
    return message.model_copy(update={"options": waiting_options(replies)})


def waiting_options(replies: Replies) -> list[Option]:
    """What somebody who waits may choose, besides leaving the queue, which their page offers beside the box."""
    return [_button(replies.say("bouton_demande_ecrite"))]


def nobody(replies: Replies, hours: OpeningHours, now: datetime) -> Message:
    """Nobody answers now: said at once, with the moments to be called back."""
    open_now = hours.is_open(now)
    text = replies.say("direct_absent") if open_now else replies.say("direct_ferme", horaires=hours.spoken)
    state = None if open_now else "bot"  # outside hours, the ways to reach a person are already in the text
    return Message(kind="handoff", text=text, options=slot_options(replies, hours, now), live=state)


def left_alone(replies: Replies, hours: OpeningHours, now: datetime) -> Message:
    """Nobody answers any more those who wait."""
    options = [*slot_options(replies, hours, now), _button(replies.say("bouton_demande_ecrite"))]
    return Message(kind="handoff", text=replies.say("direct_plus_personne"), options=options, live="bot")


def slot_options(replies: Replies, hours: OpeningHours, now: datetime) -> list[Option]:
    """The next call-back slots as quick replies."""
    return [_button(slot_words(replies, slot)) for slot in hours.slots(now)]


def slot_words(replies: Replies, slot: Slot) -> str:
    """What the button of a slot says and sends."""
    return replies.say("bouton_rappel", creneau=slot.label)


def answer_options(replies: Replies, field: Field) -> list[Option] | None:
    """The quick replies to a question of the form that is asked again."""
    titles = [label for _, label in field.choices]
    titles += [replies.say(key) for key in ("bouton_oui", "bouton_non") if field.kind == "oui_non"]
    titles += [replies.say("bouton_passer")] if field.optional else []
    return [_button(title) for title in titles] or None


def say_minutes(minutes: int) -> str:
    """1 minute, 4 minutes."""
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def _button(title: str) -> Option:
    return Option(title=title, text=title)
