"""What each page of learners shows, as values."""

from __future__ import annotations

from dataclasses import dataclass

from api.widget.bubbles import ArticleCard, Bubble
from api.widget.composer import Composer, Groups
from api.widget.contact import REACH, Reach
from api.widget.levels import LEVELS
from api.widget.rich_text import Block, Span
from knowledge.page_words import PageWords


@dataclass(frozen=True, slots=True)
class AssistantPage:
    """The conversation and its box. `draft` is a text that was refused and stays in the box, `error` says why."""

    exchange: tuple[Bubble, ...]
    composer: Composer
    message_id: str
    words: PageWords
    draft: str = ""
    error: str | None = None
    notice: str | None = None
    live: str = "bot"  # where a hand-over to a person is, and what is said of it above the box
    banner: str = ""
    embedded: bool = False  # in the frame of the widget
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class ExchangePart:
    """A piece of the exchange, for a page that is already there."""

    exchange: tuple[Bubble, ...]
    message_id: str
    words: PageWords
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class GuidedPart:
    """The input beside the box, for a page that is already there."""

    composer: Composer


@dataclass(frozen=True, slots=True)
class RequestValues:
    """What is in the request form."""

    message: str = ""
    who: str = ""
    level: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RequestErrors:
    """Why a field was refused, None when it was not. `form` is about the whole."""

    message: str | None = None
    email: str | None = None
    phone: str | None = None
    form: str | None = None

    @property
    def any(self) -> bool:
        """True when something was refused."""
        return any((self.message, self.email, self.phone, self.form))


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The request form."""

    values: RequestValues
    errors: RequestErrors
    form_token: str
    request_id: str
    people: tuple[tuple[str, str], ...]  # (value, label)
    levels: Groups = LEVELS
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class RequestDonePage:
    """What became of a request: an answer, or a reference; `safety` comes first."""

    title: str
    article: ArticleCard | None = None
    answer: tuple[Block, ...] = ()
    safety: tuple[Block, ...] = ()
    calls: tuple[Span, ...] = ()
    reference: str | None = None
    team: str | None = None
    delay: str | None = None  # how long this team took lately
    contact_given: bool = False
    follow_up: str | None = None  # the secret link, shown once
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """What is done with personal data."""

    words: PageWords
    reach: Reach = REACH
