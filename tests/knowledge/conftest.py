"""A small content that has no fault, for tests that put one in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.content_file import CONTENT
from tests.quality import Judged, judged_once

TEAMS = """\
- {id: crc, libelle: "Relation client", dire: "l'équipe d'accueil"}
- {id: conseil_scolarite, libelle: "Conseil", dire: "les conseillers"}
"""
FIELDS = """\
- {id: demandeur, libelle: Demandeur, question: Qui ?, genre: choix, choix: [{id: eleve, libelle: Élève}]}
- {id: nom, libelle: Nom, question: Nom ?, genre: texte}
- {id: nom_eleve, libelle: Nom de l'élève, question: Nom de l'élève ?, genre: texte}
- {id: identifiant, libelle: Numéro, question: Numéro ?, genre: identifiant}
- {id: niveau, libelle: Classe, question: Classe ?, genre: niveau}
- {id: formation, libelle: Formation, question: Formation ?, genre: texte}
- {id: contact, libelle: Contact, question: Contact ?, genre: contact, facultatif: false}
- {id: sujet, libelle: Sujet, question: Sujet ?, genre: texte}
"""
TYPES = """\
# Les services-type
- id: contact_horaires
  code: INF-01
  libelle: 'Contact'
  accompagnement: parcours
  traitement: simple
  equipe: crc
  par_unite: false
  delai_heures: null
  champs: [sujet]
- id: orientation
  code: ORI-01
  libelle: 'Orientation'
  accompagnement: parcours
  traitement: complexe
  equipe: conseil_scolarite
  par_unite: true
  delai_heures: 48
  champs: []
"""
ANSWER = (
    "Le standard répond du lundi au vendredi en 2025, de huit heures trente à dix-huit heures.\n\n"
    "En dehors de ces heures une voix enregistrée prend l'appel et donne les moyens d'écrire. "
    "Vous pouvez aussi écrire par le formulaire du site, à toute heure, et une personne vous répond ensuite par écrit."
)


def article(id_: str, service_type: str, phrasings: list[str]) -> str:
    """The text of an article without fault. The answer starts on line 24, phrasing i (from 0) of a register of two."""
    registers = ("poli", "bref", "sms", "parent_inquiet")
    lines = [
        "---",
        f"id: {id_}",
        f'question: "Question de {id_} ?"',
        f"service_type: {service_type}",
        "public: [eleve, parent]",
        "certitude: publie",
        "sources:",
        '  - title: "Rapport"',
        "    year: 2025",
        "review_by: 2027-05-15",
        "phrasings:",
    ]
    for rank, register in enumerate(registers):
        lines += [f"  {register}:", *(f'    - "{text}"' for text in phrasings[2 * rank : 2 * rank + 2])]
    return "\n".join([*lines, "---", "", ANSWER, ""])


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content of two types and two articles."""
    folder = tmp_path / "content"
    (folder / "faq").mkdir(parents=True)
    (folder / "equipes.yml").write_text(TEAMS, encoding="utf-8")
    (folder / "champs.yml").write_text(FIELDS, encoding="utf-8")
    (folder / "services_type.yml").write_text(TYPES, encoding="utf-8")
    for name in ("reponses.yml", "horaires.yml", "conversation.yml"):
        shutil.copy(CONTENT / name, folder / name)
    for id_, service_type, word in (("horaires", "contact_horaires", "ouvert"), ("conseils", "orientation", "orienté")):
        text = article(id_, service_type, [f"quand {word} numéro {n}" for n in range(8)])
        (folder / "faq" / f"{id_}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """Training and dev messages about the small content."""
    folder = tmp_path / "data"
    for split, writer, text in (("train", "a", "vous ouvrez quand"), ("dev", "b", "jusqu'à quelle heure")):
        (folder / split).mkdir(parents=True)
        (folder / split / "voix.yml").write_text(
            "version: '3.1'\nnlu:\n- intent: contact_horaires/horaires\n"
            f'  metadata: {{voice: v{writer}, writer: {writer}}}\n  examples:\n  - text: "{text}"\n',
            encoding="utf-8",
        )
    return folder


@pytest.fixture(scope="session")
def judged() -> list[Judged]:
    """The dev messages triaged by the real models."""
    return judged_once()
