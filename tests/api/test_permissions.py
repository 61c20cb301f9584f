"""The table of roles and permissions, cell by cell."""

import pytest

from api.permissions import OUTSIDE_ROLES, PERMISSIONS, ROLES, permissions_of

# Who may:                  super  admin  processor provider member auditor
TABLE = """
claim:create                x      x      -         x        x      -
claim:read                  x      x      x         x        x      x
claim:update                x      x      x         -        -      -
claim:delete                x      -      -         -        -      -
claim:approve               x      x      x         -        -      -
claim:reject                x      x      x         -        -      -
member:create               x      x      -         -        -      -
member:read                 x      x      x         x        x      x
member:update               x      x      -         -        x      -
member:delete               x      -      -         -        -      -
provider:create             x      x      -         -        -      -
provider:read               x      x      x         -        -      x
provider:update             x      x      -         -        -      -
provider:delete             x      -      -         -        -      -
admin:access                x      x      -         -        -      -
admin:reports               x      x      -         -        -      x
admin:settings              x      -      -         -        -      -
"""
COLUMNS = ("super_admin", "admin", "claim_processor", "provider", "member", "auditor")
CELLS = [
    (role, permission, cell == "x")
    for permission, *cells in (line.split() for line in TABLE.strip().splitlines())
    for role, cell in zip(COLUMNS, cells, strict=True)
]


@pytest.mark.parametrize(("role", "permission", "allowed"), CELLS)
def test_cell(role: str, permission: str, allowed: bool) -> None:
    assert (permission in ROLES[role]) is allowed


def test_the_table_is_whole() -> None:
    assert set(COLUMNS) == ROLES.keys()
    assert {permission for _, permission, _ in CELLS} == PERMISSIONS
    assert ROLES.keys() > OUTSIDE_ROLES


def test_an_unknown_role_grants_nothing_and_roles_add_up() -> None:
    assert permissions_of(["wizard"]) == frozenset()
    assert permissions_of(["auditor", "member"]) == ROLES["auditor"] | ROLES["member"]
