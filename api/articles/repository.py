"""What is asked of the tables of articles."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import (
    ArticleHead,
    ArticleProcess,
    ArticlePublication,
    ArticleRecord,
    ArticleReminder,
    ArticleVersion,
    EditorAddress,
)  # fmt: skip

CHANNEL = "aiguillage_articles"
LOCK = 0x4152_5449  # "ARTI": any number, the same for every process
Live = tuple[str, int, dict[str, Any]]
WAITING = ("draft", "in_review")


async def one_at_a_time(session: AsyncSession) -> None:
    """Publications follow one another; held until the commit."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


async def record(session: AsyncSession, id_: str) -> ArticleRecord | None:
    """An article, which nobody else changes until the commit."""
    return await session.get(ArticleRecord, id_, with_for_update=True, populate_existing=True)


async def add_record(session: AsyncSession, id_: str) -> bool:
    """A new article without any version; False when the id is taken."""
    query = insert(ArticleRecord).values(id=id_).on_conflict_do_nothing().returning(ArticleRecord.id)
    return await session.scalar(query) is not None


async def all_records(session: AsyncSession) -> Sequence[ArticleRecord]:
    """Every article, by id."""
    return (await session.scalars(select(ArticleRecord).order_by(ArticleRecord.id))).all()


async def add_version(session: AsyncSession, values: dict[str, Any]) -> ArticleVersion:
    """The next version of an article, whose record the caller holds; drafts before it are replaced."""
    earlier = (ArticleVersion.article == values["article"], ArticleVersion.state.in_(WAITING))
    await session.execute(update(ArticleVersion).where(*earlier).values(state="replaced"))
    last = select(func.max(ArticleVersion.number)).where(ArticleVersion.article == values["article"])
    version = ArticleVersion(number=(await session.scalar(last) or 0) + 1, **values)
    session.add(version)
    await session.flush()
    return version


async def versions(session: AsyncSession, id_: str) -> Sequence[ArticleVersion]:
    """The versions of an article, the last first."""
    query = select(ArticleVersion).where(ArticleVersion.article == id_).order_by(ArticleVersion.number.desc())
    return (await session.scalars(query)).all()


async def waiting(session: AsyncSession) -> Sequence[ArticleVersion]:
    """Drafts and what waits for a review."""
    return (await session.scalars(select(ArticleVersion).where(ArticleVersion.state.in_(WAITING)))).all()


async def live(session: AsyncSession) -> list[Live]:
    """Id, number and body of every version that answers."""
    query = (
        select(ArticleVersion.article, ArticleVersion.number, ArticleVersion.body)
        .join(ArticleRecord, ArticleRecord.id == ArticleVersion.article)
        .where(ArticleVersion.number == ArticleRecord.live)
        .order_by(ArticleVersion.article)
    )
    return [(id_, number, body) for id_, number, body in (await session.execute(query)).tuples()]


async def add_publication(session: AsyncSession, values: dict[str, Any]) -> ArticlePublication:
    """Note what the service answers from the commit on, and tell every process."""
    publication = ArticlePublication(**values)
    session.add(publication)
    await session.flush()
    await tell(session, publication.id)
    return publication


async def tell(session: AsyncSession, number: int) -> None:
    """Every process hears at the commit that there is something new."""
    await session.execute(select(func.pg_notify(CHANNEL, str(number))))


async def last_publication(session: AsyncSession) -> int:
    """The number of the last change, 0 before the first."""
    return await session.scalar(select(func.max(ArticlePublication.id))) or 0


async def publications(session: AsyncSession, id_: str) -> Sequence[ArticlePublication]:
    """What was published of an article, the last first."""
    query = select(ArticlePublication).where(ArticlePublication.article == id_)
    return (await session.scalars(query.order_by(ArticlePublication.id.desc()))).all()


async def keep_head(session: AsyncSession, article: str, version: int, models: str, data: bytes) -> None:
    """Keep what was learnt of a version; what was learnt of earlier ones is of no more use."""
    await session.execute(delete(ArticleHead).where(ArticleHead.article == article))
    session.add(ArticleHead(article=article, version=version, models=models, data=data))
    await session.flush()


async def heads(session: AsyncSession, ids: Collection[str], models: str) -> dict[tuple[str, int], bytes]:
    """What was learnt of these articles with these models, by article and version."""
    query = select(ArticleHead.article, ArticleHead.version, ArticleHead.data)
    found = await session.execute(query.where(ArticleHead.article.in_(ids), ArticleHead.models == models))
    return {(article, version): data for article, version, data in found.tuples()}


async def say_where(session: AsyncSession, process: uuid.UUID, publication: int, failure: str | None) -> None:
    """A process says what it answers with; those not heard of for five minutes are forgotten."""
    await session.execute(delete(ArticleProcess).where(ArticleProcess.at < func.now() - text("interval '5 minutes'")))
    values = {"publication": publication, "failure": failure}
    row = insert(ArticleProcess).values(id=process, **values)
    row = row.on_conflict_do_update(index_elements=["id"], set_=values | {"at": func.clock_timestamp()})
    await session.execute(row)


async def forget_process(session: AsyncSession, process: uuid.UUID) -> None:
    """The process stops."""
    await session.execute(delete(ArticleProcess).where(ArticleProcess.id == process))


async def processes(session: AsyncSession, within: timedelta) -> Sequence[ArticleProcess]:
    """Those heard of lately."""
    query = select(ArticleProcess).where(ArticleProcess.at > func.now() - within)
    return (await session.scalars(query)).all()


async def address_of(session: AsyncSession, operator_id: uuid.UUID) -> str | None:
    """Where an editor wants reminders."""
    return await session.scalar(select(EditorAddress.address).where(EditorAddress.operator_id == operator_id))


async def keep_address(session: AsyncSession, operator_id: uuid.UUID, address: str | None) -> None:
    """Reminders go there, or nowhere."""
    await session.execute(delete(EditorAddress).where(EditorAddress.operator_id == operator_id))
    if address:
        session.add(EditorAddress(operator_id=operator_id, address=address))
    await session.flush()


async def owners_addresses(session: AsyncSession) -> dict[str, str]:
    """Where the owner of each article wants reminders, for those who do."""
    query = select(ArticleRecord.id, EditorAddress.address).join(
        EditorAddress, EditorAddress.operator_id == ArticleRecord.owner_id
    )
    return dict((await session.execute(query)).tuples().all())


async def reminders(session: AsyncSession) -> set[tuple[str, date, int]]:
    """Reminders that left: article, date of review, stage."""
    query = select(ArticleReminder.article, ArticleReminder.review_by, ArticleReminder.days)
    return set((await session.execute(query)).tuples())


async def note_reminder(session: AsyncSession, article: str, review_by: date, days: int) -> None:
    """This reminder left."""
    row = insert(ArticleReminder).values(article=article, review_by=review_by, days=days)
    await session.execute(row.on_conflict_do_nothing())
