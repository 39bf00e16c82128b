"""What staff members are."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["conseiller", "superviseur", "administrateur"]
ROLES: tuple[Role, ...] = get_args(Role)


def at_least(role: str, wanted: Role) -> bool:
    """True when `role` may do what `wanted` may: each role has all the rights of the ones before it."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(wanted)
