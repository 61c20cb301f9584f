"""Who may do what: the one table of roles and permissions."""

from collections.abc import Iterable
from typing import Final

PERMISSIONS: Final = frozenset(
    f"{thing}:{action}"
    for thing, actions in {
        "claim": ("create", "read", "update", "delete", "approve", "reject"),
        "member": ("create", "read", "update", "delete"),
        "provider": ("create", "read", "update", "delete"),
        "admin": ("access", "reports", "settings"),
    }.items()
    for action in actions
)

ROLES: Final[dict[str, frozenset[str]]] = {
    "super_admin": PERMISSIONS,
    "admin": frozenset(
        {
            "claim:create", "claim:read", "claim:update", "claim:approve", "claim:reject",
            "member:create", "member:read", "member:update",
            "provider:create", "provider:read", "provider:update",
            "admin:access", "admin:reports",
        }
    ),
    "claim_processor": frozenset(
        {"claim:read", "claim:update", "claim:approve", "claim:reject", "member:read", "provider:read"}
    ),
    "provider": frozenset({"claim:create", "claim:read", "member:read"}),
    "member": frozenset({"claim:create", "claim:read", "member:read", "member:update"}),
    "auditor": frozenset({"claim:read", "member:read", "provider:read", "admin:reports"}),
}  # fmt: skip

# Roles of outsiders: whoever has no other role sees only the claims of the provider or member that the token names.
OUTSIDE_ROLES: Final = frozenset({"provider", "member"})


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """All permissions of these roles; a role that is not in the table grants nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
