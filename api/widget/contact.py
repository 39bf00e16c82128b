"""How to reach a person without the assistant. Hours: published for 2025 (activity report 2024), see the FAQ."""

from __future__ import annotations

from dataclasses import dataclass

from api.dialogue.turn import PHONE
from api.widget.rich_text import phone_link


@dataclass(frozen=True, slots=True)
class Reach:
    """The phone number, the address that calls it, and when somebody answers."""

    phone: str = PHONE
    href: str = phone_link(PHONE)
    hours: str = "du lundi au vendredi, de 8 h 30 à 18 h, et jusqu'à 18 h 30 de juin à octobre (horaires de 2025)"


REACH = Reach()
