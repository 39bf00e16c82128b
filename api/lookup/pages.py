"""`/crc`: the look-up of the agents. One form; its script asks at each key and works without a mouse."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api.console.contexts import Who
from api.console.page_staff import PageStaff, go
from api.dependencies import EngineDep, RepliesDep, SessionDep
from api.lookup import phone_pages, service
from api.lookup.contexts import (
    ArticlePage,
    Box,
    LookupPage,
    ResultsPart,
    caller_of,
    filters_of,
    found_of,
    hit_of,
    links,
)  # fmt: skip
from api.lookup.current import LookupDep
from api.lookup.rendering import HERE, TEMPLATES
from api.operators.signed_in import Staff, check_form, form_token
from api.pages import page
from api.text_fields import Line
from knowledge.audience import Caller
from knowledge.lookup import Lookup, Results

router = APIRouter(include_in_schema=False)
router.include_router(phone_pages.router)
PATH = "/crc"
STATIC = StaticFiles(directory=HERE / "static")
NOTED = "C'est noté. Les mots de cette question aideront à écrire la réponse qui manque."
IN_THREAD = 120  # characters of a query: a longer one is understood beside the others, not before them
Field = Annotated[Line, Form()]
Token = Annotated[str, Form(max_length=500)]


@router.get(PATH)
async def home(session: SessionDep, staff: PageStaff, lookup: LookupDep, note: str = "") -> Response:
    """The box, and what is at hand without typing."""
    return await _page(session, staff, lookup, Box("", filters_of(Caller()), form_token(staff.token)), noted=bool(note))


@router.post(PATH)
async def search(
    session: SessionDep,
    engine: EngineDep,
    replies: RepliesDep,
    staff: PageStaff,
    lookup: LookupDep,
    q: Field = "",
    public: Field = "",
    niveau: Field = "",
    unite: Field = "",
) -> Response:
    """The page with results: what a browser without the script gets. Not in the address: what is typed may name people."""
    caller = caller_of(public, niveau, unite)
    kept = await service.favourites(session=session, operator_id=staff.operator.id)
    found = found_of(await _search(lookup, q, True, caller), lookup, engine.catalogue, replies, favourites=kept)
    return await _page(session, staff, lookup, Box(q, filters_of(caller), form_token(staff.token), found))


@router.post(f"{PATH}/resultats")
async def results(
    session: SessionDep,
    engine: EngineDep,
    replies: RepliesDep,
    staff: PageStaff,
    lookup: LookupDep,
    q: Field = "",
    public: Field = "",
    niveau: Field = "",
    unite: Field = "",
    pose: bool = Form(default=False),
    sequence: int = Form(default=0, ge=0, le=2**31),
) -> Response:
    """The results alone. `pose`: nobody is typing any more."""
    caller = caller_of(public, niveau, unite)
    kept = await service.favourites(session=session, operator_id=staff.operator.id)
    searched = await _search(lookup, q, pose, caller)
    found = found_of(searched, lookup, engine.catalogue, replies, favourites=kept, sequence=sequence)
    box = Box(q, filters_of(caller), form_token(staff.token), found)
    return page(TEMPLATES, "resultats.html", ResultsPart(box))


@router.get(f"{PATH}/articles/{{article_id}}")
async def article(
    session: SessionDep, engine: EngineDep, replies: RepliesDep, staff: PageStaff, lookup: LookupDep, article_id: str
) -> Response:
    """One article: opening it is taking it."""
    found = service.article_of(lookup.articles, article_id)
    await service.take(session=session, operator_id=staff.operator.id, article=found)
    kept = await service.favourites(session=session, operator_id=staff.operator.id)
    hit = hit_of(found, engine.catalogue, replies, favourite=found.id in kept)
    return page(TEMPLATES, "reponse.html", ArticlePage(_who(staff), hit))


@router.post(f"{PATH}/prendre")
async def take(
    session: SessionDep, staff: PageStaff, lookup: LookupDep, article: Field = "", jeton: Token = ""
) -> Response:
    """An answer was opened or copied: it counts."""
    check_form(staff.token, jeton)
    found = service.article_of(lookup.articles, article)
    await service.take(session=session, operator_id=staff.operator.id, article=found)
    return Response(status_code=204)


@router.post(f"{PATH}/favoris")
async def keep(
    session: SessionDep,
    staff: PageStaff,
    lookup: LookupDep,
    article: Field = "",
    garder: bool = Form(default=True),
    script: bool = Form(default=False),
    jeton: Token = "",
) -> Response:
    """Put an article among one's favourites, or take it off."""
    check_form(staff.token, jeton)
    found = service.article_of(lookup.articles, article)
    await service.keep_favourite(session=session, operator_id=staff.operator.id, article=found, kept=garder)
    return Response(status_code=204) if script else go(PATH)


@router.post(f"{PATH}/rien")
async def nothing_fits(
    session: SessionDep,
    staff: PageStaff,
    q: Field = "",
    public: Field = "",
    niveau: Field = "",
    unite: Field = "",
    script: bool = Form(default=False),
    jeton: Token = "",
) -> Response:
    """Keep the words of a question that no article answers."""
    check_form(staff.token, jeton)
    await service.note_gap(session=session, text=q, caller=caller_of(public, niveau, unite))
    return Response(status_code=204) if script else go(f"{PATH}?note=1")


@router.get(f"{PATH}/static/{{path:path}}")
async def static(request: Request, path: str) -> Response:
    """Style and script."""
    return await STATIC.get_response(path, request.scope)


async def _search(lookup: Lookup, q: str, settled: bool, caller: Caller) -> Results:
    if len(q) <= IN_THREAD:
        return lookup.search(q, settled=settled, caller=caller)
    return await anyio.to_thread.run_sync(partial(lookup.search, q, settled=settled, caller=caller))


async def _page(session: SessionDep, staff: Staff, lookup: Lookup, box: Box, *, noted: bool = False) -> Response:
    at_hand = await service.at_hand(session=session, operator_id=staff.operator.id, articles=lookup.articles)
    context = LookupPage(
        who=_who(staff),
        box=box,
        favourites=links(at_hand.favourites, lookup.articles),
        recents=links(at_hand.recents, lookup.articles),
        most_asked=links(at_hand.most_asked, lookup.articles),
        notice=NOTED if noted else None,
    )
    return page(TEMPLATES, "recherche.html", context)


def _who(staff: Staff) -> Who:
    return Who(staff.operator.name, staff.operator.role, form_token(staff.token))
