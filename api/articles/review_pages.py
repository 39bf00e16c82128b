"""Reviewing and publishing: one form each, and what would go wrong is shown before."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from api.articles import publishing, service
from api.articles.contexts import SignPage
from api.articles.errors import NotReady
from api.articles.pages import show
from api.articles.publishing import MustSign, Published, Signed
from api.articles.room import HOME, TEMPLATES, Room, RoomDep, SentForm, number_of
from api.articles.service import Person
from api.articles.shaping import misled_lines
from api.console.page_staff import go
from api.operators import service as operators
from api.operators.roles import may_edit
from api.pages import page

router = APIRouter(prefix=HOME, include_in_schema=False)
MUST_SAY = "Cochez la case et écrivez pourquoi vous publiez quand même."
NO_NOTE = "Écrivez ce qu'il faut changer."


@router.post("/{id_}/relecture")
async def submit(room: RoomDep, form: SentForm, id_: str) -> Response:
    """Ask another person to review the draft."""
    try:
        await service.submit(
            session=room.session, id_=id_, number=number_of(form), live=room.feed.articles, rules=room.rules,
            catalogue=room.catalogue,
        )  # fmt: skip
    except NotReady as refusal:
        return await show(room, id_, error=refusal.message, status=422)
    return go(f"{HOME}/{id_}?fait=relecture")


@router.post("/{id_}/renvoyer")
async def send_back(room: RoomDep, form: SentForm, id_: str) -> Response:
    """Ask the author for changes."""
    note = " ".join(str(form.get("remarque", "")).split())[:500]
    if not note:
        return await show(room, id_, error=NO_NOTE, status=422)
    await service.send_back(session=room.session, person=room.person, id_=id_, number=number_of(form), note=note)
    return go(f"{HOME}/{id_}?fait=renvoye")


@router.post("/{id_}/publier")
async def publish(room: RoomDep, form: SentForm, id_: str) -> Response:
    """Answer with this version from now on, unless questions would go wrong and nobody has signed for it."""
    number = number_of(form)
    try:
        outcome = await publishing.publish(
            session=room.session, feed=room.feed, person=room.person, id_=id_, number=number, rules=room.rules,
            signed=_signed(form),
        )  # fmt: skip
    except NotReady as refusal:
        return await show(room, id_, error=f"{refusal.message} {' ; '.join(refusal.faults)}.", status=422)
    return await _outcome(room, form, id_, number, outcome, ("publier", "Publier", "publie"))


@router.post("/{id_}/archiver")
async def archive(room: RoomDep, form: SentForm, id_: str) -> Response:
    """Answer with this article no more."""
    outcome = await publishing.archive(
        session=room.session, feed=room.feed, person=room.person, id_=id_, signed=_signed(form)
    )
    return await _outcome(room, form, id_, 0, outcome, ("archiver", "Archiver", "archive"))


@router.post("/{id_}/abandonner")
async def withdraw(room: RoomDep, form: SentForm, id_: str) -> Response:
    """Give the draft up."""
    await service.withdraw(session=room.session, id_=id_, number=number_of(form))
    return go(f"{HOME}/{id_}?fait=abandonne")


@router.post("/{id_}/reprendre")
async def restore(room: RoomDep, form: SentForm, id_: str) -> Response:
    """An earlier version again, as a draft."""
    await service.restore(session=room.session, person=room.person, id_=id_, number=number_of(form))
    return go(f"{HOME}/{id_}?fait=repris")


@router.post("/{id_}/responsable")
async def set_owner(room: RoomDep, form: SentForm, id_: str) -> Response:
    """Who keeps the article true."""
    wanted = str(form.get("responsable", ""))
    found = await operators.list_operators(session=room.session)
    owner = next((Person(o.id, o.name) for o in found if str(o.id) == wanted and may_edit(o.role)), None)
    await service.set_owner(session=room.session, id_=id_, owner=owner)
    return go(f"{HOME}/{id_}?fait=responsable")


async def _outcome(
    room: Room, form: FormData, id_: str, number: int, outcome: Published | MustSign, words: tuple[str, str, str]
) -> Response:
    action, verb, done = words
    if isinstance(outcome, Published):
        return go(f"{HOME}/{id_}?fait={done}")
    file = await service.article_file(session=room.session, id_=id_)
    questions = {k: a.question for k, a in room.feed.articles.items()}
    context: dict[str, Any] = {"error": MUST_SAY if form.get("sceau") else None}
    sign = SignPage(
        who=room.who,
        id=id_,
        question=file.shown.body["question"],
        action=f"{HOME}/{id_}/{action}",
        verb=verb,
        version=number,
        misled=misled_lines(outcome.misled, questions | {id_: file.shown.body["question"]}),
        seal=outcome.seal,
        **context,
    )
    return page(TEMPLATES, "confirmer.html", sign, status=422 if context["error"] else 200)


def _signed(form: FormData) -> Signed | None:
    words = " ".join(str(form.get("raison", "")).split())[:500]
    return Signed(str(form.get("sceau", "")), words) if form.get("accord") == "1" and words else None
