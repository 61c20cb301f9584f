"""Whose a claim is, and who may replace or void it."""

from typing import NamedTuple

from agents.rules.front_end import VOID


class Owner(NamedTuple):
    """Who sent a claim, and the billing provider and member that we know behind it; None: nobody that we know."""

    submitter_id: str
    provider_id: str | None
    member_id: str | None


def may_amend(owner: Owner, sender: Owner, frequency_code: str) -> bool:
    """Whether a claim of `sender` may replace (7) or void (8) one of `owner`.

    The billing provider of the original may, through whichever clearing house. So may its submitter: for the same
    member, to correct a wrong provider, or with a void on which nobody is known at all. A clearing house submits for
    many, so that being the submitter is not enough; and two providers that nobody knows are not the same one.
    """
    if sender.provider_id is not None and sender.provider_id == owner.provider_id:
        return True
    if sender.submitter_id != owner.submitter_id:
        return False
    if sender.member_id is not None:
        return sender.member_id == owner.member_id
    return frequency_code == VOID and sender.provider_id is None
