"""What the pages of the writing room show, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.articles.comparing import CERTAINTIES, FieldChange
from api.articles.forms import SOURCES, day_typed
from api.articles.service import STATES, ArticleFile
from api.console.contexts import Option, Who
from api.db.models import ArticlePublication, ArticleVersion
from api.lookup.contexts import Hit, hit_of
from api.widget.rich_text import Block, written
from knowledge.article_bodies import Body
from knowledge.article_quality import Near, dead_facts, hints, near_articles, overdue
from knowledge.articles import Article
from knowledge.audience import PUBLICS
from knowledge.question_tests import Misled
from knowledge.replies import Replies
from knowledge.service_types import Catalogue
from knowledge.writing_rules import WritingRules


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


def version_line(version: ArticleVersion, live: int | None) -> VersionLine:
    """A version in words."""
    return VersionLine(
        number=version.number,
        state="En ligne" if version.number == live else STATES[version.state],
        author=version.author or "Fichier de contenu",
        reviewer=version.reviewer or "",
        note=" ".join(filter(None, (version.note, version.review_note))),
        at=version.created_at,
        live=version.number == live,
    )


def publication_line(publication: ArticlePublication) -> PublicationLine:
    """A publication in words."""
    return PublicationLine(
        version=publication.version,
        by=publication.by or "Fichier de contenu",
        at=publication.at,
        misled=len(publication.misled),
        signature=publication.signature,
    )


def preview_of(article: Article, catalogue: Catalogue, replies: Replies) -> Preview:
    """The article as people will read it."""
    return Preview(hit_of(article, catalogue, replies), written(article.answer))


def near_lines(article: Article, live: Mapping[str, Article]) -> tuple[NearLine, ...]:
    """The articles that say nearly the same."""
    found: list[Near] = near_articles(article, live)
    return tuple(
        NearLine(n.article, live[n.article].question, n.mine, n.theirs, written(live[n.article].answer)) for n in found
    )


def advice_of(
    article: Article, wrong: Sequence[str], live: Mapping[str, Article], rules: WritingRules, *, near: bool = True
) -> Advice:
    """Everything to know before going on."""
    lines = near_lines(article, live) if near else ()
    return Advice(tuple(wrong), tuple(hints(article, rules)), lines)


def row_of(
    id_: str, article: Article, file: tuple[str, str | None], catalogue: Catalogue, rules: WritingRules, day: date
) -> Row:
    """A line of the list; `file`: its state in words and its owner."""
    kind = catalogue.types.get(article.service_type)
    return Row(
        id=id_,
        question=article.question,
        state=file[0],
        service=kind.label if kind else article.service_type,
        owner=file[1] or "",
        review_by=article.review_by,
        overdue=overdue(article, day),
        dead=bool(dead_facts(article, rules)),
    )


def misled_lines(misled: Sequence[Misled], questions: Mapping[str, str]) -> tuple[MisledLine, ...]:
    """Questions that would go wrong, with the questions of the articles."""
    return tuple(
        MisledLine(m.text, questions.get(m.article, m.article), questions.get(m.found, m.found), m.before is None)
        for m in misled
    )


def empty_body(review_by: date) -> Body:
    """The form of a new article."""
    return {
        "question": "", "service_type": "", "public": ["eleve", "parent"], "certitude": "orientation", "facts": [],
        "sources": [], "review_by": review_by.isoformat(), "phrasings": [], "tests": [], "season": None,
        "off_season": "", "answer": "",
    }  # fmt: skip


def form_parts(body: Body, catalogue: Catalogue, rules: WritingRules, day: date) -> dict[str, Any]:
    """The lists and the rows of the form."""
    texts = {register: list(found) for register, found in body["phrasings"]}
    registers = {**rules.registers, **{r: r for r in texts if r not in rules.registers}}
    sources = [
        SourceInput(i, s["title"], str(s["year"] or ""), s.get("url", "")) for i, s in enumerate(body["sources"])
    ]
    shown = min(SOURCES, max(2, len(sources) + 1))
    sources += [SourceInput(i, "", "", "") for i in range(len(sources), shown)]
    season = body["season"] or {"from": "", "until": ""}
    kinds = sorted(catalogue.types.values(), key=lambda t: t.label.casefold())
    return {
        "services": (
            Option("", "Choisir un service", not body["service_type"]),
            *(Option(t.id, t.label, t.id == body["service_type"]) for t in kinds),
        ),
        "publics": tuple(Option(p, label, p in body["public"]) for p, label in PUBLICS.items()),
        "certainties": tuple(Option(c, label, c == body["certitude"]) for c, label in CERTAINTIES.items()),
        "sources": tuple(sources),
        "registers": tuple((r, label, "\n".join(texts.get(r, ()))) for r, label in registers.items()),
        "season": (day_typed(season["from"]), day_typed(season["until"])),
        "moments": tuple(rules.next_moments(day)),
    }


def state_of(file: ArticleFile) -> str:
    """Where an article stands, in words."""
    if file.working:
        return STATES[file.working.state]
    return "En ligne" if file.record.live else "Archivé"
