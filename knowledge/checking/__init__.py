"""`knowledge check`: what must be true of the content and of the messages, each fault with file and line."""

from __future__ import annotations

from pathlib import Path

from knowledge.checking.comparing import comparable
from knowledge.checking.content import content_faults
from knowledge.checking.counts import LEAST, Least, count_faults
from knowledge.checking.messages import load_messages, message_faults
from knowledge.checking.near_duplicates import near_duplicate_faults
from knowledge.content_file import Fault
from nlu.training.data import DATA

__all__ = ["LEAST", "Least", "check", "comparable"]


def check(content: Path, data: Path = DATA, least: Least = LEAST) -> list[Fault]:
    """Every fault of the catalogue, the articles, the replies and the messages; an empty list when all is well."""
    faults, articles, catalogue = content_faults(content)
    messages = load_messages(data)
    if catalogue:
        types = {a.id: a.service_type for a in articles}
        faults += message_faults(messages, types, catalogue, data)
        faults += count_faults(messages, types, catalogue, data, least)
    faults += near_duplicate_faults(messages, articles)
    return sorted(faults, key=lambda f: (str(f.path), f.line))
