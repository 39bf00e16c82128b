"""Turns of phrase that change what a message means in the state of its conversation."""

from __future__ import annotations

import re

QUESTION = re.compile(
    r"\?|^\s*(est[- ]ce que|comment|combien|quand|pourquoi|où|ou est|quel(le)?s?\b|qui\b|que faire|c'est quoi|peut-on|"
    r"puis-je|dois-je|faut-il|ai-je|y a-t-il|a quoi|à quoi)",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(autre (chose|question|demande|sujet|probl[eè]me)|chang\w+ de (sujet|demande|question)|rien [aà] voir|"
    r"laiss\w+ tomber|(c'est|c|ce n'est) pas (pour [cç]a|pour cela|ma demande|le bon sujet|la bonne demande|mon probl[eè]me)|"
    r"pas le bon sujet|(mauvais|autre) sujet|sujet (est |n'est )?(faux|pas)|tromp\w+ de (sujet|demande))",
    re.IGNORECASE,
)
RATHER = re.compile(r"\b(en fait|finalement|plut[oô]t|au lieu|non je veux|non je voudrais)\b", re.IGNORECASE)
ASKS = re.compile(
    r"^\W*(bonjour\W+)?(je|j'|jarrive|jai|on|nous|impossible|comment|pourquoi|mon|ma|mes|le site|la plateforme)\b",
    re.IGNORECASE,
)
NONE_OF_THEM = re.compile(r"\s*(aucune?|rien de tout|ni l)\b", re.IGNORECASE)
YES_AND = re.compile(r"\s*(oui|ouais|ok|d'accord|volontiers|je veux bien|pourquoi pas|si vous voulez)\b", re.IGNORECASE)
NO_AND = re.compile(
    r"\s*(non|nan|bof|pas (vraiment|du tout|trop)|toujours pas|[cç]a (ne )?(marche|fonctionne|aide|r[eé]pond|change)|"
    r"j'ai d[eé]j[aà]|d[eé]j[aà] (fait|essay[eé]))\b",
    re.IGNORECASE,
)
MASKED_CONTACT = re.compile(r"\[(COURRIEL|TÉLÉPHONE)\]")
# A masked contact and the words that bring it ("et mon tel c'est").
AROUND_CONTACT = re.compile(
    r"(?:\b(?:et|ou|mais|mon|ma|mes|le|la|au|à|par|adresse|(?:e-?)?mails?|courriel|t[ée]l[ée]phone|t[ée]l|num[ée]ro|num|portable|contact|mobile"
    r"|de|c'est|est|voici|voil[àa]|aussi|c)\b[\s,;:.]*|l')*\[(?:COURRIEL|TÉLÉPHONE)\]",
    re.IGNORECASE,
)
