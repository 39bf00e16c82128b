"""The look-up of the articles that the process answers with now: built at the first need, again when they change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, cast

import anyio.to_thread
from fastapi import Depends, Request
from starlette.datastructures import State

from api.dependencies import EngineDep
from knowledge.articles import Article
from knowledge.lookup import Lookup, lookup_of
from knowledge.triage import Engine


@dataclass(frozen=True, slots=True)
class _Built:
    """A look-up with what it was built from."""

    engine: Engine
    articles: Mapping[str, Article]
    lookup: Lookup

    def is_of(self, engine: Engine) -> bool:
        """True while neither the engine nor its articles were replaced."""
        return self.engine is engine and self.articles is engine.articles


class Lookups:
    """That of this process. While a new one is built those who ask wait for it: an answer is never of two versions."""

    def __init__(self) -> None:
        self._built: _Built | None = None
        self._building = asyncio.Lock()

    def adopt(self, engine: Engine, lookup: Lookup) -> None:
        """That of an engine which is about to answer, built beside the one that does."""
        self._built = _Built(engine, engine.articles, lookup)

    async def of(self, engine: Engine) -> Lookup:
        """The look-up of an engine's articles."""
        if self._built is None or not self._built.is_of(engine):
            async with self._building:
                if self._built is None or not self._built.is_of(engine):
                    articles = engine.articles
                    self._built = _Built(engine, articles, await anyio.to_thread.run_sync(lookup_of, engine))
        return self._built.lookup


def lookups_of(state: State) -> Lookups:
    """That of a process."""
    if getattr(state, "lookups", None) is None:
        state.lookups = Lookups()
    return cast(Lookups, state.lookups)


async def get_lookup(request: Request, engine: EngineDep) -> Lookup:
    """The look-up of the articles of now."""
    return await lookups_of(request.app.state).of(engine)


LookupDep = Annotated[Lookup, Depends(get_lookup)]
