"""What an e-mail says and how: headers, accents, text and HTML; nothing can be slipped into it."""

from __future__ import annotations

import email
import email.policy
import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import get_args

import pytest

from api.mail.composing import BadAddress, MailFacts, Sender, compose
from knowledge.follow_up import load_mail_texts
from knowledge.mail_kinds import MailKind

TEXTS = load_mail_texts()
SENDER = Sender("assistance@cned.example", "Cned")
LINK = "https://aide.cned.example/suivi/" + "a" * 43
FACTS = MailFacts(
    mail_id=uuid.UUID(int=1),
    ticket_id=uuid.UUID(int=2),
    kind="confirmation",
    to="anne@exemple.fr",
    reference="K7M4-2PQX",
    team="les gestionnaires de scolarité",
    link=LINK,
    stop_link=f"{LINK}/courriels",
)
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def made(facts: MailFacts = FACTS, sender: Sender = SENDER) -> email.message.EmailMessage:
    """The message as a mailbox reads it."""
    raw = compose(facts, texts=TEXTS, sender=sender, at=AT).as_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


@pytest.mark.parametrize("kind", get_args(MailKind))
def test_headers(kind: MailKind) -> None:
    message = made(replace(FACTS, kind=kind))
    assert message["Subject"] == TEXTS.kinds[kind].subject.format(reference="K7M4-2PQX")
    assert message["From"] == "Cned <assistance@cned.example>"
    assert message["To"] == "anne@exemple.fr"
    assert message["Reply-To"] is None
    assert message["Message-ID"] == f"<{uuid.UUID(int=1)}@cned.example>"
    assert message["References"] == f"<demande.{uuid.UUID(int=2)}@cned.example>"
    assert message["Auto-Submitted"] == (None if kind == "reply" else "auto-generated")
    assert message["List-Unsubscribe"] == f"<{LINK}/courriels>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Date"] == "Sun, 22 Nov 2026 10:00:00 +0000"


def test_where_answers_go_is_said() -> None:
    silent = made().get_body(("plain",))
    read = made(sender=Sender("a@cned.example", "Cned", reply_to="reponses@cned.example"))
    assert silent is not None
    assert "ne sont pas lues" in silent.get_content()
    assert read["Reply-To"] == "reponses@cned.example"
    answered = read.get_body(("plain",))
    assert answered is not None
    assert "répondez à ce courriel" in answered.get_content()


def test_accents_travel_in_ascii() -> None:
    texts = replace(
        TEXTS,
        kinds=TEXTS.kinds
        | {"confirmation": replace(TEXTS.kinds["confirmation"], subject="Élève reçu à Noël {reference}")},
    )
    raw = compose(FACTS, texts=texts, sender=Sender("a@cned.example", "Équipe du Cned"), at=AT).as_bytes()
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert head.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["Subject"] == "Élève reçu à Noël K7M4-2PQX"
    assert read["From"].addresses[0].display_name == "Équipe du Cned"


@pytest.mark.parametrize(
    "address",
    ["anne@exemple.fr\r\nBcc: tous@exemple.fr", "anne@exemple.fr\nX: y", "a@b.fr, c@d.fr", "anne", "@exemple.fr", "anne@", "",
     "a\x00@b.fr", "<a@b.fr>", "a b@c.fr", "anne@exemple..fr"],
)  # fmt: skip
def test_an_address_can_carry_nothing_else(address: str) -> None:
    with pytest.raises(BadAddress):
        made(replace(FACTS, to=address))


def test_nothing_of_a_person_reaches_a_header() -> None:
    quoted = "Bonjour\r\nBcc: tous@exemple.fr\n.\n<script>alert(1)</script>"
    message = made(replace(FACTS, kind="reply", quoted=quoted))
    assert message["Bcc"] is None
    assert "<script>" not in str(message.get_body(("html",)))


def test_an_international_domain_is_written_in_ascii() -> None:
    assert made(replace(FACTS, to="anne@école.fr"))["To"] == "anne@xn--cole-9oa.fr"


class Html(HTMLParser):
    """What must be true of the HTML of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("kind", get_args(MailKind))
def test_text_and_html_say_the_same(kind: MailKind) -> None:
    message = made(replace(FACTS, kind=kind, quoted="Deux lignes\n\ndans la réponse"))
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    plain, rich = text.get_content(), html.get_content()
    for paragraph in TEXTS.kinds[kind].paragraphs:
        filled = paragraph.format(reference="K7M4-2PQX", equipe="les gestionnaires de scolarité")
        assert filled in plain
        assert filled in rich.replace("&#39;", "'")
    for said in (LINK, "Deux lignes", "dans la réponse", TEXTS.sentences["arreter"]):
        assert said in plain
        assert said in rich
    tags = Html(rich).tags
    assert ("html", {"lang": "fr", "dir": "ltr"}) in tags
    assert [t for t, _ in tags].count("h1") == 1
    assert not {"img", "script", "link", "iframe"} & {t for t, _ in tags}  # nothing to load, nobody is followed
    assert not re.search(r"https?://(?!aide\.cned\.example/)", rich + plain)
    assert "{" not in plain.replace("{{", "")
