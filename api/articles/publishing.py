"""Publishing and archiving: what would go wrong is looked at on the new index before anybody is answered with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import anyio.to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from api.articles import repository
from api.articles.errors import FewArticles, IndexNotReady, NotReady, Overtaken, OwnWork
from api.articles.live import ArticleFeed, Candidate
from api.articles.service import ArticleFile, Person, article_file
from knowledge.article_bodies import article_of
from knowledge.article_quality import dead_facts
from knowledge.articles import Article
from knowledge.question_tests import Misled, newly_misled
from knowledge.relearning import FEWEST
from knowledge.writing_rules import WritingRules
from nlu.artifacts import digest


@dataclass(frozen=True, slots=True)
class Signed:
    """The person saw these questions go wrong (their `seal`) and says why it is right to publish all the same."""

    seal: str
    words: str


@dataclass(frozen=True, slots=True)
class Published:
    """It answers from the commit on."""

    publication: int


@dataclass(frozen=True, slots=True)
class MustSign:
    """Questions that would newly go wrong; nothing was published. `seal` stands for exactly these."""

    misled: tuple[Misled, ...]
    seal: str


async def publish(
    *,
    session: AsyncSession,
    feed: ArticleFeed,
    person: Person,
    id_: str,
    number: int,
    rules: WritingRules,
    signed: Signed | None = None,
) -> Published | MustSign:
    """Answer with the version that waits for a review. The caller commits; every process follows.

    Raises:
        Overtaken: it does not wait any more.
        OwnWork: the person wrote it.
        NotReady: it rests on a dead fact.
        IndexNotReady: this process could not follow the publications before.
    """
    await repository.one_at_a_time(session)
    file = await article_file(session=session, id_=id_)
    version = file.working
    if version is None or version.number != number or version.state != "in_review":
        raise Overtaken
    if person.id in file.authors:
        raise OwnWork
    article = article_of(id_, version.body)
    if dead := dead_facts(article, rules):
        raise NotReady(dead)
    outcome = await _candidate(session, feed, {**feed.articles, id_: article}, signed)
    if isinstance(outcome, MustSign):
        return outcome
    candidate, misled = outcome
    if file.live is not None:
        file.live.state = "replaced"
    version.state, version.decided_at = "published", datetime.now(UTC)
    version.reviewer_id, version.reviewer = person.id, person.name
    file.record.live, file.record.archived_at = version.number, None
    if feed.must_learn(article):
        head = candidate.engine.head(id_).to_bytes()
        await repository.keep_head(session, id_, version.number, feed.models, head)
    return await _noted(session, feed, candidate, file, person, misled, signed)


async def archive(
    *, session: AsyncSession, feed: ArticleFeed, person: Person, id_: str, signed: Signed | None = None
) -> Published | MustSign:
    """Answer with this article no more; its versions stay.

    Raises:
        Overtaken: it does not answer.
        FewArticles: it is one of the last two.
    """
    await repository.one_at_a_time(session)
    file = await article_file(session=session, id_=id_)
    if file.record.live is None:
        raise Overtaken
    left = {k: a for k, a in feed.articles.items() if k != id_}
    if len(left) < FEWEST:
        raise FewArticles
    outcome = await _candidate(session, feed, left, signed)
    if isinstance(outcome, MustSign):
        return outcome
    candidate, misled = outcome
    if file.live is not None:
        file.live.state = "replaced"
    file.record.live, file.record.archived_at = None, datetime.now(UTC)
    return await _noted(session, feed, candidate, file, person, misled, signed)


async def _candidate(
    session: AsyncSession, feed: ArticleFeed, articles: dict[str, Article], signed: Signed | None
) -> MustSign | tuple[Candidate, tuple[Misled, ...]]:
    if not await feed.is_at(await repository.last_publication(session)):
        raise IndexNotReady
    before = feed.engine
    candidate = await feed.candidate(articles)
    misled = tuple(await anyio.to_thread.run_sync(lambda: newly_misled(before, candidate.engine)))
    seal = digest([part for m in misled for part in (m.article, m.text, m.found)])
    if misled and (signed is None or signed.seal != seal or not signed.words.strip()):
        return MustSign(misled, seal)
    return candidate, misled


async def _noted(
    session: AsyncSession,
    feed: ArticleFeed,
    candidate: Candidate,
    file: ArticleFile,
    person: Person,
    misled: tuple[Misled, ...],
    signed: Signed | None,
) -> Published:
    values: dict[str, Any] = {
        "article": file.record.id,
        "version": file.record.live,
        "by_id": person.id,
        "by": person.name,
        "misled": [{"article": m.article, "text": m.text, "found": m.found} for m in misled],
        "signature": signed.words.strip() if misled and signed else None,
    }
    publication = await repository.add_publication(session, values)
    feed.offer(publication.id, candidate)
    return Published(publication.id)
