"""Member and Provider: what of a person is not sealed, as REST shows it, for those who may look them up there."""

from collections.abc import Iterable
from datetime import date

import strawberry

from api.desk import Row
from api.graphql.asking import Asking
from schemas.dates import calendar_of
from schemas.sealed_people import coverages_of, networks_of


@strawberry.type(description="A time of cover.")
class Coverage:
    """A segment of a member's cover."""

    coverage_id: strawberry.ID
    plan_id: strawberry.ID
    effective_from: date
    effective_to: date | None
    other_payer_first: bool
    enrolled_from: date | None


@strawberry.type(description="A time in a network.")
class Network:
    """A segment of a provider's networks."""

    network_id: strawberry.ID
    effective_from: date
    effective_to: date | None


@strawberry.type(description="The patient. But for the id all is null where the caller may not look the member up.")
class Member:
    """By our id; null where the claim named the member otherwise and nobody has been found yet."""

    id: strawberry.ID | None

    @strawberry.field
    async def status(self, info: Asking) -> str | None:
        """active or ended."""
        return _status(await self._row(info))

    @strawberry.field
    async def ended_on(self, info: Asking) -> date | None:
        """The last day, once there is one."""
        return _ended_on(await self._row(info))

    @strawberry.field
    async def sex(self, info: Asking) -> str | None:
        """As the payer has it."""
        row = await self._row(info)
        return None if row is None else row["sex"]

    @strawberry.field
    async def relationship(self, info: Asking) -> str | None:
        """To the subscriber."""
        row = await self._row(info)
        return None if row is None else row["relationship"]

    @strawberry.field
    async def coverages(self, info: Asking) -> list[Coverage] | None:
        """Times of cover, the first one first."""
        row = await self._row(info)
        if row is None:
            return None
        found = coverages_of(row)
        info.context.times.take(len(found))
        made = (
            Coverage(
                coverage_id=strawberry.ID(one.coverage_id),
                plan_id=strawberry.ID(one.plan_id),
                effective_from=calendar_of(one.effective_from),
                effective_to=_date(one.effective_to),
                other_payer_first=one.other_payer_first,
                enrolled_from=_date(one.enrolled_from),
            )
            for one in found
        )
        return info.context.turns.each(made)

    async def _row(self, info: Asking) -> Row | None:
        return None if self.id is None else await info.context.members.load(self.id)


@strawberry.type(description="The billing provider. But for the id all is null where the caller may not look it up.")
class Provider:
    """By our id; null where the claim named the provider otherwise."""

    id: strawberry.ID | None

    @strawberry.field
    async def kind(self, info: Asking) -> str | None:
        """Such as hospital or clinic."""
        row = await self._row(info)
        return None if row is None else row["kind"]

    @strawberry.field
    async def status(self, info: Asking) -> str | None:
        """active or ended."""
        return _status(await self._row(info))

    @strawberry.field
    async def ended_on(self, info: Asking) -> date | None:
        """The last day, once there is one."""
        return _ended_on(await self._row(info))

    @strawberry.field
    async def networks(self, info: Asking) -> list[Network] | None:
        """Times in networks, the first one first."""
        row = await self._row(info)
        if row is None:
            return None
        found = networks_of(row)
        info.context.times.take(len(found))
        made: Iterable[Network] = (
            Network(
                network_id=strawberry.ID(one.network_id),
                effective_from=calendar_of(one.effective_from),
                effective_to=_date(one.effective_to),
            )
            for one in found
        )
        return info.context.turns.each(made)

    async def _row(self, info: Asking) -> Row | None:
        return None if self.id is None else await info.context.providers.load(self.id)


def _status(row: Row | None) -> str | None:
    if row is None:
        return None
    return "active" if row["ended_on"] is None else "ended"


def _ended_on(row: Row | None) -> date | None:
    return None if row is None else _date(row["ended_on"])


def _date(day: int | None) -> date | None:
    return None if day is None else calendar_of(day)
