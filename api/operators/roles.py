"""What staff members are."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["editeur", "conseiller", "superviseur", "administrateur"]
ROLES: tuple[Role, ...] = get_args(Role)


def at_least(role: str, wanted: Role) -> bool:
    """True when `role` may do what `wanted` may: each role has all the rights of the ones before it."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(wanted)


def may_edit(role: str) -> bool:
    """True for those who write and review the articles of the FAQ: editors, who see no request of anybody, and supervisors."""
    return role == "editeur" or at_least(role, "superviseur")
