"""What each question and command needs, for the doors that have one route for all of them."""

from typing import Final

from api.auth import Principal
from api.problems import Problem
from config.limits import IDEMPOTENCY_KEY_CHARACTERS_MAX

# By the name of the desk's method or command; the same as in the table of routes, which a test compares.
NEEDED: Final = {
    "submit": "claim:create",
    "claim": "claim:read",
    "list": "claim:read",
    "approve": "claim:approve",
    "deny": "claim:reject",
    "member": "member:read",
    "provider": "provider:read",
}
# What a provider or member whom the token names may ask of their own without it, as the table of routes has it.
OWNERS: Final = frozenset({"provider"})


def demand(principal: Principal, what: str) -> None:
    """Raise a 403 problem unless the token carries the permission that `what` needs."""
    permission = NEEDED[what]
    if permission not in principal.permissions and not (what in OWNERS and principal.is_outsider):
        raise Problem(403, "forbidden", f"This needs the permission {permission}, which the token does not carry.")


def checked_key(key: str | None) -> str | None:
    """The caller's key for a claim, as REST takes it in Idempotency-Key; raises a 400 problem where it is none."""
    if key is None or (0 < len(key) <= IDEMPOTENCY_KEY_CHARACTERS_MAX and all("!" <= each <= "~" for each in key)):
        return key
    text = f"must be 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} printable ASCII characters without spaces"
    raise Problem(400, "bad_idempotency_key", f"The key {text}.")
