"""The worker: sends the e-mails queued in PostgreSQL, and looks at the delays of tickets. See docs/decisions/0012."""

from __future__ import annotations

import asyncio
import logging
import signal
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout

from api.articles.reminders import send_due
from api.db.session import create_engine, create_sessions, psycopg_url
from api.mail.sending import Postman, TryAgain, send
from api.mail.service import QUEUE, SEND, is_configured
from api.mail.smtp import NotSent
from api.pages import PARIS
from api.settings import Settings
from api.tickets.delay_jobs import DELAYS, add_delay_task
from knowledge.content_file import CONTENT
from knowledge.follow_up import load_mail_texts
from knowledge.service_types import load_catalogue
from knowledge.writing_rules import load_writing_rules

logger = logging.getLogger(__name__)
AT_ONCE = 4
LONGEST_WAIT = timedelta(hours=4)
POLL_S = 5.0
REMIND_AT = "0 6 * * *"  # reminders of articles to read again: once a day, UTC
DATABASE_PAUSE_S = 3.0
NOT_CONFIGURED = "Courriels en attente : AIGUILLAGE_SMTP_HOST ou AIGUILLAGE_MAIL_FROM n'est pas réglé."


class Backoff(procrastinate.BaseRetryStrategy):
    """After a failure: `first_s`, then twice as long each time, up to four hours. How often is for `sending` to say."""

    def __init__(self, first_s: float) -> None:
        self.first_s = first_s

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        """When to try again; None for a failure nobody expected, which stays visible as failed."""
        if not isinstance(exception, TryAgain):
            return None
        wait = min(timedelta(seconds=self.first_s * 2 ** min(job.attempts, 20)), LONGEST_WAIT)
        return procrastinate.RetryDecision(retry_at=datetime.now(UTC) + wait)


async def work(settings: Settings) -> int:
    """Work until SIGINT or SIGTERM: what is being sent is finished. A database that is away is waited for.

    Without a mail server e-mails stay queued, and delays are looked at all the same.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if not is_configured(settings):
        logger.warning(NOT_CONFIGURED)
    await send_queued(settings, stopping, queues=(DELAYS, QUEUE) if is_configured(settings) else (DELAYS,))
    return 0


async def send_queued(settings: Settings, stopping: asyncio.Event, *, queues: Sequence[str] = (QUEUE,)) -> None:
    """Work on these queues, until `stopping`."""
    database = create_engine(settings.database_url, pool_size=AT_ONCE + 1)
    content = settings.content or CONTENT
    postman = Postman(
        sessions=create_sessions(database),
        settings=settings,
        texts=load_mail_texts(content),
        catalogue=load_catalogue(content),
    )
    try:
        while not stopping.is_set():
            try:
                jobs = create_jobs(postman)
                if DELAYS in queues:
                    add_delay_task(jobs, postman.sessions)
                await _until_it_breaks(jobs, settings, stopping, queues)
            except (psycopg.OperationalError, ConnectorException, PoolTimeout) as error:
                logger.warning("database does not answer: %s", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), DATABASE_PAUSE_S)
    finally:
        await database.dispose()


def create_jobs(postman: Postman) -> procrastinate.App:
    """The jobs, with the task that sends."""
    url = psycopg_url(postman.settings.database_url).set(drivername="postgresql")
    connector = procrastinate.PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False), min_size=1, max_size=AT_ONCE, timeout=10.0
    )
    jobs = procrastinate.App(connector=connector)
    rules = load_writing_rules(postman.settings.content or CONTENT)

    @jobs.task(name=SEND, queue=QUEUE, retry=Backoff(postman.settings.mail_retry_s))
    async def send_mail(mail_id: str) -> None:
        outcome = await send(postman, uuid.UUID(mail_id))
        logger.info("mail %s: %s", mail_id, outcome)

    @jobs.periodic(cron=REMIND_AT)
    @jobs.task(name="articles.remind", queue=QUEUE, retry=Backoff(postman.settings.mail_retry_s))
    async def remind_of_articles(timestamp: int) -> None:
        today = datetime.fromtimestamp(timestamp, PARIS).date()
        try:
            sent = await send_due(sessions=postman.sessions, settings=postman.settings, rules=rules, today=today)
        except NotSent as error:
            raise TryAgain(error.code) from None
        logger.info("reminders of articles: %s", sent)

    return jobs


async def _until_it_breaks(
    jobs: procrastinate.App, settings: Settings, stopping: asyncio.Event, queues: Sequence[str]
) -> None:
    lost_s = settings.mail_worker_lost_s
    async with jobs.open_async():
        working = asyncio.create_task(
            jobs.run_worker_async(
                queues=list(queues),
                concurrency=AT_ONCE,
                delete_jobs="successful",
                fetch_job_polling_interval=min(POLL_S, settings.mail_retry_s),
                update_heartbeat_interval=lost_s / 3,
                stalled_worker_timeout=lost_s,
                shutdown_graceful_timeout=settings.smtp_timeout_s,
                install_signal_handlers=False,
            )
        )
        others = [asyncio.create_task(_take_up_lost(jobs, queues, lost_s)), asyncio.create_task(stopping.wait())]
        try:
            await asyncio.wait([working, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (working, *others):
                task.cancel()
            outcomes = await asyncio.gather(working, *others, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _take_up_lost(jobs: procrastinate.App, queues: Sequence[str], lost_s: float) -> None:
    """Give back to the queues what a dead worker had taken."""
    while True:
        for queue in queues:
            for job in await jobs.job_manager.get_stalled_jobs(queue=queue, seconds_since_heartbeat=lost_s):
                logger.warning("%s job %s was lost by its worker: taken up again", queue, job.id)
                await jobs.job_manager.retry_job(job)
        await asyncio.sleep(lost_s / 2)
