"""What a page of the writing room may ask for: who writes, the rules, the feed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from starlette.datastructures import FormData

from api.articles.live import ArticleFeed
from api.articles.service import Person
from api.console.contexts import Who
from api.console.page_staff import AnyPageStaff
from api.dependencies import EngineDep, RepliesDep, SessionDep
from api.errors import Forbidden
from api.operators.roles import may_edit
from api.operators.signed_in import check_form, form_token
from api.pages import templates
from knowledge.replies import Replies
from knowledge.service_types import Catalogue
from knowledge.writing_rules import WritingRules

HOME = "/console/articles"
HERE = Path(__file__).parent
_ROOMS = HERE.parent
TEMPLATES = templates(*(r / "templates" for r in (HERE, _ROOMS / "console", _ROOMS / "lookup", _ROOMS / "widget")))


@dataclass(frozen=True, slots=True)
class Room:
    """Somebody who may write, with what they need. `session` is committed when the page is done."""

    session: Any
    person: Person
    who: Who
    feed: ArticleFeed
    rules: WritingRules
    catalogue: Catalogue
    replies: Replies


async def room(
    request: Request, session: SessionDep, staff: AnyPageStaff, engine: EngineDep, replies: RepliesDep
) -> Room:
    """The room, for editors and supervisors.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: another role.
    """
    if not may_edit(staff.operator.role):
        raise Forbidden
    state = request.app.state
    return Room(
        session=session,
        person=Person(staff.operator.id, staff.operator.name),
        who=Who(staff.operator.name, staff.operator.role, form_token(staff.token)),
        feed=cast(ArticleFeed, state.article_feed),
        rules=cast(WritingRules, state.writing_rules),
        catalogue=engine.catalogue,
        replies=replies,
    )


RoomDep = Annotated[Room, Depends(room)]


async def sent(request: Request, room: RoomDep, staff: AnyPageStaff) -> FormData:
    """The form that a page of the room sent.

    Raises:
        FormRefused: it comes from elsewhere.
    """
    form = await request.form(max_files=0, max_fields=200)
    check_form(staff.token, str(form.get("jeton", "")))
    return form


SentForm = Annotated[FormData, Depends(sent)]


def number_of(form: FormData, name: str = "version") -> int:
    """A version number; 0, which no version has, for anything else."""
    typed = str(form.get(name, ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
