"""Dialogue acts: what a message does in a conversation (greets, agrees, cancels, asks for a person…), by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nlu.normalisation import clean, expand

_DATA = Path(__file__).parent / "data" / "actes.yml"
_PUNCTUATION = re.compile(r"[^\w\s'°+]+")
_SPACES = re.compile(r"\s+")
_POLITE_START = re.compile(r"^(?:bonjour|bonsoir|salut|hello|coucou|alors|euh|bon|ben|eh bien|ah)\s+")
_POLITE_END = re.compile(r"\s+(?:merci(?: (?:beaucoup|d'avance|bien))?|s'il (?:vous|te) plait|monsieur|madame)$")
# Said around an agreement, a refusal or a goodbye without changing it.
_AROUND = (
    r"bonjour|bonsoir|d'accord|parfait|super|tres bien"
    r"|alors|euh|bon|bah|ben|eh bien|ah|oh|et|donc|voila|merci(?: (?:beaucoup|d'avance|bien|infiniment|a vous))?"
    r"|s'il (?:vous|te) plait|monsieur|madame|svp|stp|a vous|aussi|desolee?"
)
_THUMBS_UP = re.compile(r"[\U0001F44D\U0001F44C\u2705\U0001F197]")


@dataclass(frozen=True, slots=True)
class _Act:
    name: str
    whole: tuple[re.Pattern[str], ...]
    made_of: re.Pattern[str] | None
    inside: tuple[re.Pattern[str], ...]
    words: int
    form_only: bool

    def matches(self, text: str, core: str, words: int) -> bool:
        return (
            any(p.fullmatch(text) or p.fullmatch(core) for p in self.whole)
            or (self.made_of is not None and self.made_of.fullmatch(text) is not None)
            or (words <= self.words and any(p.search(text) for p in self.inside))
        )


def dialogue_act(text: str, *, in_form: bool = False) -> str | None:
    """The act of a message ("greet", "affirm", "cancel", "person", …; "empty" without a letter or digit), None for a request.

    With `in_form`, "passer", "annuler" and corrections are read as acts on the running form.
    The names are the intents of the Rasa domain; the expressions are content, in `nlu/data/actes.yml`.
    """
    plain = comparable(text)
    if not any(c.isalnum() for c in plain):
        return "empty"
    return next((act.name for act in _acts() if (in_form or not act.form_only) and _matches(act, plain)), None)


def performs(text: str, name: str) -> bool:
    """True when a message does the act `name`, even if `dialogue_act` names another: "parfait merci" thanks and agrees."""
    plain = comparable(_THUMBS_UP.sub(" oui ", text))
    return any(_matches(act, plain) for act in _acts() if act.name == name)


def without(text: str, name: str) -> str:
    """What is left of a message without the words that do the act `name`, in comparable form."""
    plain = comparable(text)
    for act in (a for a in _acts() if a.name == name):
        for pattern in act.inside:
            plain = pattern.sub(" ", plain)
    return _SPACES.sub(" ", plain).strip()


def rank_chosen(text: str) -> int | None:
    """0-based rank of a choice said in words or digits ("le deuxième" → 1); -1 is the last one; None when it says none."""
    plain = comparable(text)
    for rank, words in enumerate(
        ("1|un|une|premiere?|1er|1ere", "2|deux|deuxieme|seconde?|2eme|2e", "3|trois|troisieme|3eme|3e")
    ):
        if re.search(rf"(?:^|\s)(?:{words})(?:\s|$)", plain):
            return rank
    return -1 if re.search(r"\bderniere?\b", plain) else None


def comparable(text: str) -> str:
    """Folded, expanded and without punctuation or hyphens, apostrophes kept: the form the expressions are written for."""
    return _SPACES.sub(" ", _PUNCTUATION.sub(" ", expand(clean(text)))).strip()


def _matches(act: _Act, plain: str) -> bool:
    core = _POLITE_END.sub("", _POLITE_START.sub("", plain))
    return act.matches(plain, core, len(plain.split()))


def _made_of(phrases: list[str]) -> re.Pattern[str] | None:
    """A message made of these phrases, at least one, and of what is said around them."""
    if not phrases:
        return None
    wanted = "|".join(phrases)
    return re.compile(rf"(?:(?:{_AROUND}) )*(?:{wanted})(?: (?:{_AROUND}|{wanted}))*")


@cache
def _acts() -> tuple[_Act, ...]:
    rows = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return tuple(
        _Act(
            row["acte"],
            tuple(re.compile(p) for p in row.get("entier", ())),
            _made_of(row.get("compose", [])),
            tuple(re.compile(p) for p in row.get("contient", ())),
            int(row.get("mots", 0)),
            bool(row.get("formulaire", False)),
        )
        for row in rows
    )
