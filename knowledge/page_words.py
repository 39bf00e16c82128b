"""What the page of the assistant says around the messages: content, in `conversation.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.content_file import CONTENT, ContentError, Fault, line_of, load_yaml

FILE = "conversation.yml"
ERASED_KINDS = ("nir", "carte", "iban")
WAIT = "{attente}"


@dataclass(frozen=True, slots=True)
class NoticePoint:
    """One thing said of personal data before the first message."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PageWords:
    """`erased` maps a kind of personal data (nlu.personal_data) to its explanation; `reasons` are (id, label)."""

    notice: tuple[NoticePoint, ...]
    erased: dict[str, str]
    feedback_question: str
    reasons: tuple[tuple[str, str], ...]
    feedback_thanks: str
    too_fast: str

    def slow_down(self, seconds: int) -> str:
        """What is said to somebody who sends too much, with how long to wait."""
        wait = f"{seconds} secondes" if seconds < 90 else f"{round(seconds / 60)} minutes"
        return self.too_fast.replace(WAIT, "une seconde" if seconds <= 1 else wait)


def load_page_words(content: Path = CONTENT) -> PageWords:
    """Read `conversation.yml`; that of the project when this content has none.

    Raises:
        ContentError: a part is missing, empty, unknown or twice there.
    """
    path = content / FILE
    if not path.exists():
        path = CONTENT / FILE  # a content folder may hold its own articles and nothing else
    found = load_yaml(path.read_text(encoding="utf-8"), path)
    try:
        feedback = found["avis"]
        words = PageWords(
            notice=tuple(NoticePoint(_text(p["titre"]), _text(p["texte"])) for p in found["notice"]),
            erased={kind: _text(found["efface"][kind]) for kind in ERASED_KINDS},
            feedback_question=_text(feedback["question"]),
            reasons=tuple((_text(r["id"]), _text(r["libelle"])) for r in feedback["raisons"]),
            feedback_thanks=_text(feedback["merci"]),
            too_fast=_text(found["trop_vite"]),
        )
    except KeyError as error:
        raise ContentError([Fault(path, 1, f"clé absente : {error.args[0]}")]) from None
    except (TypeError, ValueError) as error:
        raise ContentError([Fault(path, 1, f"contenu illisible : {error}")]) from None
    if faults := _faults(words, found, path):
        raise ContentError(faults)
    return words


def _faults(words: PageWords, found: Any, path: Path) -> list[Fault]:
    faults = []
    if len({id_ for id_, _ in words.reasons}) != len(words.reasons) or not words.reasons:
        faults.append(Fault(path, line_of(found["avis"]), "les raisons de l'avis sont absentes ou en double"))
    if not words.notice:
        faults.append(Fault(path, 1, "la notice est vide"))
    if WAIT not in words.too_fast:
        faults.append(Fault(path, 1, f"mot entre accolades absent de trop_vite : {WAIT}"))
    return faults


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("une phrase est vide")
    return value.strip()
