"""What is written to people about their request: the e-mails (`courriels.yml`) and the follow-up page (`suivi.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, get_args

from knowledge.content_file import CONTENT, ContentError, Fault, Located, line_of, load_yaml
from knowledge.mail_kinds import MailKind

STATES = ("nouveau", "assigne", "en_attente", "resolu", "clos", "rouvert")
EVENTS = ("opened", "assigne", "en_attente", "resolu", "clos", "clos_learner", "rouvert", "rouvert_learner", "rating")
MASKS = ("[COURRIEL]", "[TÉLÉPHONE]", "[NIR]", "[INE]", "[IBAN]", "[CARTE]")
SENTENCES = (
    "auteur_vous", "auteur_cned", "message_envoye", "message_masque", "message_vide", "message_long",
    "message_illisible", "trop_de_messages", "demande_close", "demande_rouverte", "avis_recu", "avis_absent",
    "avis_impossible", "courriels_arretes", "courriels_repris", "trop_tard", "refus",
)  # fmt: skip
MAIL_SENTENCES = (
    "expediteur", "signature", "lien_secret", "sans_reponse", "avec_reponse", "message_titre", "message_prive", "arreter",
    "pourquoi",
)  # fmt: skip
RATINGS = 5
_BEFORE_SIGN = re.compile(r" (?=[:;?!»])")  # French punctuation stays on the line of the word it follows


@dataclass(frozen=True, slots=True)
class MailText:
    """One kind of e-mail; texts may hold {reference} and {equipe}."""

    subject: str
    title: str
    paragraphs: tuple[str, ...]
    button: str


@dataclass(frozen=True, slots=True)
class MailTexts:
    """Every e-mail, and what they share. `reminder_days`: days without an answer before each reminder."""

    kinds: dict[MailKind, MailText]
    sentences: dict[str, str]
    reminder_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FollowUpTexts:
    """The follow-up page. `states`: status to (title, text with {equipe}); `ratings`: labels from 1 to 5."""

    states: dict[str, tuple[str, str]]
    events: dict[str, str]
    ratings: tuple[str, ...]
    masks: dict[str, str]
    sentences: dict[str, str]
    reopen_days: int
    link_days: int

    def readable(self, text: str) -> str:
        """The text with its masks in words."""
        for mask, words in self.masks.items():
            text = text.replace(mask, words)
        return text


def load_mail_texts(content: Path = CONTENT) -> MailTexts:
    """Read `courriels.yml`.

    Raises:
        ContentError: a text is missing, empty, or has a word in braces that nothing fills.
    """
    read = _Reader(content / "courriels.yml")
    kinds: dict[MailKind, MailText] = {}
    for kind in get_args(MailKind):
        part = read.mapping(read.root, kind)
        kinds[kind] = MailText(
            subject=read.text(part, "objet", "reference"),
            title=read.text(part, "titre"),
            paragraphs=read.texts(part, "texte", "reference equipe"),
            button=read.text(part, "bouton"),
        )
    sentences = {key: read.text(read.root, key) for key in MAIL_SENTENCES}
    days = tuple(read.days(value, "rappels_jours") for value in read.listed(read.root, "rappels_jours"))
    read.finish({*get_args(MailKind), *MAIL_SENTENCES, "rappels_jours"})
    return MailTexts(kinds, sentences, days)


def load_follow_up_texts(content: Path = CONTENT) -> FollowUpTexts:
    """Read `suivi.yml`.

    Raises:
        ContentError: a text is missing, empty, or has a word in braces that nothing fills.
    """
    read = _Reader(content / "suivi.yml")
    states = read.mapping(read.root, "etats")
    parts = {state: read.mapping(states, state) for state in STATES}
    ratings = read.texts(read.root, "avis")
    if len(ratings) != RATINGS:
        read.fault("avis", f"{RATINGS} réponses attendues, du moins au plus satisfait")
    texts = FollowUpTexts(
        states={s: (read.text(p, "titre"), read.text(p, "texte", "equipe")) for s, p in parts.items()},
        events={key: read.text(read.mapping(read.root, "evenements"), key) for key in EVENTS},
        ratings=ratings,
        masks={key: read.text(read.mapping(read.root, "masques"), key) for key in MASKS},
        sentences={key: read.text(read.mapping(read.root, "phrases"), key) for key in SENTENCES},
        reopen_days=read.days(read.root.get("rouvrir_jours"), "rouvrir_jours"),
        link_days=read.days(read.root.get("lien_jours"), "lien_jours"),
    )
    read.finish({"etats", "evenements", "avis", "masques", "phrases", "rouvrir_jours", "lien_jours"})
    return texts


class _Reader:
    """Reads one file and gathers what is wrong in it, so that every fault is said at once."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path = CONTENT / path.name  # a content folder may hold its own articles and nothing else
        self._path = path
        self._faults: list[Fault] = []
        loaded = load_yaml(path.read_text(encoding="utf-8"), path)
        if not isinstance(loaded, Located):
            raise ContentError([Fault(path, 1, "le fichier n'est pas une liste de clés")])
        self.root = loaded

    def fault(self, key: str, message: str, line: int | None = None) -> None:
        self._faults.append(Fault(self._path, line or self.root.lines.get(key, 1), message))

    def mapping(self, part: Located, key: str) -> Located:
        value = part.get(key)
        if isinstance(value, Located):
            return value
        self.fault(key, f"partie absente ou illisible : {key}")
        empty = Located()
        empty.lines = {}
        return empty

    def listed(self, part: Located, key: str) -> list[Any]:
        value = part.get(key)
        if isinstance(value, list) and value:
            return value
        self.fault(key, f"liste absente ou vide : {key}")
        return []

    def texts(self, part: Located, key: str, allowed: str = "") -> tuple[str, ...]:
        return tuple(self._checked(value, key, allowed, part) for value in self.listed(part, key))

    def text(self, part: Located, key: str, allowed: str = "") -> str:
        return self._checked(part.get(key), key, allowed, part)

    def days(self, value: Any, key: str) -> int:
        if isinstance(value, int) and value > 0:
            return value
        self.fault(key, f"nombre de jours attendu : {key}")
        return 1

    def finish(self, known: set[str]) -> None:
        """Raises ContentError when something was wrong."""
        for key in self.root:
            if key not in known:
                self.fault(key, f"partie inconnue : {key}")
        if self._faults:
            raise ContentError(self._faults)

    def _checked(self, value: Any, key: str, allowed: str, part: Located) -> str:
        line = line_of(value, part.lines.get(key, part.line))
        if not isinstance(value, str) or not value.strip():
            self.fault(key, f"texte absent ou vide : {key}", line)
            return ""
        try:
            found = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
        except ValueError:
            self.fault(key, "accolade seule dans le texte", line)
            return ""
        for name in sorted(found - set(allowed.split())):
            self.fault(key, f"mot entre accolades inconnu : {name}", line)
        return _BEFORE_SIGN.sub("\u00a0", str(value)).replace("« ", "«\u00a0")
