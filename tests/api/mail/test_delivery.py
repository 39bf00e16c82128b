"""E-mails are sent once, and survive refusals and crashes. Real server, real worker."""

from __future__ import annotations

import asyncio
import logging
import ssl
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Mail
from api.followup import service as followup
from api.mail import sending
from api.mail import service as mail
from api.settings import Settings
from tests.api.mail.conftest import (
    OpenTicket,
    WorkerProcess,
    are,
    eventually,
    has_reason,
    jobs,
    mail_settings,
    mails,
    no_job,
    states,
    worker,
)  # fmt: skip
from tests.mailbox import Mailbox, mail_server, parts, password_of, until


async def test_it_arrives_with_a_link_that_opens_the_ticket(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    ticket = await open_ticket()
    async with worker(mail_settings(settings, box)):
        [message] = await asyncio.to_thread(box.wait_for, 1)
    assert box.recipients == [["anne@exemple.fr"]]
    body, html = parts(message)
    address = next(word for word in body.split() if word.startswith("https://aide.cned.example/suivi/"))
    assert address in html
    token = address.rpartition("/")[2]
    assert (await followup.ticket_of(session=session, token=token)).id == ticket.id
    assert await states(session) == ["sent"]
    stored = await session.execute(text("SELECT token_hash FROM followup_links"))
    assert token.encode() not in [bytes(row[0]) for row in stored]


def self_signed(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that no authority signed, and what a server shows it with."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return certificate, context


async def test_starttls_and_login(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, tmp_path: Path
) -> None:
    certificate, context = self_signed(tmp_path)
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with mail_server(authenticator=password_of("cned", "secret de test"), **options) as box:
        await open_ticket()
        given = {"smtp_security": "starttls", "smtp_ca_file": certificate, "smtp_login": "cned"}
        async with worker(mail_settings(settings, box, **given, smtp_password="faux")):
            await eventually(lambda: has_reason(session, "compte_535"), "the wrong password is said")
        assert await states(session) == ["queued"]
        async with worker(mail_settings(settings, box, **given, smtp_password="secret de test")):
            await asyncio.to_thread(box.wait_for, 1)
        assert box.secure == [True]
        await open_ticket()
        unknown = mail_settings(
            settings, box, smtp_security="starttls", smtp_login="cned", smtp_password="secret de test"
        )
        async with worker(unknown):
            await eventually(
                lambda: has_reason(session, "certificat", "injoignable"), "the unknown authority is refused"
            )
        assert len(box.messages) == 1


async def test_a_passing_refusal_is_tried_again(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    await open_ticket()
    answers = iter(["451 <anne@exemple.fr> greylisted", "421 anne@exemple.fr busy"])
    box.on_recipient = lambda _: next(answers, None)
    with caplog.at_level(logging.DEBUG):
        async with worker(mail_settings(settings, box)):
            await asyncio.to_thread(box.wait_for, 1)
    [sent] = await mails(session)
    assert (sent.state, sent.attempts, sent.reason) == ("sent", 3, None)
    assert len(box.messages) == 1
    assert "anne@" not in "".join(
        f"{r.getMessage()} {r.exc_text or ''}" for r in caplog.records if not r.name.startswith(("mail.log", "asyncio"))
    )


async def test_a_refusal_for_good_is_not_tried_again(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    await open_ticket()
    box.on_recipient = lambda address: f"550 <{address}> unknown"
    async with worker(mail_settings(settings, box)):
        await eventually(lambda: are(session, ["refused"]), "refused")
    [refused] = await mails(session)
    assert (refused.reason, refused.attempts) == ("adresse_550", 1)
    assert box.asked == 1
    box.on_recipient = lambda _: None
    await mail.send_again(session=session, mail_id=refused.id)
    await session.commit()
    async with worker(mail_settings(settings, box)):
        await asyncio.to_thread(box.wait_for, 1)
    with pytest.raises(mail.UnknownMail):
        await mail.send_again(session=session, mail_id=refused.id)


async def test_it_is_given_up_after_the_last_attempt(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    await open_ticket()
    await session.execute(update(Mail).values(attempts=sending.MOST_ATTEMPTS - 1))
    await session.commit()
    box.on_message = lambda: "452 full"
    async with worker(mail_settings(settings, box)):
        await eventually(lambda: are(session, ["failed"]), "failed")
    assert [m.reason for m in await mails(session)] == ["contenu_452"]


async def test_content_refused_for_good(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    await open_ticket()
    box.on_message = lambda: "554 no"
    async with worker(mail_settings(settings, box)):
        await eventually(lambda: are(session, ["refused"]), "refused")
    assert [(m.reason, m.attempts) for m in await mails(session)] == [("contenu_554", 1)]
    assert box.messages == []
    assert await jobs(session) == 0, "not tried again"


async def test_nobody_listens_then_somebody_does(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    from tests.mailbox import free_port

    await open_ticket()
    port = free_port()
    async with worker(mail_settings(settings, box, smtp_port=port)):
        await eventually(lambda: has_reason(session, "injoignable"), "unreachable")
        with mail_server(port) as later:
            await asyncio.to_thread(later.wait_for, 1)
            await eventually(lambda: are(session, ["sent"]), "sent")
    assert [m["To"] for m in later.messages] == ["anne@exemple.fr"]
    [sent] = await mails(session)
    assert sent.reason is None, "what failed before is no more said"
    assert sent.attempts > 1


async def test_two_workers_and_a_doubled_job_send_once(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox
) -> None:
    for n in range(6):
        await open_ticket(contact_email=f"anne{n}@exemple.fr")
    for queued in await mails(session):
        await mail._defer(session, queued.id, None)
    await session.commit()
    async with worker(mail_settings(settings, box)), worker(mail_settings(settings, box)):
        await eventually(lambda: are(session, ["sent"] * 6), "all sent")
        await eventually(lambda: no_job(session), "no job left")
    assert len(box.messages) == 6
    assert len({m["Message-ID"] for m in box.messages}) == 6


async def test_a_killed_worker_loses_and_doubles_nothing(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, box: Mailbox, tmp_path: Path
) -> None:
    for _ in range(3):
        await open_ticket()
    process = WorkerProcess(mail_settings(settings, box), tmp_path / "worker.log")
    box.gate.clear()  # the server holds its answer: the worker is killed in the middle of sending
    process.start()
    await asyncio.to_thread(until, lambda: box.asked >= 1, "a mail is being sent")
    process.kill()
    box.gate.set()
    assert box.messages == []
    assert set(await states(session)) == {"queued"}
    process.start()
    await asyncio.to_thread(box.wait_for, 3)
    await eventually(lambda: are(session, ["sent"] * 3), "all sent")
    assert process.stop() == 0
    process.start()
    await open_ticket()
    await asyncio.to_thread(box.wait_for, 4)
    assert process.stop() == 0
    assert len({m["Message-ID"] for m in box.messages}) == len(box.messages) == 4
    log = process.log.read_text()
    assert "anne@" not in log
    assert "/suivi/" not in log
    assert "Traceback" not in log


async def test_without_a_server_they_stay_queued(
    session: AsyncSession, open_ticket: OpenTicket, settings: Settings, tmp_path: Path, box: Mailbox
) -> None:
    await open_ticket()
    process = WorkerProcess(mail_settings(settings, box, smtp_host=""), tmp_path / "worker.log")
    process.start()
    await asyncio.to_thread(until, lambda: "Courriels en attente" in process.log.read_text(), "it says so")
    assert process.stop() == 0
    assert await states(session) == ["queued"]
