"""Members and providers as rows of Postgres: what names or reaches a person is sealed, and found by blind indexes."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from config.sealing import Sealer
from schemas.claim import Identifier, Payee
from schemas.dates import parse_day, text_of
from schemas.people_names import identifier_text, name_tokens
from schemas.reference import Contact, CoverageSegment, Member, NetworkSegment, Provider

Row = Mapping[str, Any]
R = TypeVar("R")


class SealedTable(NamedTuple):
    """A table with sealed columns: what rotation of keys goes through. A context is table.column/key."""

    name: str
    key: str
    columns: tuple[str, ...]


MEMBERS = SealedTable("members", "member_id", ("name", "birth_date", "identifiers", "contact", "account"))
PROVIDERS = SealedTable("providers", "provider_id", ("name", "identifiers", "contact", "account"))
# Columns of the rows below, in their order.
MEMBER_COLUMNS = (
    "member_id", "release", "removed", "ended_on", "sex", "relationship", "coverages", "name", "birth_date",
    "identifiers", "contact", "account", "name_index", "identifier_index",
)  # fmt: skip
PROVIDER_COLUMNS = (
    "provider_id", "release", "removed", "ended_on", "kind", "networks", "name", "identifiers", "contact", "account",
    "name_index", "identifier_index",
)  # fmt: skip
_CONTACT = ("email", "phone", "address", "city", "province", "postal_code")
_ACCOUNT = ("name", "bank_code", "account_number")


def context_of(table: SealedTable, column: str, key: str) -> str:
    """The context that binds a sealed value to its place."""
    return f"{table.name}.{column}/{key}"


def name_index(table: SealedTable, name: str, sealer: Sealer) -> list[bytes]:
    """Blind index of the words of a name."""
    return [sealer.index(word, f"{table.name}.name") for word in name_tokens(name)]


def identifier_index(table: SealedTable, system: str, value: str, sealer: Sealer) -> bytes:
    """Blind index of an identifier."""
    return sealer.index(identifier_text(system, value), f"{table.name}.identifier")


def member_row(member: Member, sealer: Sealer) -> tuple[Any, ...]:
    """The row of a member, in the order of MEMBER_COLUMNS; `ended_on` stays a day, since COPY wants it so."""
    sealed = _Sealed(MEMBERS, member.member_id, sealer)
    return (
        member.member_id, member.release, member.removed, member.ended_on, member.sex, member.relationship,
        _dumped([_segment(segment) for segment in member.coverages]), sealed("name", member.name),
        sealed("birth_date", text_of(member.birth_date)), *sealed.identity(member),
    )  # fmt: skip


def provider_row(provider: Provider, sealer: Sealer) -> tuple[Any, ...]:
    """The row of a provider, in the order of PROVIDER_COLUMNS."""
    sealed = _Sealed(PROVIDERS, provider.provider_id, sealer)
    return (
        provider.provider_id, provider.release, provider.removed, provider.ended_on, provider.kind,
        _dumped([{"network": n.network_id, "from": n.effective_from, "to": n.effective_to} for n in provider.networks]),
        sealed("name", provider.name), *sealed.identity(provider),
    )  # fmt: skip


def member_of(row: Row, sealer: Sealer) -> Member:
    """The member of a row. Raises SealError."""
    opened = _Opened(MEMBERS, row, sealer)
    return Member(
        release=row["release"],
        removed=row["removed"],
        member_id=row["member_id"],
        identifiers=opened.identifiers(),
        name=opened("name") or "",
        birth_date=parse_day(opened("birth_date") or ""),
        sex=row["sex"],
        relationship=row["relationship"],
        coverages=coverages_of(row),
        contact=opened.contact(),
        account=opened.account(),
        ended_on=row["ended_on"],
    )


def provider_of(row: Row, sealer: Sealer) -> Provider:
    """The provider of a row. Raises SealError."""
    opened = _Opened(PROVIDERS, row, sealer)
    return Provider(
        release=row["release"],
        removed=row["removed"],
        provider_id=row["provider_id"],
        identifiers=opened.identifiers(),
        name=opened("name") or "",
        kind=row["kind"],
        networks=networks_of(row),
        contact=opened.contact(),
        account=opened.account(),
        ended_on=row["ended_on"],
    )


def coverages_of(row: Row) -> tuple[CoverageSegment, ...]:
    """The times of cover of a member's row; they are not sealed."""
    return tuple(_segment_of(one) for one in json.loads(row["coverages"]))


def networks_of(row: Row) -> tuple[NetworkSegment, ...]:
    """The times in networks of a provider's row; they are not sealed."""
    return tuple(NetworkSegment(one["network"], one["from"], one["to"]) for one in json.loads(row["networks"]))


class _Sealed:
    """Seals the values of one row."""

    def __init__(self, table: SealedTable, key: str, sealer: Sealer) -> None:
        self._table = table
        self._key = key
        self._sealer = sealer

    def __call__(self, column: str, text: str) -> bytes:
        return self._sealer.seal(text, context_of(self._table, column, self._key))

    def identity(self, record: Member | Provider) -> tuple[Any, ...]:
        """identifiers, contact, account, name_index, identifier_index."""
        pairs = [[one.system, one.value] for one in record.identifiers]
        contact, account = record.contact, record.account
        return (
            self("identifiers", _dumped(pairs)),
            None if contact is None else self("contact", _dumped([getattr(contact, name) for name in _CONTACT])),
            None if account is None else self("account", _dumped([getattr(account, name) for name in _ACCOUNT])),
            name_index(self._table, record.name, self._sealer),
            [identifier_index(self._table, one.system, one.value, self._sealer) for one in record.identifiers],
        )


class _Opened:
    """Opens the values of one row."""

    def __init__(self, table: SealedTable, row: Row, sealer: Sealer) -> None:
        self._table = table
        self._row = row
        self._sealer = sealer

    def __call__(self, column: str) -> str | None:
        sealed = self._row[column]
        context = context_of(self._table, column, self._row[self._table.key])
        return None if sealed is None else self._sealer.open(sealed, context)

    def identifiers(self) -> tuple[Identifier, ...]:
        return tuple(Identifier(*pair) for pair in json.loads(self("identifiers") or "[]"))

    def contact(self) -> Contact | None:
        text = self("contact")
        return None if text is None else Contact(*json.loads(text))

    def account(self) -> Payee | None:
        text = self("account")
        return None if text is None else Payee(*json.loads(text))


def _segment(segment: CoverageSegment) -> dict[str, Any]:
    s = segment
    return {
        "coverage": s.coverage_id, "plan": s.plan_id, "from": s.effective_from, "to": s.effective_to,
        "other_first": s.other_payer_first, "enrolled": s.enrolled_from,
    }  # fmt: skip


def _segment_of(one: Mapping[str, Any]) -> CoverageSegment:
    return CoverageSegment(one["coverage"], one["plan"], one["from"], one["to"], one["other_first"], one["enrolled"])


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
