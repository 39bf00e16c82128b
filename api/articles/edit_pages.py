"""Writing: the form of an article, its preview, and what is near while it is typed."""

from __future__ import annotations

import re
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api.articles import service
from api.articles.contexts import Advice, EditPage, NearPart
from api.articles.errors import BadId, IdTaken, Overtaken
from api.articles.forms import Typed, read_form
from api.articles.room import HERE, HOME, TEMPLATES, Room, RoomDep, SentForm, number_of
from api.articles.shaping import advice_of, empty_body, form_parts, near_lines, preview_of
from api.console.page_staff import go
from api.pages import page
from knowledge.article_bodies import Body, article_of
from knowledge.article_quality import faults
from nlu.normalisation import fold

router = APIRouter(prefix=HOME, include_in_schema=False)
STATIC = StaticFiles(directory=HERE / "static")
SAVED = "{}/{}?fait=enregistre"
KEPT = "Votre texte est gardé ci-dessous : l'enregistrer le met à la place de la version {}."


@router.get("/static/{path:path}")
async def static(request: Request, path: str) -> Response:
    """Style and script."""
    return await STATIC.get_response(path, request.scope)


@router.get("/nouveau")
async def new(room: RoomDep) -> Response:
    """The form of a new article."""
    moment = room.rules.next_moments(room.feed.today())[0][0]
    return _form(room, "", 0, empty_body(moment))


@router.post("/nouveau")
async def create(room: RoomDep, form: SentForm) -> Response:
    """A new draft, or the form again with what can't be read."""
    typed, id_ = _typed(room, form), str(form.get("identifiant", "")).strip()[:100]
    errors = dict(typed.errors)
    if form.get("action") == "verifier" or errors:
        return await _checked(room, id_, 0, Typed(typed.body, errors), form)
    try:
        made = await service.create(
            session=room.session, person=room.person, id_=id_ or suggested_id(typed.body["question"]), body=typed.body,
            note=_note(form),
        )  # fmt: skip
    except (BadId, IdTaken) as refusal:
        errors["identifiant"] = refusal.message
        return await _checked(room, id_, 0, Typed(typed.body, errors), form)
    return go(SAVED.format(HOME, made.article))


@router.post("/proches")
async def near(room: RoomDep, form: SentForm) -> Response:
    """The articles that say nearly what is being typed, for the script of the form."""
    typed, live = _typed(room, form), dict(room.feed.articles)
    article = article_of(str(form.get("identifiant", ""))[:100] or "nouveau", _readable(typed))
    found = await anyio.to_thread.run_sync(near_lines, article, live)
    return page(TEMPLATES, "proches.html", NearPart(found))


@router.get("/{id_}/modifier")
async def edit(room: RoomDep, id_: str) -> Response:
    """The form of an article, on its last version."""
    file = await service.article_file(session=room.session, id_=id_)
    return _form(room, id_, file.versions[0].number, file.shown.body)


@router.post("/{id_}/modifier")
async def save(room: RoomDep, form: SentForm, id_: str) -> Response:
    """A further draft; or the form again, with advice and previews, or with what can't be read."""
    typed, based_on = _typed(room, form), number_of(form)
    if form.get("action") == "verifier" or typed.errors:
        return await _checked(room, id_, based_on, typed, form)
    try:
        await service.save(
            session=room.session, person=room.person, id_=id_, body=typed.body, based_on=based_on, note=_note(form)
        )
    except Overtaken as refusal:
        file = await service.article_file(session=room.session, id_=id_)
        last = file.versions[0].number
        notice = f"{refusal.message} {KEPT.format(last)}"
        return _form(room, id_, last, typed.body, note=_note(form), notice=notice, status=409)
    return go(SAVED.format(HOME, id_))


def suggested_id(question: str) -> str:
    """An id made of the first long words of a question."""
    words = [w for w in re.findall(r"[a-z0-9]+", fold(question)) if len(w) > 3 and not w[0].isdigit()]
    return "_".join(words[:4])[: service.LONGEST_ID].strip("_") or "article"


def _typed(room: Room, form: FormData) -> Typed:
    known = [name.removeprefix("formulations_") for name in form if name.startswith("formulations_")]
    registers = list(dict.fromkeys((*room.rules.registers, *(r for r in known if re.fullmatch(r"\w{1,40}", r)))))
    return read_form(form, [str(p) for p in form.getlist("public")], registers)


def _note(form: FormData) -> str:
    return " ".join(str(form.get("note", "")).split())[:300]


def _readable(typed: Typed) -> Body:
    """The body with something in place of what can't be read yet, so that it can be shown."""
    return typed.body | ({"review_by": "2000-01-01"} if "relecture" in typed.errors else {})


async def _checked(room: Room, id_: str, based_on: int, typed: Typed, form: FormData) -> Response:
    """The form again, nothing kept: advice, near articles and previews."""
    live = dict(room.feed.articles)
    article = article_of(id_ or "nouveau", _readable(typed))

    def look() -> Advice:
        return advice_of(article, faults(article, live, room.catalogue, room.rules), live, room.rules)

    if form.get("action") != "verifier":
        return _form(room, id_, based_on, typed.body, errors=dict(typed.errors), note=_note(form), status=422)
    advice = await anyio.to_thread.run_sync(look)
    more: dict[str, Any] = {"advice": advice, "preview": preview_of(article, room.catalogue, room.replies)}
    if article.season:
        off = article_of(article.id, _readable(typed) | {"answer": article.off_season})
        more["off_preview"] = preview_of(off, room.catalogue, room.replies)
    status = 422 if typed.errors else 200
    return _form(room, id_, based_on, typed.body, errors=dict(typed.errors), note=_note(form), status=status, **more)


def _form(room: Room, id_: str, based_on: int, body: Body, *, status: int = 200, **more: Any) -> Response:
    values: dict[str, Any] = {"errors": {}, "note": ""} | more
    context = EditPage(
        who=room.who,
        id=id_,
        based_on=based_on,
        body=body,
        labels=_LABELS,
        **form_parts(body, room.catalogue, room.rules, room.feed.today()),
        **values,
    )
    return page(TEMPLATES, "edition.html", context, status=status)


_LABELS = {
    "identifiant": "Identifiant", "question": "Question", "certitude": "Certitude", "relecture": "À relire le",
    "saison_du": "Début de la période", "saison_au": "Fin de la période", "hors_saison": "Réponse hors période",
    "source_titre": "Titre de la source", "source_annee": "Année de la source", "source_url": "Adresse de la source",
}  # fmt: skip
