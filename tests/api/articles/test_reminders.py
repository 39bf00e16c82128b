"""Reminders of articles to read again: to their owner, once a stage, by the worker's own way to send."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.articles.reminders import send_due
from api.db.session import Sessions
from api.mail.sending import Postman
from api.mail.smtp import NotSent
from api.mail.worker import create_jobs
from api.settings import Settings
from knowledge.follow_up import load_mail_texts
from knowledge.service_types import load_catalogue
from knowledge.writing_rules import load_writing_rules
from tests.api.articles.conftest import Editor
from tests.api.mail.conftest import mail_settings
from tests.mailbox import Mailbox, mail_server

BEFORE, ON, AFTER = date(2027, 6, 20), date(2027, 6, 30), date(2027, 7, 20)  # all four are to be read on 30 June


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


async def owned(app: FastAPI, anne: Editor) -> None:
    """Anne keeps one article true, and wants to be told."""
    async with app.state.sessions() as session:
        anne_id = await session.scalar(text("SELECT id FROM operators WHERE login = 'anne'"))
    assert (await anne.post("/rappels", {"adresse": "anne@cned.example"})).status_code == 303
    given = {"responsable": str(anne_id)}
    assert (await anne.post("/certificat_scolarite/responsable", given)).status_code == 303


async def sent(sessions: Sessions, settings: Settings, day: date) -> int:
    return await send_due(sessions=sessions, settings=settings, rules=load_writing_rules(), today=day)


async def test_a_reminder_a_stage(room_app: FastAPI, room_settings: Settings, anne: Editor, box: Mailbox) -> None:
    await owned(room_app, anne)
    sessions, settings = room_app.state.sessions, mail_settings(room_settings, box)
    assert await sent(sessions, settings, date(2027, 6, 1)) == 0
    numbers = [await sent(sessions, settings, day) for day in (BEFORE, BEFORE, ON, ON, AFTER, AFTER)]
    assert numbers == [1, 0, 1, 0, 1, 0]
    assert len(box.messages) == 3
    mail = box.messages[0]
    assert mail["To"] == "anne@cned.example"
    assert mail["Subject"] == "FAQ : 1 article à relire"
    said = mail.get_content()
    assert "Comment obtenir un certificat de scolarité ? (avant le 30/06/2027)" in said
    assert "https://aide.cned.example/console/articles" in said
    assert "bourse" not in said


async def test_a_server_that_refuses_is_tried_again(
    room_app: FastAPI, room_settings: Settings, anne: Editor, box: Mailbox
) -> None:
    await owned(room_app, anne)
    away = mail_settings(room_settings, box, smtp_port=9)
    with pytest.raises(NotSent):
        await sent(room_app.state.sessions, away, ON)
    assert await sent(room_app.state.sessions, mail_settings(room_settings, box), ON) == 1


async def test_the_worker_runs_it_as_a_job(
    room_app: FastAPI, room_settings: Settings, anne: Editor, box: Mailbox
) -> None:
    await owned(room_app, anne)
    settings = mail_settings(room_settings, box)
    postman = Postman(room_app.state.sessions, settings, load_mail_texts(), load_catalogue())
    jobs = create_jobs(postman)
    async with jobs.open_async():
        await jobs.configure_task("articles.remind", queue="mail").defer_async(timestamp=1814400000)  # 2027-07-01
        working = asyncio.create_task(jobs.run_worker_async(queues=["mail"], install_signal_handlers=False, wait=False))
        await asyncio.wait_for(working, 30)
        with contextlib.suppress(asyncio.CancelledError):
            working.cancel()
    assert [m["To"] for m in box.messages] == ["anne@cned.example"]
