"""A change of one member or provider, as a door asks for it, and what became of it.

The door says how the record is to be by a function of the record as it is: that runs where changes are made one after
the other, so that nothing is lost between looking and writing, and may raise whatever the door wants to hear.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.envelope import Finding
from schemas.reference import Member, Provider

PersonRecord = Member | Provider
# How a release that was made over a door names its source; no folder has such a name.
CHANGES_SOURCE = "api/people"


class UnfitError(ValueError):
    """The record contradicts other reference data; `findings` say where and what to mend, quoting no value."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = tuple(findings)


class ReleaseAway(Exception):  # noqa: N818 - no fault of the caller, and it passes
    """No release could be made in time. It may still come: the same change again does no harm."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks for a change."""

    actor: str
    role: str
    correlation_id: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A change: `edit` makes the record as it shall be of the one that is there, None for none (or one taken away)."""

    topic: str
    record_id: str
    edit: Callable[[PersonRecord | None], PersonRecord]
    author: Author


@dataclass(frozen=True, slots=True)
class Changed:
    """The record as it is now, in the release that it names. `made`: whether this change made that release."""

    record: PersonRecord
    before: PersonRecord | None
    made: bool


class Changes(Protocol):
    """Makes changes, each within a release that all readers see in full or not at all."""

    async def change(self, wish: Wish) -> Changed:
        """Return once all replicas have the release. Raises UnfitError, ReleaseAway, and what `edit` raises."""

    async def close(self) -> None:
        """Finish what is under way, then let go."""
