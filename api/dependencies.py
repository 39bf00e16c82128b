"""What a route may ask for: the settings, the models, the sentences, a database session."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.session import get_session
from api.settings import Settings
from knowledge.page_words import PageWords
from knowledge.replies import Replies
from knowledge.triage import Engine


def get_settings(request: Request) -> Settings:
    """The settings of this process."""
    return cast(Settings, request.app.state.settings)


def get_engine(request: Request) -> Engine:
    """The models, loaded once when the process started."""
    return cast(Engine, request.app.state.engine)


def get_replies(request: Request) -> Replies:
    """The sentences of the assistant."""
    return cast(Replies, request.app.state.replies)


def get_page_words(request: Request) -> PageWords:
    """What the page of the assistant says around the messages."""
    return cast(PageWords, request.app.state.page_words)


SettingsDep = Annotated[Settings, Depends(get_settings)]
EngineDep = Annotated[Engine, Depends(get_engine)]
RepliesDep = Annotated[Replies, Depends(get_replies)]
PageWordsDep = Annotated[PageWords, Depends(get_page_words)]
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
