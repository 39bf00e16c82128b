"""The classes a learner can pick instead of writing. Each value is one that the form understands (tests say so)."""

from __future__ import annotations

LEVELS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Maternelle",
        (
            ("petite section", "Petite section"),
            ("moyenne section", "Moyenne section"),
            ("grande section", "Grande section"),
        ),
    ),
    ("École élémentaire", (("CP", "CP"), ("CE1", "CE1"), ("CE2", "CE2"), ("CM1", "CM1"), ("CM2", "CM2"))),
    ("Collège", (("6e", "6e"), ("5e", "5e"), ("4e", "4e"), ("3e", "3e"), ("SEGPA", "Segpa"))),
    ("Lycée", (("seconde", "Seconde"), ("première", "Première"), ("terminale", "Terminale"))),
    (
        "Lycée professionnel",
        (
            ("CAP", "CAP"),
            ("seconde pro", "Seconde professionnelle"),
            ("première pro", "Première professionnelle"),
            ("terminale pro", "Terminale professionnelle"),
        ),
    ),
    ("Après le bac", (("BTS", "BTS"),)),
)
VALUES = frozenset(value for _, levels in LEVELS for value, _ in levels)
