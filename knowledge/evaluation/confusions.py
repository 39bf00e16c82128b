"""Which neighbours are taken for one another: the pairs to look at first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from knowledge.evaluation.verdicts import Verdict

MOST = 15
EXCERPT = 140  # characters
Named = Callable[[Verdict], str | None]


def near_subjects(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Articles answered in the place of another, the most frequent pairs first; an accepted article is no error."""
    wrong = [v for v in verdicts if v.example.article and v.accepted_rank != 1 and v.articles]
    return _pairs(verdicts, wrong, lambda v: v.example.article, lambda v: v.articles[0])


def near_types(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The same for service types."""
    requests = [v for v in verdicts if v.example.is_request]
    wrong = [v for v in requests if v.service_type != v.example.service_type]
    return _pairs(requests, wrong, lambda v: v.example.service_type, lambda v: v.service_type)


def _pairs(everyone: Sequence[Verdict], wrong: Sequence[Verdict], wanted: Named, given: Named) -> list[dict[str, Any]]:
    """`of`: messages that want the first of the pair. `example`: the shortest message of the pair, cut."""
    asked = Counter(wanted(v) for v in everyone)
    texts: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for v in wrong:
        texts[wanted(v), given(v)].append(" ".join(v.example.text.split()))
    ordered = sorted(texts.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))
    return [
        {"wanted": w, "given": g, "n": len(found), "of": asked[w], "example": min(found, key=len)[:EXCERPT]}
        for (w, g), found in ordered[:MOST]
    ]
