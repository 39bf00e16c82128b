"""What the desk remembers of its readings: common words are read once, what depends on the person always."""

from __future__ import annotations

import uuid
from typing import Any, cast

import pytest

from api.dialogue import desk as desk_module
from api.dialogue.desk import COMMON_KEPT, Desk
from api.dialogue.state import DialogueState
from knowledge.decisions import Context, Triage
from tests.fakes import FakeEngine


class Reader:
    """Stands for `triage`, and keeps what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str, context: Context, *, engine: FakeEngine) -> Triage:
        self.texts.append(text)
        return engine.decide(text, context)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """In place of `triage`."""
    reader = Reader()
    monkeypatch.setattr(desk_module, "triage", reader)
    return reader


@pytest.fixture
def desk(engine: FakeEngine) -> Desk:
    """A desk that only reads."""
    absent = cast(Any, None)
    return Desk(cast(Any, engine), absent, absent, absent, "", "", absent)


async def test_a_common_word_is_read_once_for_everybody(desk: Desk, reader: Reader) -> None:
    reads = [await desk.understand(uuid.uuid4(), "bonjour", DialogueState(known={"nom": str(n)})) for n in range(3)]
    assert reader.texts == ["bonjour"]
    assert {r.act for r in reads} == {"greet"}


async def test_a_common_word_is_read_again_in_a_form(desk: Desk, reader: Reader) -> None:
    await desk.understand(uuid.uuid4(), "passer", DialogueState())
    await desk.understand(uuid.uuid4(), "passer", DialogueState(draft={"service_type": "supports_colis"}))
    assert reader.texts == ["passer", "passer"]


@pytest.mark.parametrize("text", ["mon colis", "il me frappe", "certificat", "Claire Martin", "je suis en 6e"])
async def test_what_is_not_a_common_word_is_always_read(desk: Desk, reader: Reader, text: str) -> None:
    for _ in range(2):
        await desk.understand(uuid.uuid4(), text, DialogueState())
    assert reader.texts == [text, text]


async def test_what_is_kept_is_bounded(desk: Desk, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        FakeEngine, "decide", lambda engine, text, _: engine._triage(text, text, "smalltalk", act="greet")
    )
    for n in range(3 * COMMON_KEPT):
        await desk.understand(uuid.uuid4(), f"bonjour {n}", DialogueState())
        assert len(desk._common) <= COMMON_KEPT


async def test_the_latest_readings_of_a_conversation_are_kept(desk: Desk, reader: Reader) -> None:
    conversation = uuid.uuid4()
    for text in ("mon colis", "un certificat", "les horaires", "mon bulletin", "oui"):
        await desk.understand(conversation, text, DialogueState())
    await desk.understand(uuid.uuid4(), "non", DialogueState())
    understood = desk.understood(conversation, "oui")
    assert understood is not None
    assert [read.text for _, read in understood.earlier] == ["mon bulletin", "les horaires", "un certificat"]
