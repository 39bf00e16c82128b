"""Writing articles: drafts, review, restoring. What is published is in `publishing.py`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.articles import repository
from api.articles.errors import BadId, IdTaken, NotReady, Overtaken, OwnWork, UnknownArticle
from api.db.models import ArticleProcess, ArticlePublication, ArticleRecord, ArticleVersion
from knowledge.article_bodies import SLUG, Body, article_of
from knowledge.article_quality import faults
from knowledge.articles import Article
from knowledge.service_types import Catalogue
from knowledge.writing_rules import WritingRules

STATES = {
    "draft": "Brouillon",
    "in_review": "En relecture",
    "published": "Publié",
    "replaced": "Remplacé",
    "withdrawn": "Abandonné",
}
LONGEST_ID = 60
HEARD_OF = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Person:
    """Who does it."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article with its versions, the last first."""

    record: ArticleRecord
    versions: Sequence[ArticleVersion]

    @property
    def live(self) -> ArticleVersion | None:
        """The version that answers."""
        return next((v for v in self.versions if v.number == self.record.live), None)

    @property
    def working(self) -> ArticleVersion | None:
        """The draft, or what waits for a review."""
        return next((v for v in self.versions if v.state in repository.WAITING), None)

    @property
    def shown(self) -> ArticleVersion:
        """What somebody who opens the article works on."""
        return self.working or self.live or self.versions[0]

    @property
    def authors(self) -> frozenset[uuid.UUID]:
        """Who wrote what is not published yet."""
        live = self.record.live or 0
        return frozenset(v.author_id for v in self.versions if v.number > live and v.author_id)


async def article_file(*, session: AsyncSession, id_: str) -> ArticleFile:
    """An article with everything about it; nobody else changes it until the commit.

    Raises:
        UnknownArticle: there is none.
    """
    record = await repository.record(session, id_)
    found = await repository.versions(session, id_) if record else ()
    if record is None or not found:
        raise UnknownArticle
    return ArticleFile(record, found)


async def create(*, session: AsyncSession, person: Person, id_: str, body: Body, note: str = "") -> ArticleVersion:
    """A new article as a draft. The caller commits.

    Raises:
        BadId, IdTaken: the id can't be used.
    """
    if not SLUG.fullmatch(id_) or len(id_) > LONGEST_ID:
        raise BadId
    if not await repository.add_record(session, id_):
        raise IdTaken
    article = await repository.record(session, id_)
    assert article is not None
    article.owner_id, article.owner = person.id, person.name
    return await _new_version(session, id_, body, person, note)


async def save(
    *, session: AsyncSession, person: Person, id_: str, body: Body, based_on: int, note: str = ""
) -> ArticleVersion:
    """A further version, as a draft: what waited for a review waits no more. Nothing new: the version that is there.

    Raises:
        UnknownArticle: there is none.
        Overtaken: `based_on` is not the last version.
    """
    file = await article_file(session=session, id_=id_)
    if file.versions[0].number != based_on:
        raise Overtaken
    if file.shown.body == body:
        return file.shown
    return await _new_version(session, id_, body, person, note)


async def restore(*, session: AsyncSession, person: Person, id_: str, number: int) -> ArticleVersion:
    """An earlier version again, as a draft that is reviewed like any other.

    Raises:
        UnknownArticle: no such version.
    """
    file = await article_file(session=session, id_=id_)
    old = version_of(file, number)
    return await _new_version(session, id_, old.body, person, f"Reprise de la version {number}")


async def submit(*, session: AsyncSession, id_: str, number: int, live: Mapping[str, Article], rules: WritingRules,
                 catalogue: Catalogue) -> None:  # fmt: skip
    """The draft waits for another person.

    Raises:
        Overtaken: it is no longer the draft.
        NotReady: with what must be put right.
    """
    file = await article_file(session=session, id_=id_)
    version = _waiting(file, number, "draft")
    if wrong := faults(article_of(id_, version.body), live, catalogue, rules):
        raise NotReady(wrong)
    version.state = "in_review"


async def send_back(*, session: AsyncSession, person: Person, id_: str, number: int, note: str) -> None:
    """The reviewer asks for changes; it is a draft again.

    Raises:
        Overtaken: it does not wait for a review any more.
        OwnWork: the person wrote it.
    """
    file = await article_file(session=session, id_=id_)
    version = _waiting(file, number, "in_review")
    if person.id in file.authors:
        raise OwnWork
    version.state, version.review_note = "draft", note
    version.reviewer_id, version.reviewer, version.decided_at = person.id, person.name, datetime.now(UTC)


async def withdraw(*, session: AsyncSession, id_: str, number: int) -> None:
    """Give a draft up; it stays in the history.

    Raises:
        Overtaken: it is no longer waiting.
    """
    file = await article_file(session=session, id_=id_)
    _waiting(file, number, *repository.WAITING).state = "withdrawn"


async def set_owner(*, session: AsyncSession, id_: str, owner: Person | None) -> None:
    """Who keeps the article true."""
    file = await article_file(session=session, id_=id_)
    file.record.owner_id, file.record.owner = (owner.id, owner.name) if owner else (None, None)


async def everything(
    *, session: AsyncSession
) -> tuple[Sequence[ArticleRecord], dict[str, Article], list[ArticleVersion]]:
    """Every article, what answers, and what waits."""
    bodies = {id_: article_of(id_, body) for id_, _, body in await repository.live(session)}
    return await repository.all_records(session), bodies, list(await repository.waiting(session))


async def published(*, session: AsyncSession) -> list[Article]:
    """What answers, by id."""
    return [article_of(id_, body) for id_, _, body in await repository.live(session)]


async def publications(*, session: AsyncSession, id_: str) -> Sequence[ArticlePublication]:
    """What was published of an article, the last first."""
    return await repository.publications(session, id_)


async def processes(*, session: AsyncSession) -> tuple[int, Sequence[ArticleProcess]]:
    """The last publication, and what each running process answers with."""
    return await repository.last_publication(session), await repository.processes(session, HEARD_OF)


async def address_of(*, session: AsyncSession, person: Person) -> str | None:
    """Where somebody wants reminders."""
    return await repository.address_of(session, person.id)


async def keep_address(*, session: AsyncSession, person: Person, address: str) -> None:
    """Reminders go there; nowhere when it is empty."""
    await repository.keep_address(session, person.id, address or None)


def version_of(file: ArticleFile, number: int) -> ArticleVersion:
    """A version of an article.

    Raises:
        UnknownArticle: it has no such version.
    """
    found = next((v for v in file.versions if v.number == number), None)
    if found is None:
        raise UnknownArticle
    return found


def _waiting(file: ArticleFile, number: int, *states: str) -> ArticleVersion:
    version = file.working
    if version is None or version.number != number or version.state not in states:
        raise Overtaken
    return version


async def _new_version(session: AsyncSession, id_: str, body: Body, person: Person, note: str) -> ArticleVersion:
    article_of(id_, body)  # nothing unreadable is kept
    values: dict[str, Any] = {"article": id_, "state": "draft", "body": body, "note": note}
    return await repository.add_version(session, values | {"author_id": person.id, "author": person.name})
