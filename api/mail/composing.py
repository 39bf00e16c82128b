"""From the facts of a mail to the message: headers, text, accessible HTML."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages import render, templates
from knowledge.follow_up import MailTexts
from knowledge.mail_kinds import MailKind

_FOLDER = Path(__file__).parent / "templates"
_HTML = templates(_FOLDER)
_TEXT = Environment(  # noqa: S701  (plain text: nothing to escape)
    loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
PERSONAL = ("reply",)  # written by a person: not "auto-generated" (RFC 3834)


class BadAddress(ValueError):
    """What was given can't be written to."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: an address, its name, where answers go (None: nowhere)."""

    address: str
    name: str
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What one mail says. `quoted` is what an advisor wrote; `private`: there is such a text, and it stays on the page."""

    mail_id: uuid.UUID
    ticket_id: uuid.UUID
    kind: MailKind
    to: str
    reference: str
    team: str
    link: str
    stop_link: str
    quoted: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class MailPage:
    """What the templates show."""

    title: str
    greeting: str
    paragraphs: tuple[str, ...]
    quoted_title: str
    quoted: tuple[str, ...]
    private: str | None
    button: str
    link: str
    secret: str
    how_to_answer: str
    signature: str
    why: str
    stop: str
    stop_link: str


def compose(facts: MailFacts, *, texts: MailTexts, sender: Sender, at: datetime) -> EmailMessage:
    """The message, ready for SMTP.

    Raises:
        BadAddress: the recipient's address can't stand in a header.
    """
    page = _page(facts, texts, sender)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = texts.kinds[facts.kind].subject.format(reference=facts.reference)
    message["From"] = _address(sender.address, sender.name)
    message["To"] = _address(facts.to)
    if sender.reply_to:
        message["Reply-To"] = _address(sender.reply_to)
    domain = message["From"].addresses[0].domain
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{facts.mail_id}@{domain}>"  # the same at each attempt: mailboxes drop a second copy
    message["References"] = f"<demande.{facts.ticket_id}@{domain}>"  # one thread a ticket
    if facts.kind not in PERSONAL:
        message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Unsubscribe"] = f"<{facts.stop_link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Content-Language"] = "fr"
    message.set_content(render(_TEXT, "courriel.txt", page), cte="quoted-printable")
    message.add_alternative(render(_HTML, "courriel.html", page), subtype="html", cte="quoted-printable")
    return message


def _page(facts: MailFacts, texts: MailTexts, sender: Sender) -> MailPage:
    text, sentences = texts.kinds[facts.kind], texts.sentences
    filled = [p.format(reference=facts.reference, equipe=facts.team) for p in text.paragraphs]
    return MailPage(
        title=text.title,
        greeting=filled[0],
        paragraphs=tuple(filled[1:]),
        quoted_title=sentences["message_titre"],
        quoted=tuple(facts.quoted.split("\n")) if facts.quoted else (),
        private=sentences["message_prive"] if facts.private else None,
        button=text.button,
        link=facts.link,
        secret=sentences["lien_secret"],
        how_to_answer=sentences["avec_reponse" if sender.reply_to else "sans_reponse"],
        signature=sentences["signature"],
        why=sentences["pourquoi"],
        stop=sentences["arreter"],
        stop_link=facts.stop_link,
    )


def _address(address: str, name: str = "") -> Address:
    """An address for a header. An international domain is written in ASCII."""
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
        made = Address(display_name=name, addr_spec=f"{local}@{ascii_domain}")
    except (HeaderParseError, ValueError, IndexError) as error:
        raise BadAddress from error
    if not local or not ascii_domain or not f"{local}{ascii_domain}".isprintable():
        raise BadAddress
    return made
