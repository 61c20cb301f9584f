"""Who asks, and what is fetched for them in one go however many fields ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from strawberry.dataloader import DataLoader
from strawberry.types import Info

from api.auth import Principal
from api.desk import Desk, Row
from api.queries import StoredClaim


@dataclass(frozen=True, slots=True)
class Asked:
    """The context of one GraphQL request, which executes `operation` where it has several.

    The loaders live as long as it: nothing is kept for another caller.
    """

    principal: Principal
    correlation: str
    operation: str | None
    desk: Desk
    details: DataLoader[str, StoredClaim | None]
    payments: DataLoader[str, Row | None]


Asking = Info[Asked, None]


def asked_of(principal: Principal, correlation: str, operation: str | None, desk: Desk) -> Asked:
    """The context of a request; fields of many claims become one query of the desk."""

    async def details(ids: list[str]) -> Sequence[StoredClaim | None]:
        found = await desk.details(principal, ids)
        return [found.get(claim_id) for claim_id in ids]

    async def payments(ids: list[str]) -> Sequence[Row | None]:
        found = await desk.payments(principal, ids)
        return [found.get(claim_id) for claim_id in ids]

    return Asked(principal, correlation, operation, desk, DataLoader(details), DataLoader(payments))
