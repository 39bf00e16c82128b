"""Taking an answer, keeping it at hand, and saying that none fits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Gap
from api.errors import Invalid, NotFound
from api.lookup import repository
from api.pages import PARIS
from knowledge.articles import Article
from knowledge.audience import Caller
from nlu.normalisation import clean
from nlu.personal_data import mask

RECENTS = 8
MOST_ASKED = 8
WEEK = timedelta(days=6)  # today and the six days before
GAP_LENGTH = 500  # characters


class UnknownArticle(NotFound):
    """No article has this id."""

    detail = "Aucun article ne porte cet identifiant."


class NothingTyped(Invalid):
    """A gap without words."""

    detail = "Écrivez d'abord la question, avec les mots de la personne."


@dataclass(frozen=True, slots=True)
class AtHand:
    """Article ids that an agent finds without typing; those that are no longer articles are left out."""

    favourites: tuple[str, ...]
    recents: tuple[str, ...]
    most_asked: tuple[str, ...]


def article_of(articles: Mapping[str, Article], id_: str) -> Article:
    """The article of an id.

    Raises:
        UnknownArticle: there is none.
    """
    if id_ not in articles:
        raise UnknownArticle
    return articles[id_]


async def take(*, session: AsyncSession, operator_id: uuid.UUID, article: Article) -> None:
    """An agent uses an answer: it counts, and is recent. The caller commits."""
    await repository.count_taken(session, datetime.now(PARIS).date(), article.id)
    await repository.remember_recent(session, operator_id, article.id, RECENTS)


async def at_hand(*, session: AsyncSession, operator_id: uuid.UUID, articles: Mapping[str, Article]) -> AtHand:
    """The lists of an agent."""
    since = datetime.now(PARIS).date() - WEEK
    lists = (
        await repository.favourites(session, operator_id),
        await repository.recent(session, operator_id),
        await repository.most_taken(session, since, 2 * MOST_ASKED),
    )
    known = [tuple(id_ for id_ in ids if id_ in articles) for ids in lists]
    return AtHand(known[0], known[1], known[2][:MOST_ASKED])


async def favourites(*, session: AsyncSession, operator_id: uuid.UUID) -> frozenset[str]:
    """Ids of the articles that an agent keeps at hand."""
    return frozenset(await repository.favourites(session, operator_id))


async def keep_favourite(*, session: AsyncSession, operator_id: uuid.UUID, article: Article, kept: bool) -> None:
    """Put an article among the favourites of an agent, or take it off. The caller commits."""
    change = repository.add_favourite if kept else repository.remove_favourite
    await change(session, operator_id, article.id)


async def note_gap(
    *, session: AsyncSession, text: str, caller: Caller, source: str = "crc", person: str | None = None
) -> None:
    """Keep the words of a question that no article answers, personal data masked. The caller commits.

    Raises:
        NothingTyped: not a letter.
    """
    text = mask(clean(text)).text[:GAP_LENGTH]
    if not any(c.isalnum() for c in text):
        raise NothingTyped
    gap = Gap(
        source=source,
        text=text,
        public=caller.public or None,
        level=caller.level or None,
        unit=caller.unit or None,
        person=person,
    )
    await repository.add_gap(session, gap)
