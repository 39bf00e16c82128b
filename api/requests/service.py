"""A request that comes in one piece: decided on once, answered by an article or sent to people."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Any

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.live.alarms import raise_alarm
from api.tickets import service as tickets
from api.tickets.contacts import read_email, read_phone
from api.tickets.service import Channel, TicketDraft
from api.triage.service import decide
from knowledge import qualification
from knowledge.articles import Article
from knowledge.decisions import Context, Triage
from knowledge.replies import Replies
from knowledge.triage import Engine
from nlu.personal_data import find, mask

SAME_FOR = timedelta(hours=24)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
WELCOME_TYPE = "contact_horaires"  # the relation desk (crc): what nobody else can be named for
SAFETY_TYPE = "souffrance_harcelement"
NOTHING_LOST: tuple[Channel, ...] = (
    "mail",
    "web_form",
)  # channels where silence would leave somebody without an answer
_REPLY_MARKS = re.compile(r"^(?:\s*(?:re|tr|fw|fwd)\s*:)+\s*", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_PHONE = re.compile(r"\+?[\d\s().-]{6,}")


@dataclass(frozen=True, slots=True)
class IncomingRequest:
    """What came in. `sender` is an e-mail address ("Nom <a@b.fr>" included), a phone number or a name."""

    channel: Channel
    text: str
    subject: str | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided: an article answers, or a ticket waits; `message` is what to tell a person in danger.

    `new`: this very request opened the ticket (a repeat may be somebody else's guess: it gets no secret link).
    """

    triage: Triage
    article: Article | None = None
    ticket: Ticket | None = None
    message: str | None = None
    new: bool = False


async def receive(
    *,
    session: AsyncSession,
    engine: Engine,
    replies: Replies,
    request: IncomingRequest,
    idempotency_key: str | None = None,
) -> Outcome:
    """Decide on a request and open its ticket when it needs one, once. The caller commits.

    The same sender, subject and text within 24 hours, or the same sender and key, give the same ticket.
    """
    triage = await decide(request.text, Context(channel=request.channel, subject=request.subject), engine=engine)
    if triage.decision == "answer" and triage.article is not None:
        return Outcome(triage, article=engine.articles[triage.article])
    if not _needs_people(triage, request.channel):
        return Outcome(triage)
    ticket, new = await _ticket(session, engine, request, triage, idempotency_key)
    if triage.decision != "safety":
        return Outcome(triage, ticket=ticket, new=new)
    await raise_alarm(
        session=session,
        label=triage.safety.label,
        text=triage.masked_text,
        reference=ticket.reference,
        conversation_id=None,
    )
    message = replies.say(f"securite_{triage.safety.label}")
    return Outcome(triage, ticket=ticket, message=message, new=new)


def _needs_people(triage: Triage, channel: Channel) -> bool:
    if triage.decision == "smalltalk":
        return False
    return triage.decision != "out_of_scope" or channel in NOTHING_LOST


async def _ticket(
    session: AsyncSession, engine: Engine, request: IncomingRequest, triage: Triage, idempotency_key: str | None
) -> tuple[Ticket, bool]:
    now = datetime.now(UTC)
    digest, keys, since = _draft_keys(request, idempotency_key, now)
    await session.execute(sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 2))"), {"key": digest})
    known = await tickets.recent_ticket(session=session, draft_keys=keys, since=since)
    if known is not None:
        return known, False
    draft = _draft(request, triage, engine, draft_key=keys[0], now=now)
    return await tickets.open_ticket(session=session, draft=draft, catalogue=engine.catalogue), True


def _draft_keys(request: IncomingRequest, key: str | None, now: datetime) -> tuple[str, tuple[str, ...], datetime]:
    """What to lock, the keys a repeat may have been opened under (today's first), and since when they count."""
    sender = (request.sender or "").strip().lower()
    if key is not None:
        digest = _digest("key", sender, key)
        return digest, (f"request:{digest}",), BEGINNING
    digest = _digest("text", sender, _same(_REPLY_MARKS.sub("", request.subject or "")), _same(request.text))
    days = (now, now - SAME_FOR)
    return digest, tuple(f"request:{digest}:{day:%Y-%m-%d}" for day in days), now - SAME_FOR


def _draft(request: IncomingRequest, triage: Triage, engine: Engine, *, draft_key: str, now: datetime) -> TicketDraft:
    service_type = _service_type(triage, engine)
    qualified = qualification.start(service_type, triage=triage, known={}, catalogue=engine.catalogue)
    fields: dict[str, Any] = {
        name: {"value": kept.value, "origin": kept.origin} for name, kept in qualified.fields.items()
    }
    email, phone, name = _sender(request)
    if name and "nom" not in fields:
        fields["nom"] = {"value": name, "origin": "deduced"}
    return TicketDraft(
        draft_key=draft_key,
        channel=request.channel,
        service_type=service_type,
        unit=qualification.unit_of(qualified, engine.catalogue) or triage.unite,
        priority=tickets.SAFETY if triage.decision == "safety" else tickets.NORMAL,
        subject=_subject(request, engine.catalogue.types[service_type].label),
        fields=fields,
        transcript=[{"author": "learner", "text": mask(request.text).text, "at": now.isoformat()}],
        triage={k: v for k, v in triage.to_dict().items() if k not in ("text", "masked_text")},
        contact_email=email,
        contact_phone=phone,
    )


def _service_type(triage: Triage, engine: Engine) -> str:
    if triage.decision == "safety":
        return SAFETY_TYPE
    named = triage.service_type
    if triage.decision == "out_of_scope" or named is None or named not in engine.catalogue.types:
        return WELCOME_TYPE
    return named


def _subject(request: IncomingRequest, label: str) -> str:
    return request.subject or label


def _sender(request: IncomingRequest) -> tuple[str | None, str | None, str | None]:
    """E-mail, phone and name: from the sender, else from what the text gives."""
    sender = request.sender or ""
    email, phone, name = read_email(sender), None, None
    if email:
        name = parseaddr(sender)[0] or None
    elif _PHONE.fullmatch(sender.strip()):
        phone = read_phone(sender)
    else:
        name = sender.strip() or None
    found = find(request.text)
    email = email or next((f.value.lower() for f in found if f.kind == "courriel"), None)
    phone = phone or next((read_phone(f.value) for f in found if f.kind == "telephone"), None)
    return email, phone, name


def _same(text: str) -> str:
    return _SPACES.sub(" ", text).strip().casefold()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
