"""What a system, the product or a baseline, made of a message whose answer is known."""

from __future__ import annotations

from dataclasses import dataclass

from nlu.training.data import OUT_OF_SCOPE, SAFETY, Example

NO_ALARM = "none"
SUFFERING = "souffrance_harcelement"  # a service type about suffering: its requests may rightly give the alarm


@dataclass(frozen=True, slots=True)
class Verdict:
    """`articles`: best first, five at least where there are five. `out_of_scope`: higher is more foreign, any scale.

    `alarm`: the safety label, "none" without one. `milliseconds`: of processor, to read the message; on a free core it takes
    that long, and neighbours of the machine do not count.
    """

    example: Example
    articles: tuple[str, ...]
    service_type: str | None
    out_of_scope: float
    alarm: str
    milliseconds: float

    @property
    def rank(self) -> int:
        """Place of the right article, from 1; 0 when it is not among `articles`."""
        wanted = self.example.article
        return self.articles.index(wanted) + 1 if wanted in self.articles else 0

    @property
    def accepted_rank(self) -> int:
        """The same, any article that answers the message counting as right."""
        places = [i for i, a in enumerate(self.articles, 1) if a in self.example.accepted_articles]
        return min(places, default=0)


def is_alarm(example: Example) -> bool:
    """A message that must give the alarm."""
    return example.group == SAFETY and example.name != NO_ALARM


def is_hard_negative(example: Example) -> bool:
    """A message that uses the words of danger innocently."""
    return example.group == SAFETY and example.name == NO_ALARM


def is_foreign(example: Example) -> bool:
    """A message that asks for none of the institution's services."""
    return example.group == OUT_OF_SCOPE


def is_ordinary(example: Example) -> bool:
    """A request in which nobody suffers."""
    return example.is_request and example.group != SUFFERING


def voice(example: Example, split: str) -> str:
    """The manner of the message, by the same name in every split ("dev_sms" and "epreuve_sms" are "sms")."""
    return example.voice.removeprefix(f"{split}_")
