"""Member and Provider: what of a person is not sealed, as REST shows it, for those who may look them up there."""

from collections.abc import Iterable
from datetime import date

import strawberry
from strawberry.dataloader import DataLoader

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


@strawberry.type
class _Person:
    """What members and providers have alike; no type of the schema."""

    id: strawberry.ID | None

    @strawberry.field
    async def status(self, info: Asking) -> str | None:
        """active or ended."""
        row = await self._row(info)
        if row is None:
            return None
        return "active" if row["ended_on"] is None else "ended"

    @strawberry.field
    async def ended_on(self, info: Asking) -> date | None:
        """The last day, once there is one."""
        row = await self._row(info)
        return None if row is None else _date(row["ended_on"])

    async def _row(self, info: Asking) -> Row | None:
        return None if self.id is None else await self._loader(info).load(self.id)

    @staticmethod
    def _loader(info: Asking) -> DataLoader[str, Row | None]:
        raise NotImplementedError


@strawberry.type(description="The patient. But for the id all is null where the caller may not look the member up.")
class Member(_Person):
    """By our id; null where the claim named the member otherwise and nobody has been found yet."""

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

    @staticmethod
    def _loader(info: Asking) -> DataLoader[str, Row | None]:
        return info.context.members


@strawberry.type(description="The billing provider. But for the id all is null where the caller may not look it up.")
class Provider(_Person):
    """By our id; null where the claim named the provider otherwise."""

    @strawberry.field
    async def kind(self, info: Asking) -> str | None:
        """Such as hospital or clinic."""
        row = await self._row(info)
        return None if row is None else row["kind"]

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

    @staticmethod
    def _loader(info: Asking) -> DataLoader[str, Row | None]:
        return info.context.providers


def _date(day: int | None) -> date | None:
    return None if day is None else calendar_of(day)
