"""Why a change of an article is refused."""

from __future__ import annotations

from api.errors import Conflict, Forbidden, Invalid, NotFound


class UnknownArticle(NotFound):
    """No article has this id, or it has no such version."""

    detail = "Cet article, ou cette version, n'existe pas."


class IdTaken(Conflict):
    """An article has this id."""

    detail = "Un article porte déjà cet identifiant."


class BadId(Invalid):
    """The id can't stand in an address."""

    detail = "Un identifiant n'a que des lettres minuscules sans accent, des chiffres et des tirets bas."


class Overtaken(Conflict):
    """Somebody saved in between, or the version is no longer where the form thought."""

    detail = "Quelqu'un a changé cet article entre-temps. Relisez-le avant de continuer."


class NotReady(Invalid):
    """The article has faults; `faults` says which."""

    detail = "Il reste des points à corriger avant la relecture."

    def __init__(self, faults: list[str]) -> None:
        super().__init__()
        self.faults = faults


class OwnWork(Forbidden):
    """Nobody publishes what they wrote."""

    detail = "Une autre personne doit relire : on ne publie pas ce qu'on a écrit."


class FewArticles(Conflict):
    """The last articles can't be archived."""

    detail = "Il faut garder au moins deux articles publiés."


class IndexNotReady(Conflict):
    """This process does not answer with the last publication: nothing can be compared with it."""

    detail = "La recherche de ce serveur n'est pas à jour. Rien n'a été publié. Réessayez dans un moment."
