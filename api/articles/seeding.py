"""The content files and the database: the files come first, what people publish comes from then on, and goes back to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.articles import repository
from knowledge.article_bodies import body_of
from knowledge.articles import Article

FROM_FILES = "Fichier de contenu"


@dataclass(frozen=True, slots=True)
class Seeded:
    """Ids: new ones, those whose file changed, and those that people edited in the service (the service's text stays)."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


async def seed(*, session: AsyncSession, articles: Sequence[Article], overwrite: bool = False) -> Seeded:
    """Publish the articles of the files that the database lacks, and those whose file changed and that nobody edited here.

    `overwrite`: the others too, as a further version. An article that was archived here stays so. The caller commits.
    """
    await repository.one_at_a_time(session)
    live = {id_: body for id_, _, body in await repository.live(session)}
    records = {record.id for record in await repository.all_records(session)}
    added, updated, kept = [], [], []
    for article in articles:
        body = body_of(article)
        if article.id not in records:
            added.append(article.id)
        elif live.get(article.id) == body:
            continue
        elif overwrite or await _only_from_files(session, article.id):
            updated.append(article.id)
        else:
            kept.append(article.id)
            continue
        await _publish(session, article.id, body)
    return Seeded(tuple(added), tuple(updated), tuple(kept))


async def _only_from_files(session: AsyncSession, id_: str) -> bool:
    record = await repository.record(session, id_)
    versions = await repository.versions(session, id_)
    return record is not None and record.archived_at is None and all(v.author_id is None for v in versions)


async def _publish(session: AsyncSession, id_: str, body: dict[str, Any]) -> None:
    await repository.add_record(session, id_)
    record = await repository.record(session, id_)
    assert record is not None
    for earlier in await repository.versions(session, id_):
        if earlier.number == record.live:
            earlier.state = "replaced"
    values = {"article": id_, "state": "published", "body": body, "note": FROM_FILES}
    version = await repository.add_version(session, values)
    record.live, record.archived_at = version.number, None
    note: dict[str, Any] = {"article": id_, "version": version.number, "misled": []}
    await repository.add_publication(session, note)
