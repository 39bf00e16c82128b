"""What the follow-up page shows, as values: built from rows and content, rendered by a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from api.db.models import Rating, Ticket, TicketEvent, TicketMessage
from api.tickets.statuses import OPEN, OVER
from api.widget.contact import REACH, Reach
from api.widget.rich_text import Block, Span, calls, calm
from knowledge.follow_up import FollowUpTexts
from knowledge.replies import Replies

HIDDEN = frozenset({"note", "message", "safety"})  # events that are not a line of their own
SEVERITY = {"en_attente": "warning", "resolu": "success", "clos": "info", "nouveau": "new", "rouvert": "new"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history: something said (`who`) or something that happened (`who` is None)."""

    anchor: str
    at: datetime
    lines: tuple[str, ...]
    who: str | None = None
    ours: bool = False  # by the institution


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and refused: it stays in its form, which says why."""

    message: str = ""
    word: str = ""
    rating: int | None = None
    message_error: str | None = None
    rating_error: str | None = None

    @property
    def refused(self) -> bool:
        """True when something was."""
        return bool(self.message_error or self.rating_error)


@dataclass(frozen=True, slots=True)
class SafetyCard:
    """Where to find help now."""

    blocks: tuple[Block, ...]
    calls: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """A request as its author sees it. `here` is the address of the page, `next_id` makes the next message sent once."""

    here: str
    next_id: str
    reference: str
    opened_at: datetime
    team: str
    delay: str | None  # how long this team took lately, while an answer is awaited
    state: str
    state_title: str
    state_text: str
    severity: str
    entries: tuple[Entry, ...]
    first_words: tuple[str, ...]
    can_write: bool
    can_close: bool
    can_reopen: bool
    can_rate: bool
    ratings: tuple[str, ...]
    rated: str | None
    rated_word: str | None
    has_email: bool
    mails_stopped: bool
    safety: SafetyCard | None = None
    notice: str | None = None
    draft: Draft = field(default_factory=Draft)
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class MailsPage:
    """Stop the e-mails of a request, or start them again."""

    here: str
    reference: str
    stopped: bool
    notice: str | None = None
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class MissingPage:
    """Nothing there: the same for every link that opens nothing."""

    reach: Reach = REACH


def entries_of(
    events: Sequence[TicketEvent], messages: Sequence[TicketMessage], texts: FollowUpTexts
) -> tuple[Entry, ...]:
    """The history, oldest first; notes are never in it."""
    found = [_said(m, texts) for m in messages if m.author != "note"]
    found += [entry for e in events if (entry := _happened(e, texts)) is not None]
    return tuple(sorted(found, key=lambda entry: entry.at))


def first_words(ticket: Ticket, texts: FollowUpTexts) -> tuple[str, ...]:
    """What the person wrote before the ticket was opened."""
    said = [str(line.get("text", "")) for line in ticket.transcript if line.get("author") == "learner"]
    return tuple(texts.readable(text) for text in said if text)


def state_of(ticket: Ticket, texts: FollowUpTexts, team: str) -> tuple[str, str, str]:
    """Title, text and severity of the state."""
    title, text = texts.states[ticket.status]
    return title, text.format(equipe=team), SEVERITY.get(ticket.status, "info")


def safety_card(events: Sequence[TicketEvent], replies: Replies) -> SafetyCard | None:
    """Where to find help, as long as nobody of staff has written since the alarm."""
    since = [e for e in events if e.kind == "safety" or (e.kind == "message" and e.actor == "operator")]
    if not since or since[-1].kind != "safety":
        return None
    text = replies.say(f"securite_{since[-1].data.get('label', 'danger')}")
    return SafetyCard(calm(text), calls(text))


def rated(rating: Rating | None, texts: FollowUpTexts) -> tuple[str | None, str | None]:
    """What the person thought, in words."""
    if rating is None:
        return None, None
    return texts.ratings[rating.rating - 1], texts.readable(rating.word) if rating.word else None


def is_open(ticket: Ticket) -> bool:
    """True while somebody should answer."""
    return ticket.status in OPEN


def can_close(ticket: Ticket) -> bool:
    """True until it is closed."""
    return ticket.status in OPEN or ticket.status in OVER[:1]


def _said(message: TicketMessage, texts: FollowUpTexts) -> Entry:
    ours = message.author == "operator"
    who = texts.sentences["auteur_cned" if ours else "auteur_vous"]
    lines = tuple(line for line in texts.readable(message.text).split("\n") if line.strip())
    return Entry(f"message-{message.id}", message.at, lines, who=who, ours=ours)


def _happened(event: TicketEvent, texts: FollowUpTexts) -> Entry | None:
    if event.kind in HIDDEN:
        return None
    key = str(event.data.get("to")) if event.kind == "status" else event.kind
    text = texts.events.get(f"{key}_{event.actor}") or texts.events.get(key)
    if text is None or (key == "assigne" and event.actor == "learner"):  # the message beside it says it
        return None
    return Entry(f"etape-{event.id}", event.at, (text,))
