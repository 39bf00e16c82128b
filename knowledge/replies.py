"""The sentences of the assistant: content, by key, with variants for those that are often heard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from knowledge.content_file import CONTENT, ContentError, Fault, Located, line_of, load_yaml

# What each sentence may carry; the keys of the product are exactly these.
PLACEHOLDERS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            *(
                "salutation",
                "remerciement",
                "au_revoir",
                "au_revoir_demande",
                "comment_ca_va",
                "qui_suis_je",
                "insulte",
                "anglais",
            ),
            *(
                "relance",
                "retour",
                "retour_oui",
                "choix",
                "choix_aucun",
                "choix_dans_demande",
                "proposition_refusee",
                "hors_sujet",
            ),
            *(
                "incompris",
                "demande_acceptee",
                "demande_reprise",
                "question_passee",
                "question_obligatoire",
                "corriger_quoi",
            ),
            *("correction_faite", "correction_question", "correction_introuvable", "demande_annulee", "rien_a_annuler"),
            *("rien_a_envoyer", "non_fourni", "suivi_reference_illisible", "suivi_contact", "suivi_contact_illisible"),
            *(
                "suivi_abandonne",
                "etat_nouveau",
                "etat_en_cours",
                "etat_en_attente",
                "etat_resolu",
                "etat_clos",
                "etat_inconnu",
            ),
            *("bouton_oui", "bouton_non", "bouton_passer", "bouton_annuler", "bouton_envoyer", "bouton_modifier"),
            *(
                "securite_danger",
                "securite_harcelement",
                "securite_detresse",
                "securite_contact",
                "securite_contact_recu",
            ),
            "securite_suite",
        ),
        frozenset[str](),
    ),
    **dict.fromkeys(("retour_non", "choix_refuses", "demande_debut", "recapitulatif"), frozenset({"equipe"})),
    **dict.fromkeys(("deux_echecs", "demande_personne", "suivi_introuvable"), frozenset({"telephone"})),
    **dict.fromkeys(("degrade_personne", "degrade_demande"), frozenset({"lien", "telephone"})),
    "personne_deja": frozenset({"equipe", "telephone"}),
    "changement_sujet": frozenset({"sujet"}),
    "suivi_reference": frozenset({"exemple"}),
    "ticket_ouvert": frozenset({"equipe", "reference"}),
    "ticket_deja_ouvert": frozenset({"reference"}),
    "suivi_trouve": frozenset({"reference", "sujet", "equipe", "etat"}),
}
SAFETY_KEYS = ("securite_danger", "securite_harcelement", "securite_detresse")


@dataclass(frozen=True, slots=True)
class Replies:
    """Variants by key."""

    variants: dict[str, tuple[str, ...]]

    def say(self, key: str, *, turn: int = 0, **values: str) -> str:
        """The sentence `key`, filled. `turn` moves through the variants, so that nobody hears one twice in a row."""
        variants = self.variants[key]
        return variants[turn % len(variants)].format(**values)


def load_replies(path: Path = CONTENT / "reponses.yml") -> Replies:
    """Read the sentences.

    Raises:
        ContentError: a sentence is missing, unknown or empty, or has a word in braces that the service does not fill.
    """
    content = load_yaml(path.read_text(encoding="utf-8"), path)
    if not isinstance(content, Located):
        raise ContentError([Fault(path, 1, "le fichier n'est pas une liste de clés")])
    faults = [Fault(path, 1, f"phrase absente : {key}") for key in PLACEHOLDERS if key not in content]
    for key, value in content.items():
        line = content.lines.get(key, 1)
        if key not in PLACEHOLDERS:
            faults.append(Fault(path, line, f"phrase inconnue : {key}"))
            continue
        texts = _texts(value)
        if not texts:
            faults.append(Fault(path, line, f"phrase vide ou illisible : {key}"))
        faults += [Fault(path, line_of(t, line), m) for t in texts for m in _wrong(t, PLACEHOLDERS[key])]
    if faults:
        raise ContentError(faults)
    return Replies({key: tuple(str(t) for t in _texts(value)) for key, value in content.items()})


def _texts(value: Any) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    return texts if all(isinstance(t, str) and t.strip() for t in texts) else []


def _wrong(text: str, allowed: frozenset[str]) -> list[str]:
    try:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return ["accolade seule dans la phrase"]
    return [f"mot entre accolades inconnu : {name}" for name in sorted(found - allowed)]
