"""People on fakes: a store in memory, and a maker of changes that numbers its releases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api.auth import Principal
from api.database import DatabaseAway
from api.people_store import PeopleFilter
from schemas.claim import SubmittedClaim
from schemas.people_names import identifier_text, name_tokens
from schemas.reference import Member, Provider
from schemas.reference_changes import Changed, PersonRecord, ReleaseAway, UnfitError, Wish
from schemas.topics import REFERENCE_MEMBERS


def id_of(record: PersonRecord) -> str:
    """The id of a record."""
    return record.member_id if isinstance(record, Member) else record.provider_id


@dataclass
class FakePeopleStore:
    """Records in memory, by topic and id; raises DatabaseAway where `away` is set."""

    stored: dict[tuple[str, str], PersonRecord] = field(default_factory=dict)
    trail: list[Mapping[str, Any]] = field(default_factory=list)
    away: str | None = None
    keep_fails: bool = False
    release: int | None = None

    def put(self, *records: PersonRecord) -> None:
        """Keep records."""
        for record in records:
            topic = REFERENCE_MEMBERS if isinstance(record, Member) else "reference.providers"
            self.stored[topic, id_of(record)] = record

    async def record(self, topic: str, record_id: str) -> PersonRecord | None:
        self._ask()
        return self.stored.get((topic, record_id))

    async def page(self, topic: str, where: PeopleFilter, after: str | None, limit: int) -> Sequence[PersonRecord]:
        self._ask()
        found = [record for (kind, _), record in sorted(self.stored.items()) if kind == topic and fits(record, where)]
        return [record for record in found if after is None or id_of(record) > after][:limit]

    async def keep(self, record: PersonRecord) -> None:
        if self.keep_fails:
            raise DatabaseAway("gone")
        self.put(record)

    async def events(self, topic: str, record_id: str) -> Sequence[Mapping[str, Any]]:
        self._ask()
        return self.trail

    async def member_ids(
        self, principal: Principal, identifiers: Sequence[tuple[str, str]], name: str | None
    ) -> Sequence[str]:
        where = PeopleFilter(tuple(identifiers), name, ended_too=True)
        return [id_of(record) for record in await self.page(REFERENCE_MEMBERS, where, None, 1_000)]

    async def release_of(self, claim: SubmittedClaim) -> int | None:
        self._ask()
        return self.release

    async def unsealed(self, topic: str, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        self._ask()
        return {}  # what of people is shown without opening anything is asked of FakePeople

    def _ask(self) -> None:
        if self.away is not None:
            raise DatabaseAway(self.away)


def fits(record: PersonRecord, where: PeopleFilter) -> bool:
    """Whether a record meets a filter."""
    own = {identifier_text(one.system, one.value) for one in record.identifiers}
    return (
        {identifier_text(*pair) for pair in where.identifiers} <= own
        and set(name_tokens(where.name or "")) <= set(name_tokens(record.name))
        and (where.ended_too or record.ended_on is None)
    )


@dataclass
class FakeChanges:
    """Makes each change a release at once, over the records of a store."""

    store: FakePeopleStore
    release: int = 100
    unfit: UnfitError | None = None
    away: bool = False
    wishes: list[Wish] = field(default_factory=list)
    closed: bool = False

    async def change(self, wish: Wish) -> Changed:
        if self.away:
            raise ReleaseAway("away")
        self.wishes.append(wish)
        before = self.store.stored.get((wish.topic, wish.record_id))
        record = wish.edit(before)
        if before is not None and replace(record, release=before.release) == before:
            return Changed(before, before, made=False)
        if self.unfit is not None:
            raise self.unfit
        self.release += 1
        return Changed(replace(record, release=self.release), before, made=True)

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakePeopleParts:
    """The store and the maker of changes over it."""

    store: FakePeopleStore = field(default_factory=FakePeopleStore)
    changes: FakeChanges = field(init=False)

    def __post_init__(self) -> None:
        self.changes = FakeChanges(self.store)


def provider_of(record: PersonRecord) -> Provider:
    """The record, which must be a provider."""
    assert isinstance(record, Provider)
    return record
