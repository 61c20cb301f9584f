"""A folder of reference data as records, checked whole: either every record is good, or none is used.

Files, each as .csv, .yaml or .yml: members, coverages, providers, networks, plans (YAML, for its benefits), fees
(may be absent when no plan has a schedule), and, where there are any, contracts (YAML, for its terms), edits and
authorizations. `docs/reference-format.md` describes every column. A folder holds all reference data: what it lacks is
taken away by loading it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas import topics
from schemas.dates import text_of
from schemas.events import AuthorizationEvent
from schemas.reference import Contract, Edit, Fee, Member, Plan, Provider
from sources.reference.authorizations import authorizations_of
from sources.reference.contracts import Known, contracts_of
from sources.reference.edits import edits_of
from sources.reference.fees import currencies_of, fees_of
from sources.reference.networks import providers_of
from sources.reference.people import members_of
from sources.reference.plans import plans_of, terms_of
from sources.reference.problems import Place, Problems

Record = Member | Provider | Plan | Fee | Contract | Edit


@dataclass(frozen=True, slots=True)
class ReferenceFolder:
    """Records by topic and id (the key of the topic without its release), and authorizations by number."""

    name: str
    records: Mapping[str, Mapping[str, Record]]
    authorizations: Mapping[str, AuthorizationEvent]

    @property
    def counts(self) -> dict[str, int]:
        """Number of records by topic."""
        return {topic: len(records) for topic, records in self.records.items()}


def read_folder(folder: Path) -> ReferenceFolder:
    """Everything in the folder, of release 0; raises ReferenceDataError with all that is wrong."""
    problems = Problems()
    if not folder.is_dir():
        problems.add(Place(str(folder), None), None, "is no folder; name one that holds members.csv, plans.yaml, ...")
        problems.raise_if_any(str(folder))
    fees = fees_of(folder, problems)
    providers = providers_of(folder, problems)
    networks = {segment.network_id for provider in providers.values() for segment in provider.networks}
    schedules = currencies_of(fees)
    plans = plans_of(folder, networks, schedules, problems)
    known = Known(providers, networks, terms_of(plans), schedules)
    contracts, edits = contracts_of(folder, known, problems), edits_of(folder, known, problems)
    members = members_of(folder, known.plans, problems)
    authorizations = authorizations_of(folder, members, providers, problems)
    problems.raise_if_any(str(folder))
    records: dict[str, dict[str, Record]] = {
        topics.REFERENCE_MEMBERS: dict(members),
        topics.REFERENCE_PROVIDERS: dict(providers),
        topics.REFERENCE_PLANS: {f"{key[0]}|{text_of(key[1])}": plan for key, plan in plans.items()},
        topics.REFERENCE_FEES: {f"{'|'.join(key)}|{text_of(day)}": fee for (key, day), fee in fees.items()},
        topics.REFERENCE_CONTRACTS: {f"{key[0]}|{text_of(key[1])}": contract for key, contract in contracts.items()},
        topics.REFERENCE_EDITS: {f"{key[0]}|{text_of(key[1])}": edit for key, edit in edits.items()},
    }
    return ReferenceFolder(folder.absolute().name, records, authorizations)
