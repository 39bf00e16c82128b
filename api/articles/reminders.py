"""E-mails to those who keep articles true: before the date of review, on it, and after. Sent by the worker, once a stage."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from sqlalchemy.ext.asyncio import AsyncSession

from api.articles import repository
from api.db.session import Sessions
from api.mail.smtp import deliver
from api.settings import Settings
from knowledge.article_bodies import article_of
from knowledge.articles import Article
from knowledge.writing_rules import WritingRules

HOME = "/console/articles"


@dataclass(frozen=True, slots=True)
class Due:
    """An article to be read again, and how many days before its date this reminder is for (negative: after)."""

    article: Article
    days: int


async def send_due(*, sessions: Sessions, settings: Settings, rules: WritingRules, today: date) -> int:
    """Write to everyone with an article to read again; how many mails left.

    Raises:
        NotSent: the server did not take one; those before it are noted and will not leave again.
    """
    async with sessions() as session:
        found = await _due(session, rules, today)
    for address, dues in found.items():
        await deliver(_message(address, dues, settings, rules), settings)
        async with sessions.begin() as session:
            for due in dues:
                await repository.note_reminder(session, due.article.id, due.article.review_by, due.days)
    return len(found)


async def _due(session: AsyncSession, rules: WritingRules, today: date) -> dict[str, list[Due]]:
    """By address, the most urgent first."""
    addresses = await repository.owners_addresses(session)
    noted = await repository.reminders(session)
    found: dict[str, list[Due]] = defaultdict(list)
    for id_, _, body in await repository.live(session):
        article = article_of(id_, body)
        reached = [d for d in rules.reminder_days if today >= article.review_by - timedelta(days=d)]
        if id_ in addresses and reached and (id_, article.review_by, min(reached)) not in noted:
            found[addresses[id_]].append(Due(article, min(reached)))
    return {address: sorted(dues, key=lambda d: d.article.review_by) for address, dues in found.items()}


def _message(address: str, dues: list[Due], settings: Settings, rules: WritingRules) -> EmailMessage:
    lines = [f"- {d.article.question} (avant le {d.article.review_by:%d/%m/%Y})" for d in dues]
    number = "1 article" if len(dues) == 1 else f"{len(dues)} articles"
    message = EmailMessage(policy=SMTP)
    message["Subject"] = rules.mail_subject.replace("{nombre}", number)
    message["From"], message["To"] = settings.mail_from, address
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=settings.mail_from.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    text = rules.mail_text.replace("{lien}", settings.public_address + HOME).replace("{liste}", "\n".join(lines))
    message.set_content(text + "\n", cte="quoted-printable")
    return message
