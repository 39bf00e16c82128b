"""What the public FAQ pages show, as values, and what they say to search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.faq.views import article_view
from api.widget.bubbles import ArticleCard, article_card
from api.widget.contact import REACH, Reach
from api.widget.rich_text import Block, written
from knowledge.articles import Article
from knowledge.themes import Theme

_BEFORE_SIGN = re.compile(r" (?=[?:;»])|(?<=«) ")
SHORT = 155  # characters of a description that a search engine shows
TITLE = "Foire aux questions"
DESCRIPTION = (
    "Les réponses du Cned aux questions des élèves, des parents et des adultes en formation, classées par thème."
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the page says of itself. `canonical` is its one address; `data` is JSON-LD, safe inside a script element."""

    title: str
    description: str
    canonical: str
    data: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of a list."""

    id: str
    question: str


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme of the list with its questions."""

    theme: Theme
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FaqPage:
    """Every theme."""

    head: Head
    themes: tuple[ThemeEntry, ...]
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer."""

    id: str
    card: ArticleCard
    answer: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ThemePage:
    """The questions of a theme, answered."""

    head: Head
    theme: Theme
    answers: tuple[Answered, ...]
    reach: Reach = REACH


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One question, and others of its theme."""

    head: Head
    theme: Theme
    answered: Answered
    others: tuple[Entry, ...]
    reach: Reach = REACH


def answered(article: Article) -> Answered:
    """An article as people read it."""
    return Answered(article.id, article_card(article_view(article).model_dump()), written(article.answer))


def entries(articles: Sequence[Article]) -> tuple[Entry, ...]:
    """Articles as a list of questions."""
    return tuple(Entry(a.id, a.question) for a in articles)


def shortened(text: str, length: int = SHORT) -> str:
    """The beginning of a text on one line, cut between two words."""
    line = " ".join(text.replace("\n- ", " ").split())
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def faq_data(articles: Sequence[Article]) -> str:
    """schema.org's FAQPage of these articles (https://schema.org/FAQPage)."""
    return in_script({
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": "fr",
        "mainEntity": [
            {
                "@type": "Question",
                "name": article.question,
                "acceptedAnswer": {"@type": "Answer", "text": article.answer},
            }
            for article in articles
        ],
    })  # fmt: skip


def in_script(data: dict[str, Any]) -> str:
    """JSON that can stand in a script element whatever it holds."""
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def spaced(text: str) -> str:
    """French punctuation stays on the line of the word it follows."""
    return _BEFORE_SIGN.sub("\u00a0", text)
