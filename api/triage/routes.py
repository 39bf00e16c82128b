"""The decision over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.dependencies import EngineDep
from api.text_fields import MessageText
from api.triage.service import decide
from knowledge.decisions import Context

router = APIRouter(prefix="/v1/triage", tags=["triage"])


class TriageRequest(BaseModel):
    """A text to decide on."""

    model_config = ConfigDict(extra="forbid")
    text: MessageText


@router.post("")
async def triage_text(engine: EngineDep, request: TriageRequest) -> dict[str, Any]:
    """The decision on one text: the same object as `python -m knowledge triage`. Nothing is kept."""
    return (await decide(request.text, Context(), engine=engine)).to_dict()
