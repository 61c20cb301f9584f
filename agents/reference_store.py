"""Reference data in memory, by release: filled record by record, read as of one release.

Members and providers stay encoded, since there are many and a claim needs one of each; plans and fees are few and are
kept decoded. One thread fills it; others may read meanwhile, since a release is handed out only when it is complete.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from schemas import topics
from schemas.claim import Identifier
from schemas.codec import Codec
from schemas.reference import Contract, Edit, Fee, Member, Plan, Provider, ReferenceRelease

R = TypeVar("R", bound=Member | Provider)
S = TypeVar("S", bound=Plan | Fee | Contract | Edit)
G = TypeVar("G", bound=Contract | Edit)
DECODED_KEPT = 4_096
GROUPS_KEPT = 50_000
SEVERITIES = ("deny", "pend", "warn")


class _Encoded(Generic[R]):
    """Members or providers: versions of their bytes by id, and ids by identifier."""

    def __init__(self, record: type[R], codec: Codec) -> None:
        self._record = record
        self._codec = codec
        self._versions: dict[str, tuple[tuple[int, bytes | None], ...]] = {}
        self._by_identifier: dict[tuple[str, str], str] = {}
        self._decode = lru_cache(maxsize=DECODED_KEPT)(self._decoded)

    def add(self, record_id: str, record: R, value: bytes, identifiers: Sequence[Identifier]) -> None:
        version = (record.release, None if record.removed else value)
        kept = [known for known in self._versions.get(record_id, ()) if known[0] != record.release]
        self._versions[record_id] = tuple(sorted([*kept, version], key=lambda known: known[0]))
        for identifier in identifiers:
            self._by_identifier[(identifier.system, identifier.value)] = record_id

    def at(self, record_id: str, release: int) -> R | None:
        found = None
        for known, value in self._versions.get(record_id, ()):
            if known <= release:
                found = value
        return None if found is None else self._decode(found)

    def by_identifier(self, system: str, value: str, release: int) -> R | None:
        """The record that has this identifier in that release; an identifier that moved on is not found."""
        record_id = self._by_identifier.get((system, value))
        record = None if record_id is None else self.at(record_id, release)
        if record is None or not any(i.system == system and i.value == value for i in record.identifiers):
            return None
        return record

    def _decoded(self, value: bytes) -> R:
        return self._codec.decode(self._record, value)


class _Decoded(Generic[S]):
    """Plans or fees by what they are looked up with: every version of every release."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, ...], tuple[S, ...]] = defaultdict(tuple)

    def add(self, key: tuple[str, ...], record: S) -> None:
        same = (record.release, record.effective_from)
        kept = [known for known in self._versions[key] if (known.release, known.effective_from) != same]
        self._versions[key] = tuple(sorted([*kept, record], key=lambda known: (known.effective_from, known.release)))

    def at(self, key: tuple[str, ...], day: int, release: int) -> S | None:
        """The version in force on the day: the latest first day up to it, in its newest state of the release."""
        current: dict[int, S] = {}
        for record in self._versions.get(key, ()):
            if record.release <= release and record.effective_from <= day:
                current[record.effective_from] = record
        for first_day in sorted(current, reverse=True):
            record = current[first_day]
            if not record.removed and (record.effective_to is None or day <= record.effective_to):
                return record
        return None


class _Grouped(Generic[G]):
    """Contracts or edits by what they are about: ids under a key, and every version of each id."""

    def __init__(self, rank: Callable[[G], tuple[int, int, str]]) -> None:
        self._rank = rank
        self._versions: _Decoded[G] = _Decoded()
        self._ids: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._found: dict[tuple[tuple[str, str], int, int], tuple[G, ...]] = {}

    def add(self, record_id: str, about: tuple[str, str], record: G) -> None:
        self._versions.add((record_id,), record)
        self._ids[about][record_id] = None
        self._found.clear()

    def at(self, about: tuple[str, str], day: int, release: int) -> tuple[G, ...]:
        """All in force on the day that are about it, by rank; remembered, since a line asks each time."""
        if about not in self._ids:
            return ()
        place = (about, day, release)
        found = self._found.get(place)
        if found is None:
            versions = [self._versions.at((one,), day, release) for one in sorted(self._ids[about])]
            in_force = [one for one in versions if one is not None and _about(one) == about]
            found = tuple(sorted(in_force, key=self._rank))
            if len(self._found) >= GROUPS_KEPT:
                self._found.clear()
            self._found[place] = found
        return found


def _contract_rank(contract: Contract) -> tuple[int, int, str]:
    return (0, 0, contract.contract_id)


def _edit_rank(edit: Edit) -> tuple[int, int, str]:
    return (SEVERITIES.index(edit.severity), edit.priority, edit.edit_id)


def _about(record: Contract | Edit) -> tuple[str, str]:
    """What a record is found by: a contract by its provider or network, an edit by its code."""
    if isinstance(record, Edit):
        return ("code", record.code)
    return ("provider", record.provider_id) if record.provider_id else ("network", record.network_id or "")


class ReferenceStore:
    """All reference data that was read so far."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._members = _Encoded(Member, codec)
        self._providers = _Encoded(Provider, codec)
        self._plans: _Decoded[Plan] = _Decoded()
        self._fees: _Decoded[Fee] = _Decoded()
        self._contracts: _Grouped[Contract] = _Grouped(_contract_rank)
        self._edits: _Grouped[Edit] = _Grouped(_edit_rank)
        self._counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._announced: dict[int, ReferenceRelease] = {}
        self._views: dict[int, ReferenceView] = {}
        self._latest: int | None = None

    def add(self, topic: str, key: str, value: bytes) -> None:
        """Take a record as it was read from its topic; raises DecodeError for one that is none."""
        if topic == topics.REFERENCE_RELEASES:
            release = self._codec.decode(ReferenceRelease, value)
            self._announced[release.release] = release
        elif topic == topics.REFERENCE_MEMBERS:
            member = self._codec.decode(Member, value)
            self._members.add(member.member_id, member, value, member.identifiers)
            self._counts[member.release][topic] += 1
        elif topic == topics.REFERENCE_PROVIDERS:
            provider = self._codec.decode(Provider, value)
            self._providers.add(provider.provider_id, provider, value, provider.identifiers)
            self._counts[provider.release][topic] += 1
        elif topic == topics.REFERENCE_PLANS:
            plan = self._codec.decode(Plan, value)
            self._plans.add((plan.plan_id,), plan)
            self._counts[plan.release][topic] += 1
        elif topic == topics.REFERENCE_FEES:
            fee = self._codec.decode(Fee, value)
            self._fees.add((fee.fee_schedule_id, fee.code_system, fee.service_code, fee.modifier or ""), fee)
            self._counts[fee.release][topic] += 1
        elif topic == topics.REFERENCE_CONTRACTS:
            contract = self._codec.decode(Contract, value)
            self._contracts.add(contract.contract_id, _about(contract), contract)
            self._counts[contract.release][topic] += 1
        elif topic == topics.REFERENCE_EDITS:
            edit = self._codec.decode(Edit, value)
            self._edits.add(edit.edit_id, _about(edit), edit)
            self._counts[edit.release][topic] += 1
        self._find_latest()

    def latest(self) -> int | None:
        """Number of the newest release that is complete here; None before the first."""
        return self._latest

    def at(self, release: int) -> "ReferenceView | None":
        """Reference data as of that release; None while it is not complete here."""
        if self._latest is None or release > self._latest:
            return None
        view = self._views.get(release)
        if view is None:
            view = self._views[release] = ReferenceView(self, release)
        return view

    def _find_latest(self) -> None:
        following = (self._latest or 0) + 1
        while following in self._announced and self._complete(self._announced[following]):
            self._latest = following
            following += 1

    def _complete(self, release: ReferenceRelease) -> bool:
        counts = self._counts[release.release]
        return all(counts[topic] >= count for topic, count in release.counts.items())


class ReferenceView:
    """Reference data as of one release."""

    def __init__(self, store: ReferenceStore, release: int) -> None:
        self._store = store
        self._release = release

    @property
    def release(self) -> int:
        """Number of the release."""
        return self._release

    def member(self, member_id: str) -> Member | None:
        """The member with that id of ours."""
        return self._store._members.at(member_id, self._release)

    def member_by(self, system: str, value: str) -> Member | None:
        """The member with that identifier."""
        return self._store._members.by_identifier(system, value, self._release)

    def provider(self, provider_id: str) -> Provider | None:
        """The provider with that id of ours."""
        return self._store._providers.at(provider_id, self._release)

    def provider_by(self, system: str, value: str) -> Provider | None:
        """The provider with that identifier."""
        return self._store._providers.by_identifier(system, value, self._release)

    def plan(self, plan_id: str, day: int) -> Plan | None:
        """The plan version in force on that day of service."""
        return self._store._plans.at((plan_id,), day, self._release)

    def fee(
        self, fee_schedule_id: str, code_system: str, service_code: str, modifiers: Sequence[str], day: int
    ) -> Fee | None:
        """The fee in force on that day: of the first modifier that has one, else of the code alone."""
        for modifier in (*modifiers, ""):
            key = (fee_schedule_id, code_system, service_code, modifier)
            found = self._store._fees.at(key, day, self._release)
            if found is not None:
                return found
        return None

    def contract(self, provider: Provider | None, plan: Plan, day: int) -> Contract | None:
        """The contract in force: the provider's own for the plan, else that of its network, in the plan's order."""
        if provider is None:
            return None
        belongs = {
            segment.network_id
            for segment in provider.networks
            if segment.effective_from <= day and (segment.effective_to is None or day <= segment.effective_to)
        }
        networks = [one for one in (plan.network_id, *plan.further_network_ids) if one in belongs]
        for about in (("provider", provider.provider_id), *(("network", one) for one in networks)):
            found: Contract | None = None
            for contract in self._store._contracts.at(about, day, self._release):
                if contract.currency == plan.currency and plan.plan_id in contract.plan_ids:
                    return contract
                # One for all plans counts where none names the plan.
                if found is None and contract.currency == plan.currency and not contract.plan_ids:
                    found = contract
            if found is not None:
                return found
        return None

    def edits(self, code: str, day: int) -> Sequence[Edit]:
        """Coding edits about a code on that day: deny before pend before warn, then by priority and id."""
        return self._store._edits.at(("code", code), day, self._release)
