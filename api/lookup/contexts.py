"""What the pages of the look-up show, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from api.console.contexts import Option, Who
from api.faq.views import article_view
from api.widget.bubbles import ArticleCard, article_card
from api.widget.rich_text import Block, written
from knowledge.articles import Article
from knowledge.audience import LEVELS, PUBLICS, Caller
from knowledge.lookup import Lookup, Results
from knowledge.replies import Replies
from knowledge.service_types import UNITS, Catalogue

CERTAINTIES = {"publie": "Publié", "date": "À vérifier", "orientation": "Oriente vers une personne"}
NO_DELAY = "pas de délai publié"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article as an agent reads it. `text` and `mail` are what the copy buttons give."""

    id: str
    question: str
    answer: tuple[Block, ...]
    card: ArticleCard
    certainty: str
    year: int
    publics: str
    service: str
    team: str
    delay: str
    text: str
    mail: str
    favourite: bool = False


_CARDS: WeakKeyDictionary[Lookup, dict[str, Hit]] = (
    WeakKeyDictionary()
)  # made once: agents see the same ones at each key


@dataclass(frozen=True, slots=True)
class Filters:
    """The three lists, and the caller they say."""

    caller: Caller
    publics: tuple[Option, ...]
    levels: tuple[Option, ...]
    units: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """The box: what is typed, who is on the line, what was found (None: nothing was looked for)."""

    q: str
    filters: Filters
    form_token: str
    results: Found | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `sequence` is the number that the page gave to its question, so that it knows an old answer."""

    hits: tuple[Hit, ...]
    set_aside: int
    complete: bool
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A question that can be opened."""

    id: str
    question: str


@dataclass(frozen=True, slots=True)
class LookupPage:
    """The page of an agent."""

    who: Who
    box: Box
    favourites: tuple[Link, ...] = ()
    recents: tuple[Link, ...] = ()
    most_asked: tuple[Link, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class ResultsPart:
    """The results, for a page that is already there."""

    box: Box


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article."""

    who: Who
    hit: Hit


def hit_of(article: Article, catalogue: Catalogue, replies: Replies, *, favourite: bool = False) -> Hit:
    """An article with what an agent needs beside it."""
    kind = catalogue.types.get(article.service_type)
    team = catalogue.teams.get(kind.team) if kind else None
    card = article_card(article_view(article).model_dump())
    sources = "\n".join(f"Source : {s.title}, {s.year}" + (f", {s.url}" if s.url else "") for s in card.sources)
    return Hit(
        id=article.id,
        question=article.question,
        answer=written(article.answer),
        card=card,
        certainty=CERTAINTIES.get(article.certitude, article.certitude),
        year=max((s.year for s in card.sources), default=0),
        publics=", ".join(PUBLICS.get(p, p).lower() for p in article.public),
        service=kind.label if kind else article.service_type,
        team=team.label if team else "",
        delay=_delay(kind.delay_hours if kind else None),
        text=f"{article.question}\n\n{article.answer}\n\n{sources}",
        mail=replies.say("copie_courriel", question=article.question, reponse=article.answer, sources=sources),
        favourite=favourite,
    )


def found_of(
    results: Results,
    lookup: Lookup,
    catalogue: Catalogue,
    replies: Replies,
    *,
    favourites: frozenset[str] = frozenset(),
    sequence: int = 0,
) -> Found:
    """The results of a search with their articles, all of the same version."""
    hits = tuple(hit_of(lookup.articles[s.id], catalogue, replies, favourite=s.id in favourites) for s in results.found)
    return Found(hits, results.set_aside, results.complete, sequence)


def filters_of(caller: Caller) -> Filters:
    """The lists with what is chosen."""
    return Filters(
        caller,
        _options(PUBLICS, caller.public, "Tous"),
        _options(LEVELS, caller.level, "Tous"),
        _options(UNITS, caller.unit, "Toutes"),
    )


def caller_of(public: str, level: str, unit: str) -> Caller:
    """The caller of three lists; what is not in a list narrows nothing."""
    return Caller(public if public in PUBLICS else "", level if level in LEVELS else "", unit if unit in UNITS else "")


def links(ids: tuple[str, ...], articles: Mapping[str, Article]) -> tuple[Link, ...]:
    """Questions to open."""
    return tuple(Link(id_, articles[id_].question) for id_ in ids)


def _options(labels: Mapping[str, str], chosen: str, every: str) -> tuple[Option, ...]:
    return (Option("", every, not chosen), *(Option(v, label, v == chosen) for v, label in labels.items()))


def _delay(hours: int | None) -> str:
    if hours is None:
        return NO_DELAY
    return f"{hours} heures constatées" if hours < 72 else f"{round(hours / 24)} jours constatés"
