"""The world in which claims happen: plans with what they offer, families with their plans and coverage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from schemas.reference import Fee, Plan, Provider
from sources.generate.catalog import PlanCatalog, catalogs
from sources.generate.people import Family, families
from sources.generate.spec import Spec
from sources.reference.fees import currencies_of, fees_of
from sources.reference.networks import providers_of
from sources.reference.plans import plans_of
from sources.reference.problems import Problems

# Days from a plan's first day after which the coverage of some families ended.
COVERED_DAYS_OF_ENDED = 30
# Families in plans of Rupiah for each family in another currency.
_RUPIAH_WEIGHT = 3


@dataclass(frozen=True)
class World:
    """Families by position of their plan, with coverage (`living`) and without (`ended`)."""

    catalogs: Sequence[PlanCatalog]
    living: Sequence[Sequence[Family]]
    ended: Sequence[Sequence[Family]]
    last_days_of_ended: Sequence[int]


def world_of(spec: Spec) -> World:
    """The world of a spec. Raises ValueError when the reference data allow no claims on the spec's day."""
    return _world(spec.reference, spec.seed, spec.members, spec.day)


# Kept for the next call: making 100,000 members takes a second.
@lru_cache(maxsize=2)
def _world(reference: Path, seed: int, members: int, day: int) -> World:
    plans, fees, providers = read_terms(reference)
    made = catalogs(plans, fees, providers, day)
    living: list[list[Family]] = [[] for _ in made]
    ended: list[list[Family]] = [[] for _ in made]
    for family in population(seed, members, plans):
        (ended if family.ended else living)[family.plan].append(family)
    return World(made, living, ended, [last_day_of_ended(plan_id, plans) for plan_id in plan_ids(plans)])


def read_terms(folder: Path) -> tuple[list[Plan], list[Fee], list[Provider]]:
    """Plans, fees and providers of a folder of reference data; raises ReferenceDataError."""
    problems = Problems()
    fees = fees_of(folder, problems)
    providers = providers_of(folder, problems)
    networks = {segment.network_id for provider in providers.values() for segment in provider.networks}
    plans = plans_of(folder, networks, currencies_of(fees), problems)
    problems.raise_if_any(str(folder))
    return list(plans.values()), list(fees.values()), list(providers.values())


def population(seed: int, members: int, plans: Sequence[Plan]) -> Iterator[Family]:
    """All families, with the positions of their plans among `plan_ids`."""
    weights = [_RUPIAH_WEIGHT if _currency(plans, plan_id) == "IDR" else 1 for plan_id in plan_ids(plans)]
    return families(seed, members, weights)


def plan_ids(plans: Sequence[Plan]) -> list[str]:
    """Ids of all plans, sorted."""
    return sorted({plan.plan_id for plan in plans})


def first_day_of(plan_id: str, plans: Sequence[Plan]) -> int:
    """The first day of the first version of a plan: from here on its families are covered."""
    return min(plan.effective_from for plan in plans if plan.plan_id == plan_id)


def last_day_of_ended(plan_id: str, plans: Sequence[Plan]) -> int:
    """The last day of coverage of families that lost it."""
    return first_day_of(plan_id, plans) + COVERED_DAYS_OF_ENDED


def _currency(plans: Sequence[Plan], plan_id: str) -> str:
    return next(plan.currency for plan in plans if plan.plan_id == plan_id)
