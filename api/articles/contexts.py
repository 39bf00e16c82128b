"""What the pages of the writing room show, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from api.articles.comparing import FieldChange
from api.console.contexts import Option, Who
from api.lookup.contexts import Hit
from api.widget.rich_text import Block
from knowledge.article_bodies import Body


@dataclass(frozen=True, slots=True)
class Row:
    """An article of the list. `state`: of what waits, else of what answers."""

    id: str
    question: str
    state: str
    service: str
    owner: str
    review_by: date | None
    overdue: bool
    dead: bool


@dataclass(frozen=True, slots=True)
class IndexState:
    """Whether every process answers with the last publication. `late`: those that do not yet; `failed`: those that can't."""

    running: int
    late: int
    failed: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """The articles. `to_review` and `overdue` are shown first."""

    who: Who
    rows: tuple[Row, ...]
    to_review: tuple[Row, ...]
    overdue: tuple[Row, ...]
    states: tuple[Option, ...]
    q: str
    index: IndexState
    address: str
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A line of the history."""

    number: int
    state: str
    author: str
    reviewer: str
    note: str
    at: datetime
    live: bool


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A change of what is answered."""

    version: int | None
    by: str
    at: datetime
    misled: int
    signature: str | None


@dataclass(frozen=True, slots=True)
class NearLine:
    """An article that seems to say the same, with its answer so that they can be compared."""

    id: str
    question: str
    mine: str
    theirs: str
    answer: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """An answer as the chat, a mail and the look-up give it."""

    hit: Hit
    paragraphs: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to put right, what would read more easily, and what is near."""

    faults: tuple[str, ...]
    hints: tuple[str, ...]
    near: tuple[NearLine, ...]


@dataclass(frozen=True, slots=True)
class SourceInput:
    """The three fields of a source."""

    n: int
    title: str
    year: str
    url: str


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form of an article. `based_on` 0: it is new, and `id` is asked for."""

    who: Who
    id: str
    based_on: int
    body: Body
    errors: Mapping[str, str]
    labels: Mapping[str, str]
    services: tuple[Option, ...]
    publics: tuple[Option, ...]
    certainties: tuple[Option, ...]
    sources: tuple[SourceInput, ...]
    registers: tuple[tuple[str, str, str], ...]
    season: tuple[str, str]
    moments: tuple[tuple[date, str], ...]
    note: str
    advice: Advice | None = None
    preview: Preview | None = None
    off_preview: Preview | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class NearPart:
    """What is near, for a form that is being filled."""

    near: tuple[NearLine, ...]


@dataclass(frozen=True, slots=True)
class MisledLine:
    """A question that would go wrong: the article it must lead to, and the one it would."""

    text: str
    wanted: str
    found: str
    new: bool


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article: where it stands, what may be done, its history."""

    who: Who
    id: str
    question: str
    state: str
    working: VersionLine | None
    live: int | None
    archived: bool
    may_review: bool
    changes: tuple[FieldChange, ...]
    preview: Preview
    off_preview: Preview | None
    season: str
    advice: Advice
    versions: tuple[VersionLine, ...]
    publications: tuple[PublicationLine, ...]
    owners: tuple[Option, ...]
    review_by: date
    overdue: bool
    notice: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SignPage:
    """What would newly go wrong, and the form that confirms it."""

    who: Who
    id: str
    question: str
    action: str
    verb: str
    version: int
    misled: tuple[MisledLine, ...]
    seal: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version beside another."""

    who: Who
    id: str
    question: str
    version: VersionLine
    other: int | None
    changes: tuple[FieldChange, ...]
    others: tuple[int, ...]
    may_restore: bool
