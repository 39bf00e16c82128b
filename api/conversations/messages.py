"""The typed messages of the assistant, as the HTTP interface gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.text_fields import MessageText
from knowledge.articles import Article, Source

Kind = Literal[
    "answer", "choices", "question", "summary", "ticket", "safety", "handoff", "out_of_scope", "smalltalk"
]  # fmt: skip


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class SourceView(_Value):
    """Where an answer comes from."""

    title: str
    year: int
    url: str | None = None


class ArticleView(_Value):
    """An article as the learner reads it."""

    id: str
    question: str
    answer: str
    sources: list[SourceView]
    certitude: str
    review_by: str


class Choice(_Value):
    """An article to pick from: sending its question gives its answer."""

    id: str
    question: str


class Option(_Value):
    """A quick reply: a label, and the text it sends."""

    title: str
    text: str


class Line(_Value):
    """One line of the recap."""

    field: str
    label: str
    value: str


class Message(_Value):
    """One message of the assistant. Only what its kind needs is there."""

    kind: Kind
    text: str
    article: ArticleView | None = None
    choices: list[Choice] | None = None
    asks: str | None = None
    ticket: dict[str, Any] | None = None
    follow_up: str | None = None  # the page that leads the owner of the conversation to the follow-up of the ticket
    delay: str | None = None  # how long the team of the ticket took lately, as a sentence; never a promise
    options: list[Option] | None = None
    lines: list[Line] | None = None
    live: str | None = None  # a notice of a hand-over to a person: the state it leads to (GET …/live)

    def to_json(self) -> dict[str, Any]:
        """The public object, without what it doesn't carry."""
        return self.model_dump(exclude_none=True)


class Replies(BaseModel):
    """What the assistant answers to a message."""

    messages: list[Message]


class PastMessage(BaseModel):
    """A message of the history: `author` is learner, assistant or operator; a learner's `kind` is "message"."""

    model_config = ConfigDict(extra="allow")

    author: str
    kind: str
    text: str
    at: datetime


class History(BaseModel):
    """All the messages of a conversation, oldest first."""

    messages: list[PastMessage]


class Opened(BaseModel):
    """A new conversation. The token is given once: it is what lets its owner write and read."""

    id: str
    token: str


class Opening(BaseModel):
    """What may be said when opening a conversation: nothing, for now."""

    model_config = ConfigDict(extra="forbid")


class Incoming(BaseModel):
    """A message of the learner. The same `client_message_id` again gives the same replies and doubles nothing."""

    model_config = ConfigDict(extra="forbid")

    text: MessageText
    client_message_id: str | None = Field(default=None, min_length=1, max_length=100)


def article_view(article: Article) -> ArticleView:
    """An article of the FAQ for the learner."""
    return ArticleView(
        id=article.id,
        question=article.question,
        answer=article.answer,
        sources=[_source(s) for s in article.sources],
        certitude=article.certitude,
        review_by=article.review_by.isoformat(),
    )


def choice(article: Article) -> Choice:
    """An article as something to pick."""
    return Choice(id=article.id, question=article.question)


def _source(source: Source) -> SourceView:
    return SourceView(title=source.title, year=source.year, url=source.url)
