"""The themes of the public FAQ: every service type in one of them, addresses that nothing else has."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.articles import load_articles
from knowledge.content_file import ContentError
from knowledge.service_types import load_catalogue
from knowledge.themes import OTHERS, by_theme, load_themes, theme_faults

GOOD = """\
- id: joindre-le-cned
  titre: "Joindre"
  description: "Téléphone, horaires et adresses : comment joindre le Cned, et qui."
  services: [contact_horaires]
"""


def test_the_themes_of_the_product() -> None:
    themes, articles, catalogue = load_themes(), load_articles(), load_catalogue()
    grouped = by_theme(articles, themes)
    assert OTHERS not in grouped
    assert sum(len(own) for own in grouped.values()) == len(articles)
    assert list(grouped) == [t for t in themes if t in grouped]
    assert theme_faults(Path("knowledge/content").resolve(), catalogue, set(articles)) == []


def test_without_the_file_everything_is_under_other_questions(tmp_path: Path) -> None:
    assert load_themes(tmp_path) == ()
    articles = load_articles()
    assert list(by_theme(articles, ())) == [OTHERS]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("id: joindre-le-cned", "id: Joindre_le"), "mal formée"),
        (("id: joindre-le-cned", "id: autres-questions"), "déjà prise"),
        (('titre: "Joindre"', "titre: ''"), "titre"),
        (("Téléphone, horaires et adresses : comment joindre le Cned, et qui.", "Court."), "6 caractères"),
        (("services: [contact_horaires]", "autre: x"), "services"),
    ],
)
def test_a_malformed_theme_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "themes.yml").write_text("# thèmes\n" + GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_themes(tmp_path)
    assert said in str(error.value)
    assert "themes.yml:2:" in str(error.value)


def test_themes_agree_with_the_catalogue(tmp_path: Path) -> None:
    text = GOOD.replace("[contact_horaires]", "[contact_horaires, inconnu, contact_horaires]")
    (tmp_path / "themes.yml").write_text(text, encoding="utf-8")
    said = "\n".join(f.message for f in theme_faults(tmp_path, load_catalogue(), {"joindre-le-cned"}))
    for fault in (
        "service-type inconnu : inconnu",
        "dans deux thèmes : contact_horaires",
        "un article porte",
        "sans thème",
    ):
        assert fault in said
