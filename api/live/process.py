"""What a route may ask for of this process: the desk of hand-overs, and its listeners."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from api.live.desk import LiveDesk
from api.live.signals import Signals


async def get_live(request: Request) -> LiveDesk:
    """The clock, the hours and the delays."""
    return cast(LiveDesk, request.app.state.live)


async def get_signals(request: Request) -> Signals:
    """Who listens to changes."""
    return cast(Signals, request.app.state.signals)


LiveDep = Annotated[LiveDesk, Depends(get_live)]
SignalsDep = Annotated[Signals, Depends(get_signals)]
