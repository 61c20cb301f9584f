"""Which claims are asked for, and which part of them: the same for every door."""

from dataclasses import dataclass
from datetime import date

from schemas.vocabulary import Form, Status, Substatus

PAGE_DEFAULT = 50


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Conditions that all hold; an empty one says nothing.

    `service_from` and `service_to` (days, both included) bound the first day of service; `submitted_from` and
    `submitted_to` the day of acceptance on the payer's calendar.
    """

    ids: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    substatuses: tuple[Substatus, ...] = ()
    forms: tuple[Form, ...] = ()
    member_id: str | None = None
    provider_id: str | None = None
    service_from: date | None = None
    service_to: date | None = None
    submitted_from: date | None = None
    submitted_to: date | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A filter with what must not stand in a URL. All of it holds; None says nothing.

    `identifiers`: system and value, such as ("nik", "3174..."). `control_number`: the submitter's own number of the
    claim, unique under `submitter_id`. `text`: words in findings and in reasons of denials.
    """

    where: ClaimFilter = ClaimFilter()
    identifiers: tuple[tuple[str, str], ...] = ()
    member_name: str | None = None
    control_number: str | None = None
    submitter_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """How many at most, and after which: `after` is the `next` of the page before, None for the first page."""

    limit: int = PAGE_DEFAULT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class TotalsFilter:
    """Which claims are counted (days of acceptance on the payer's calendar, both included), and by what."""

    group_by: tuple[str, ...] = ("status", "currency")
    day_from: date | None = None
    day_to: date | None = None
    statuses: tuple[Status, ...] = ()
    forms: tuple[Form, ...] = ()
    currency: str | None = None
    provider_id: str | None = None
