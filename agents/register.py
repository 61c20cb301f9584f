"""The register of validate: what was accepted under a root claim, which version is in force, and what waits.

An entry stands under the root claim id from the first record that names it: a void may come before its original. Only
accepted versions are kept as submissions; a rejected one may come again mended and leaves no trace.
"""

from dataclasses import replace
from typing import NamedTuple

from agents.rules.front_end import REPLACEMENT
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


def is_full(entry: RegisterEntry) -> bool:
    """Whether the root takes no further replacement; a void, which ends it, is always taken."""
    return len(entry.submissions) >= SUBMISSIONS_PER_ROOT_MAX


def with_submission(entry: RegisterEntry, accepted: Accepted, frequency_code: str) -> RegisterEntry:
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
    return replace(
        entry,
        version=accepted.version,
        submissions=(*entry.submissions, submission),
        voided=frequency_code != REPLACEMENT,
    )


def _original(entry: RegisterEntry) -> Accepted:
    return Accepted(entry.claim_id, entry.digest, 1, entry.coverage_id, entry.release)


def _accepted(one: Submission) -> Accepted:
    return Accepted(one.claim_id, one.digest, one.version, one.coverage_id, one.release)
