"""The values of a decision: what `triage` returns and every door of the product (chat, mail, form, CRC) receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

DecisionKind = Literal["answer", "choices", "qualify", "handoff", "safety", "smalltalk", "out_of_scope"]
SafetyLabel = Literal["none", "danger", "harcelement", "detresse"]
DialogueAct = Literal[
    "greet", "thank", "goodbye", "affirm", "deny", "cancel", "skip", "correct", "choose", "person", "ticket_status",
    "insult", "english", "bot_challenge", "how_are_you", "empty",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """An id of the catalogue with its score in [0, 1] (a probability for service types, a relevance for articles)."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class SafetyVerdict:
    """`score` in [0, 1]; `label` is "none" when no threshold is reached."""

    label: SafetyLabel
    score: float


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows besides the text. Empty for a single message out of any conversation."""

    channel: Literal["chat", "mail", "web_form", "phone"] = "chat"
    subject: str | None = None  # the subject line of a mail
    known: dict[str, str] = field(default_factory=dict)  # fields already said, by field id
    in_form: bool = False  # a form is running: "passer", "annuler" and corrections are acts
    several: bool = True  # look for several requests in the message; a turn of chat is answered on its main one


@dataclass(frozen=True, slots=True)
class Triage:
    """The single decision of the product on one message.

    `articles` and `request_types` hold at most five, best first, whatever the decision. `missing` lists the fields a
    person would need and that are neither in the text nor in the context. `act` is the dialogue act read in the text.
    `general` is the probability that the request can be answered without a personal file.
    """

    text: str
    masked_text: str
    decision: DecisionKind
    articles: tuple[Scored, ...]
    request_types: tuple[Scored, ...]
    all_request_types: tuple[str, ...]
    safety: SafetyVerdict
    entities: dict[str, str]
    unite: str | None
    missing: tuple[str, ...] = ()
    act: DialogueAct | None = None
    language: Literal["fr", "en", "other"] = "fr"
    out_of_scope: float = 0.0
    general: float = 0.0

    @property
    def service_type(self) -> str | None:
        """The most probable service type, None when the message asks for nothing."""
        return self.request_types[0].id if self.request_types else None

    @property
    def article(self) -> str | None:
        """The best article, None when there is none."""
        return self.articles[0].id if self.articles else None

    def to_dict(self) -> dict[str, Any]:
        """The public object of `POST /v1/triage` and of the command (see docs/architecture.md, stable interfaces)."""
        return {
            "text": self.text,
            "masked_text": self.masked_text,
            "decision": self.decision,
            "articles": [{"id": a.id, "score": round(a.score, 4)} for a in self.articles],
            "request_types": [{"id": r.id, "score": round(r.score, 4)} for r in self.request_types],
            "all_request_types": list(self.all_request_types),
            "safety": {"label": self.safety.label, "score": round(self.safety.score, 4)},
            "entities": dict(self.entities),
            "unite": self.unite,
            "missing": list(self.missing),
            "act": self.act,
            "language": self.language,
            "out_of_scope": round(self.out_of_scope, 4),
        }
