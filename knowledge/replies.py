"""The sentences of the assistant: content, by key, with variants for those that are often heard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from knowledge.content_file import CONTENT, ContentError, Fault, Located, line_of, load_yaml

LIVE = {  # the sentences of a hand-over to a person
    "": """
        direct_quitte direct_absent direct_plus_personne direct_rappel_passe bouton_ne_plus_attendre bouton_demande_ecrite
    """,
    "nom": "direct_arrivee direct_alarme direct_retour direct_fin",
    "position": "direct_attente direct_deja",
    "minutes position": "direct_attente_mesuree",
    "nom position": "direct_perdu",
    "avant nom": "direct_transfert",
    "equipe position": "direct_transfert_equipe",
    "equipe nom reference": "direct_demande",
    "horaires": "direct_ferme",
    "creneau": "direct_rappel bouton_rappel",
}
# What each sentence may carry; the keys of the product are exactly these.
PLACEHOLDERS: dict[str, frozenset[str]] = {
    key: frozenset(words.split())
    for words, keys in {
        "": """
            salutation besoin_aide salutation_demande salutation_reprise remerciement remerciement_demande au_revoir
            au_revoir_demande comment_ca_va comment_ca_va_demande qui_suis_je insulte anglais anglais_personne
            relance_oui relance_non retour retour_oui choix choix_aucun choix_dans_demande proposition_refusee
            hors_sujet incompris incompris_personne demande_acceptee demande_reprise demande_laissee
            demande_laissee_question question_passee question_obligatoire contact_note_question reponse_notee
            contact_note aide_question question_pour_equipe precision_notee recapitulatif_attente corriger_quoi
            correction_faite correction_question correction_introuvable correction_plus_tard demande_annulee
            rien_a_annuler rien_a_envoyer non_fourni suivi_reference_illisible suivi_reference_fausse
            suivi_reference_a_donner suivi_contact suivi_contact_illisible suivi_transmettre suivi_abandonne
            etat_nouveau etat_assigne etat_en_attente etat_resolu etat_clos etat_rouvert etat_inconnu bouton_oui bouton_non
            bouton_passer bouton_pas_identifiant bouton_annuler bouton_envoyer bouton_modifier
            securite_danger securite_harcelement
            securite_detresse securite_contact securite_contact_recu securite_reprise securite_suite
        """
        + LIVE[""],
        "equipe": """
            meme_reponse retour_non choix_refuses demande_debut pourquoi_question recapitulatif
        """,
        "telephone": """
            deux_echecs demande_personne personne_vite contact_indispensable suivi_introuvable suivi_sans_reference
            suivi_sans_contact
        """,
        "equipe telephone": """
            personne_deja
        """,
        "sujet": """
            changement_sujet
        """,
        "equipe reference": """
            ticket_ouvert
        """,
        "reference": """
            ticket_deja_ouvert
        """,
        "exemple": """
            suivi_reference
        """,
        "equipe etat reference sujet": """
            suivi_trouve
        """,
        "question reponse sources": """
            copie_courriel
        """,
        "delai": """
            delai_constate
        """,
        "lien telephone": """
            degrade_personne degrade_demande
        """,
        **{words: keys for words, keys in LIVE.items() if words},
    }.items()
    for key in keys.split()
}
SAFETY_KEYS = ("securite_danger", "securite_harcelement", "securite_detresse")


@dataclass(frozen=True, slots=True)
class Replies:
    """Variants by key."""

    variants: dict[str, tuple[str, ...]]

    def say(self, key: str, *, turn: int = 0, **values: str) -> str:
        """The sentence `key`, filled. `turn` moves through the variants, so that nobody hears one twice in a row."""
        variants = self.variants[key]
        text = variants[turn % len(variants)]
        for name, value in values.items():
            for article, contracted in (("les ", ("aux", "des")), ("le ", ("au", "du"))):
                if value.startswith(article):  # "à les conseillers" is said "aux conseillers"
                    rest = value.removeprefix(article)
                    text = text.replace(f"à {{{name}}}", f"{contracted[0]} {rest}")
                    text = text.replace(f"de {{{name}}}", f"{contracted[1]} {rest}")
        return text.format(**values)


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
