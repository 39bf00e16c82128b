"""How to reach a person without the assistant. Hours are content: `horaires.yml`."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.dialogue.turn import PHONE
from api.widget.rich_text import phone_link
from knowledge.opening_hours import load_hours


@dataclass(frozen=True, slots=True)
class Reach:
    """The phone number, the address that calls it, and when somebody answers."""

    phone: str = PHONE
    href: str = phone_link(PHONE)
    hours: str = field(default_factory=lambda: load_hours().spoken)


REACH = Reach()
