"""What every page of the agents needs, and the way it answers or refuses."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Form
from starlette.responses import Response

from api.console.page_staff import PageStaff
from api.dependencies import EngineDep, RepliesDep, SessionDep, SettingsDep
from api.errors import Invalid, Refusal
from api.live.process import LiveDep
from api.live.service import Agent
from api.live.viewing import View, show
from api.operators.signed_in import check_form


class Desk:
    """What every page of this feature needs, and the way it answers."""

    def __init__(
        self,
        session: SessionDep,
        staff: PageStaff,
        settings: SettingsDep,
        engine: EngineDep,
        replies: RepliesDep,
        live: LiveDep,
    ) -> None:
        self.staff, self.engine, self.heartbeat_s = staff, engine, settings.live_heartbeat_s
        self.agent = Agent(session, live, replies, staff.operator.id)

    async def page(self, **shown: object) -> Response:
        """The page, up to date."""
        return await show(self.agent, self.staff, self.engine, self.heartbeat_s, View(**shown))  # type: ignore[arg-type]

    async def refused(self, refusal: Refusal, opened: int | None = None, draft: str = "") -> Response:
        """The page again, saying why nothing was done."""
        self.agent.session.expunge_all()  # who is signed in stays readable
        await self.agent.session.rollback()
        status = 422 if isinstance(refusal, Invalid) else 409
        return await self.page(opened=opened, draft=draft, error=refusal.message, status=status)


async def desk_of_form(desk: Annotated[Desk, Depends()], jeton: Annotated[str, Form(max_length=500)] = "") -> Desk:
    """The desk of a form that comes from the page."""
    check_form(desk.staff.token, jeton)
    return desk


DeskDep = Annotated[Desk, Depends()]
FormDesk = Annotated[Desk, Depends(desk_of_form)]
