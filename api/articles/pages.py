"""`/console/articles`: the list of articles, one article, its versions."""

from __future__ import annotations

from dataclasses import replace

import anyio.to_thread
from fastapi import APIRouter
from starlette.responses import Response

from api.articles import service
from api.articles.comparing import changes
from api.articles.contexts import Advice, ArticlePage, IndexState, ListPage, Preview, Row, VersionPage
from api.articles.room import HOME, TEMPLATES, Room, RoomDep, SentForm
from api.articles.service import STATES, ArticleFile
from api.articles.shaping import advice_of, preview_of, publication_line, row_of, state_of, version_line
from api.console.contexts import Option
from api.console.page_staff import go
from api.operators import service as operators
from api.operators.roles import may_edit
from api.pages import page
from api.text_fields import Line
from knowledge.article_bodies import article_of
from knowledge.article_quality import faults, overdue
from knowledge.articles import Article
from nlu.normalisation import fold

router = APIRouter(prefix=HOME, include_in_schema=False)
ARCHIVED, LIVE = "Archivé", "En ligne"
NOTICES = {
    "enregistre": "Brouillon enregistré.",
    "relecture": "Une autre personne peut maintenant relire cet article.",
    "renvoye": "Votre remarque est enregistrée. L'article est de nouveau un brouillon.",
    "publie": "Article publié. Les réponses changent tout de suite.",
    "archive": "Article archivé. Il n'est plus donné en réponse.",
    "abandonne": "Brouillon abandonné. Il reste dans l'historique.",
    "repris": "L'ancienne version est reprise dans un brouillon.",
    "responsable": "Responsable enregistré.",
    "adresse": "Adresse enregistrée.",
}
BAD_ADDRESS = "Cette adresse de courriel n'est pas complète."


@router.get("")
async def articles(room: RoomDep, etat: Line = "", q: Line = "", fait: str = "") -> Response:
    """Every article; first what waits for this person and what is overdue."""
    return await _list(room, etat, q, NOTICES.get(fait))


@router.post("/rappels")
async def reminders(room: RoomDep, form: SentForm) -> Response:
    """Where this person wants to be reminded; nowhere when it is empty."""
    address = " ".join(str(form.get("adresse", "")).split())[:200]
    local, _, domain = address.partition("@")
    if address and not (local and "." in domain and "@" not in domain and " " not in address):
        return await _list(room, "", "", BAD_ADDRESS, status=422)
    await service.keep_address(session=room.session, person=room.person, address=address)
    return go(f"{HOME}?fait=adresse")


@router.get("/{id_}")
async def article(room: RoomDep, id_: str, fait: str = "") -> Response:
    """One article."""
    return await show(room, id_, notice=NOTICES.get(fait))


@router.get("/{id_}/versions/{number}")
async def version(room: RoomDep, id_: str, number: int, avec: int = 0) -> Response:
    """One version beside another: the one before it, or `avec`."""
    file = await service.article_file(session=room.session, id_=id_)
    shown = service.version_of(file, number)
    numbers = [v.number for v in file.versions]
    earlier = [n for n in numbers if n < number]
    other = avec if avec in numbers and avec != number else (earlier[0] if earlier else None)
    before = service.version_of(file, other).body if other is not None else None
    context = VersionPage(
        who=room.who,
        id=id_,
        question=shown.body["question"],
        version=version_line(shown, file.record.live),
        other=other,
        changes=tuple(changes(before, shown.body, room.catalogue, room.rules.registers)),
        others=tuple(n for n in numbers if n != number),
        may_restore=shown is not file.shown,
    )
    return page(TEMPLATES, "version.html", context)


async def show(
    room: Room, id_: str, *, notice: str | None = None, error: str | None = None, status: int = 200
) -> Response:
    """The page of an article."""
    file = await service.article_file(session=room.session, id_=id_)
    shown = article_of(id_, file.shown.body)
    live_body = file.live.body if file.live else None
    staff = await operators.list_operators(session=room.session)
    owner = file.record.owner_id
    context = ArticlePage(
        who=room.who,
        id=id_,
        question=shown.question,
        state=state_of(file),
        working=version_line(file.working, file.record.live) if file.working else None,
        live=file.record.live,
        archived=file.record.archived_at is not None,
        may_review=room.person.id not in file.authors,
        changes=tuple(changes(live_body, file.shown.body, room.catalogue, room.rules.registers)),
        preview=preview_of(shown, room.catalogue, room.replies),
        off_preview=_off(shown, room),
        season=shown.season.spoken() if shown.season else "",
        advice=await _advice(room, file, shown),
        versions=tuple(version_line(v, file.record.live) for v in file.versions),
        publications=tuple(publication_line(p) for p in await service.publications(session=room.session, id_=id_)),
        owners=(
            Option("", "Personne", owner is None),
            *(Option(str(o.id), o.name, o.id == owner) for o in staff if may_edit(o.role) and not o.disabled_at),
        ),
        review_by=shown.review_by,
        overdue=overdue(shown, room.feed.today()),
        notice=notice,
        error=error,
    )
    return page(TEMPLATES, "article.html", context, status=status)


async def _advice(room: Room, file: ArticleFile, shown: Article) -> Advice:
    live = dict(room.feed.articles)
    wrong = faults(shown, live, room.catalogue, room.rules)
    return await anyio.to_thread.run_sync(
        lambda: advice_of(shown, wrong, live, room.rules, near=file.working is not None)
    )


def _off(article: Article, room: Room) -> Preview | None:
    if article.season is None:
        return None
    return preview_of(replace(article, answer=article.off_season), room.catalogue, room.replies)


async def _list(room: Room, state: str, q: str, notice: str | None, status: int = 200) -> Response:
    day = room.feed.today()
    records, live, waiting = await service.everything(session=room.session)
    drafts = {v.article: v for v in waiting}
    rows: list[Row] = []
    for record in records:
        draft = drafts.get(record.id)
        found = article_of(record.id, draft.body) if draft else live.get(record.id)
        if found is None:
            found = article_of(record.id, (await service.article_file(session=room.session, id_=record.id)).shown.body)
        words = STATES[draft.state] if draft else LIVE if record.live else ARCHIVED
        rows.append(row_of(record.id, found, (words, record.owner), room.catalogue, room.rules, day))
    last, processes = await service.processes(session=room.session)
    late = [p for p in processes if p.publication < last]
    context = ListPage(
        who=room.who,
        rows=tuple(r for r in rows if _fits(r, state, q)),
        to_review=tuple(
            r for r in rows if (d := drafts.get(r.id)) and d.state == "in_review" and d.author_id != room.person.id
        ),
        overdue=tuple(r for r in rows if (r.overdue or r.dead) and r.state != ARCHIVED),
        states=tuple(
            Option(s, s or "Tous", s == state) for s in ("", LIVE, STATES["draft"], STATES["in_review"], ARCHIVED)
        ),
        q=q,
        index=IndexState(len(processes), len(late), sum(p.failure is not None for p in processes)),
        address=await service.address_of(session=room.session, person=room.person) or "",
        notice=notice,
    )
    return page(TEMPLATES, "articles.html", context, status=status)


def _fits(row: Row, state: str, q: str) -> bool:
    words = fold(f"{row.question} {row.id} {row.service}")
    return (not state or row.state == state) and all(w in words for w in fold(q).split())
