"""The register of validate: what was accepted under a root claim, which version is in force, and what waits.

An entry stands under the root claim id from the first record that names it: a void may come before its original. Only
accepted versions are kept as submissions; a rejected one may come again mended and leaves no trace.

Whose a claim is goes with what is in force: an accepted replacement that corrects the provider or the member, or comes
from another clearing house, makes the claim theirs. Otherwise a provider named by mistake could go on changing it.
"""

from dataclasses import replace
from typing import NamedTuple

from agents.rules.front_end import REPLACEMENT
from agents.rules.ownership import Owner
from config.limits import SUBMISSIONS_PER_ROOT_MAX
from schemas.state import RegisterEntry, Submission


class Accepted(NamedTuple):
    """A version that was accepted under a root: what a copy of it is compared with, and where it went."""

    claim_id: str
    digest: str
    version: int
    coverage_id: str
    release: int


def awaited(root_id: str) -> RegisterEntry:
    """The entry of an original that has not come yet."""
    return RegisterEntry(root_id, "", 0, "", 0, rejected=True)


def has_come(entry: RegisterEntry | None) -> bool:
    """Whether the original was seen, accepted or not."""
    return entry is not None and bool(entry.digest)


def accepted_as(entry: RegisterEntry, claim_id: str) -> Accepted | None:
    """The accepted version with that claim id; None when there is none."""
    if entry.rejected:
        return None
    if claim_id == entry.claim_id:
        return _original(entry)
    for one in entry.submissions:
        if one.claim_id == claim_id:
            return _accepted(one)
    return None


def in_force(entry: RegisterEntry) -> Accepted:
    """The claim in force, or the last that was: the latest replacement, else the original."""
    for one in reversed(entry.submissions):
        if one.frequency_code == REPLACEMENT:
            return _accepted(one)
    return _original(entry)


def owner_of(entry: RegisterEntry) -> Owner | None:
    """Whose the claim in force is; None when that is not known.

    Entries of a version that did not note it say nothing: what amends them is taken on trust, as it was then. The
    first replacement that is accepted notes it.
    """
    if entry.submitter_id is None:
        return None
    return Owner(entry.submitter_id, entry.provider_id, entry.member_id)


def is_full(entry: RegisterEntry) -> bool:
    """Whether the root takes no further replacement; a void, which ends it, is always taken."""
    return len(entry.submissions) >= SUBMISSIONS_PER_ROOT_MAX


def with_submission(entry: RegisterEntry, accepted: Accepted, frequency_code: str, sender: Owner) -> RegisterEntry:
    """The entry with one more accepted version: a replacement, or a void after which nothing is in force."""
    submission = Submission(
        claim_id=accepted.claim_id,
        digest=accepted.digest,
        version=accepted.version,
        coverage_id=accepted.coverage_id,
        release=accepted.release,
        rejected=False,
        frequency_code=frequency_code,
    )
    changed = replace(entry, version=accepted.version, submissions=(*entry.submissions, submission))
    return of_owner(changed, sender) if frequency_code == REPLACEMENT else replace(changed, voided=True)


def of_owner(entry: RegisterEntry, owner: Owner) -> RegisterEntry:
    """The entry with whose the claim in force is now."""
    submitter_id, provider_id, member_id = owner
    return replace(entry, submitter_id=submitter_id, provider_id=provider_id, member_id=member_id)


def _original(entry: RegisterEntry) -> Accepted:
    return Accepted(entry.claim_id, entry.digest, 1, entry.coverage_id, entry.release)


def _accepted(one: Submission) -> Accepted:
    return Accepted(one.claim_id, one.digest, one.version, one.coverage_id, one.release)
