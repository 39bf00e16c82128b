"""A ticket, a mail server, and workers: in this process, or as processes that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Mail, Ticket
from api.mail.worker import send_queued
from api.settings import Settings
from api.tickets import service
from api.tickets.service import TicketDraft
from tests.mailbox import Mailbox, mail_server

ROOT = Path(__file__).parents[3]
DRAFT = TicketDraft(
    draft_key="c",
    channel="web_form",
    service_type="certificats_bulletins",
    subject="Bulletin de Zoé",
    fields={},
    contact_email="anne@exemple.fr",
)
OpenTicket = Callable[..., Awaitable[Ticket]]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server."""
    with mail_server() as box:
        yield box


def mail_settings(settings: Settings, box: Mailbox, **more: Any) -> Settings:
    """Settings that send to this server."""
    given: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": box.port,
        "smtp_security": "none",
        "smtp_timeout_s": 5.0,
        "mail_from": "assistance@cned.example",
        "mail_retry_s": 0.1,
        "mail_worker_lost_s": 0.9,
        "public_url": "https://aide.cned.example/",
    }
    return settings.model_copy(update=given | more)


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[None]:
    """A worker in this process."""
    stopping = asyncio.Event()
    task = asyncio.create_task(send_queued(settings, stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(task, 20)


class WorkerProcess:
    """`python -m api work`, which a test may kill."""

    def __init__(self, settings: Settings, log: Path) -> None:
        names = (
            "smtp_host", "smtp_port", "smtp_security", "mail_from", "mail_retry_s", "mail_worker_lost_s", "public_url",
        )  # fmt: skip
        self.environment = os.environ | {f"AIGUILLAGE_{n.upper()}": str(getattr(settings, n)) for n in names}
        self.environment["DATABASE_URL"] = settings.database_url
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            command = [sys.executable, "-m", "api", "work"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=out, stderr=out, cwd=ROOT)

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As a service manager would."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=20)


@pytest.fixture
def open_ticket(session: AsyncSession) -> OpenTicket:
    """Opens tickets of its own."""
    number = iter(range(1000))

    async def open_one(**changes: Any) -> Ticket:
        draft = replace(DRAFT, draft_key=f"c{next(number)}", **changes)
        ticket = await service.open_ticket(session=session, draft=draft)
        await session.commit()
        return ticket

    return open_one


async def mails(session: AsyncSession) -> list[Mail]:
    """Every mail, as the database has it now."""
    query = select(Mail).order_by(Mail.created_at, Mail.due_at).execution_options(populate_existing=True)
    return list((await session.scalars(query)).all())


async def eventually(condition: Callable[[], Awaitable[bool]], what: str, *, within_s: float = 20) -> None:
    """Wait for a condition of the database."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not await condition():
        assert asyncio.get_running_loop().time() < deadline, f"{what}: not within {within_s} s"
        await asyncio.sleep(0.05)


async def states(session: AsyncSession) -> list[str]:
    """The state of every mail."""
    found = [m.state for m in await mails(session)]
    await session.commit()
    return found


async def jobs(session: AsyncSession) -> int:
    """How many jobs are left."""
    return int(await session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'")) or 0)


async def no_job(session: AsyncSession) -> bool:
    """True once nothing is left to do."""
    left = await jobs(session)
    await session.commit()
    return left == 0


async def has_reason(session: AsyncSession, *reasons: str) -> bool:
    """True once a mail has one of these reasons."""
    found = {m.reason for m in await mails(session)}
    await session.commit()
    return bool(found & set(reasons))


async def are(session: AsyncSession, expected: list[str]) -> bool:
    """True once the mails have these states."""
    return await states(session) == expected
