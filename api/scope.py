"""Whose claims a caller may see: staff all, a provider its own, a member their own."""

from dataclasses import dataclass

from api.auth import Principal


@dataclass(frozen=True, slots=True)
class Scope:
    """What a caller sees: everything, or the claims of that provider and of that member. Neither: nothing."""

    everything: bool
    provider_id: str | None
    member_id: str | None

    def holds(self, provider_id: str | None, member_id: str | None) -> bool:
        """Whether a claim of that provider and member is in it."""
        own_as_provider = self.provider_id is not None and self.provider_id == provider_id
        own_as_member = self.member_id is not None and self.member_id == member_id
        return self.everything or own_as_provider or own_as_member


def scope_of(principal: Principal) -> Scope:
    """What this caller sees."""
    if principal.sees_all:
        return Scope(True, None, None)
    return Scope(False, principal.provider_id, principal.member_id)


def may_see(principal: Principal, provider_id: str | None, member_id: str | None) -> bool:
    """Whether a claim of that provider and member is any business of the caller's."""
    return scope_of(principal).holds(provider_id, member_id)
