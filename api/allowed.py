"""What each question and command needs, for the doors that have one route for all of them."""

from typing import Final, Literal

from api.auth import Principal
from api.problems import Problem
from config.limits import IDEMPOTENCY_KEY_CHARACTERS_MAX

Person = Literal["member", "provider"]
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


def is_permitted(principal: Principal, what: str) -> bool:
    """Whether the token carries the permission that `what` needs, or needs none for what its owner may."""
    return NEEDED[what] in principal.permissions or (what in OWNERS and principal.is_outsider)


def demand(principal: Principal, what: str) -> None:
    """Raise a 403 problem unless the token carries the permission that `what` needs."""
    if not is_permitted(principal, what):
        raise Problem(403, "forbidden", f"This needs the permission {NEEDED[what]}, which the token does not carry.")


def own_id(principal: Principal, person: Person) -> str | None:
    """The member or provider that the token names."""
    return principal.member_id if person == "member" else principal.provider_id


def in_reach(principal: Principal, person: Person, record_id: str) -> bool:
    """Whether this member or provider is any business of the caller's: staff see all, outsiders the one they are."""
    return principal.sees_all or (principal.is_outsider and own_id(principal, person) == record_id)


def checked_key(key: str | None) -> str | None:
    """The caller's key for a claim, as REST takes it in Idempotency-Key; raises a 400 problem where it is none."""
    if key is None or (0 < len(key) <= IDEMPOTENCY_KEY_CHARACTERS_MAX and all("!" <= each <= "~" for each in key)):
        return key
    text = f"must be 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} printable ASCII characters without spaces"
    raise Problem(400, "bad_idempotency_key", f"The key {text}.")
