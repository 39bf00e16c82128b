"""From files to the database and back: not a character is lost, in the project's articles and in any other."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article_bodies import BadBody, Body, article_of, as_markdown, body_of
from knowledge.articles import AUDIENCES, Article, load_articles, read_article
from knowledge.seasons import Season

ARTICLES = list(load_articles().values())
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")
LINES = st.text(_CHARACTERS.filter(lambda c: c != "\n"), min_size=1, max_size=40)
TEXTS = st.text(_CHARACTERS, max_size=200).map(str.strip)
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda d: f"{d:%m-%d}")
IDS = st.from_regex(r"[a-z][a-z0-9]{0,9}(_[a-z0-9]{1,9}){0,3}", fullmatch=True)
SEASONS = st.one_of(st.none(), st.fixed_dictionaries({"from": DAYS, "until": DAYS}))
SOURCES = st.fixed_dictionaries(
    {"title": LINES, "year": st.integers(1900, 2100)}, optional={"url": LINES}
)  # fmt: skip
PHRASINGS = st.lists(
    st.tuples(IDS | st.sampled_from(["yes", "null", "on"]), st.lists(LINES, min_size=1, max_size=3)),
    max_size=4,
    unique_by=lambda pair: pair[0],
)


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    season = draw(SEASONS)
    return {
        "question": draw(LINES),
        "service_type": draw(IDS),
        "public": draw(st.lists(st.sampled_from(AUDIENCES), unique=True)),
        "certitude": draw(st.sampled_from(("publie", "date", "orientation"))),
        "facts": draw(st.lists(LINES, max_size=3)),
        "sources": draw(st.lists(SOURCES, min_size=1, max_size=3)),
        "review_by": draw(st.dates()).isoformat(),
        "phrasings": [[r, texts] for r, texts in draw(PHRASINGS)],
        "tests": draw(st.lists(LINES, max_size=3)),
        "season": season,
        "off_season": draw(TEXTS.filter(bool)) if season else "",
        "answer": draw(TEXTS),
    }


def through_file(article: Article) -> Article:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{article.id}.md"
        path.write_bytes(as_markdown(article).encode())
        return read_article(path)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a.id)
def test_every_article_of_the_project_comes_back_to_the_byte(article: Article) -> None:
    kept = json.loads(json.dumps(body_of(article)))
    assert as_markdown(article_of(article.id, kept)) == article.path.read_text(encoding="utf-8")


@settings(max_examples=200, deadline=None)
@given(IDS | st.sampled_from(["true", "null", "no", "on", "e1"]), bodies())
def test_any_article_comes_back(id_: str, body: Body) -> None:
    kept = json.loads(json.dumps(body))
    article = article_of(id_, kept)
    assert body_of(article) == body
    back = through_file(article)
    assert back.id == id_
    assert body_of(back) == body


@pytest.mark.parametrize(
    "part",
    [
        {"certitude": "sûr"}, {"public": ["martien"]}, {"review_by": "demain"}, {"sources": [{"title": "x"}]},
        {"season": {"from": "02-30", "until": "01-01"}}, {"phrasings": 3},
    ],
)  # fmt: skip
def test_what_is_not_an_article_is_refused_without_quoting_it(part: Body) -> None:
    body = body_of(ARTICLES[0]) | part
    with pytest.raises(BadBody) as refused:
        article_of("x", body)
    assert "martien" not in str(refused.value)
    missing = dict(body_of(ARTICLES[0]))
    del missing["answer"]
    with pytest.raises(BadBody):
        article_of("x", missing)


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        ((1, 15, 9, 15), [(1, 15), (9, 15), (5, 1)], [(1, 14), (9, 16)]),
        ((11, 1, 2, 28), [(11, 1), (12, 31), (1, 1), (2, 28)], [(2, 29), (3, 1), (10, 31)]),
        ((3, 3, 3, 3), [(3, 3)], [(3, 2), (3, 4)]),
    ],
)
def test_seasons(season: tuple[int, ...], inside: list[tuple[int, int]], outside: list[tuple[int, int]]) -> None:
    period = Season((season[0], season[1]), (season[2], season[3]))
    assert all(period.holds(date(2028, *day)) for day in inside)
    assert not any(period.holds(date(2028, *day)) for day in outside)
    assert Season.read(period.written()) == period
