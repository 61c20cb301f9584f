"""Documents, members and providers as rows: the newest of each, and nothing of a person in clear."""

from typing import Any

import pytest

from config.sealing import Sealer, SealError
from config.settings import SealingSettings
from schemas.codec import Codec
from schemas.people_names import identifier_text, name_tokens
from schemas.reference import Member, Provider
from schemas.sealed_people import (
    MEMBER_COLUMNS,
    MEMBERS,
    PROVIDER_COLUMNS,
    identifier_index,
    member_of,
    member_row,
    name_index,
    provider_of,
    provider_row,
)
from schemas.topics import DOCUMENTS_STORED, PEOPLE_CHANGED, REFERENCE_MEMBERS, REFERENCE_PROVIDERS
from sinks import staging
from sinks.people import PeopleRows
from tests.sinks import people

CODEC = Codec()
SEALER = Sealer.from_settings(SealingSettings())
PLAIN: tuple[tuple[str, Member | Provider], ...] = (
    ("as it comes over HTTP", people.member()),
    ("without contact and account", people.member(contact=None, account=None, identifiers=())),
    ("ended", people.member(ended_on=20_000)),
    ("a provider", people.provider()),
    ("a provider without networks", people.provider(networks=(), account=None)),
)


def rows_of(*added: tuple[str, Any]) -> dict[staging.Staging, list[tuple[Any, ...]]]:
    """The rows of these records."""
    rows = PeopleRows(CODEC, SEALER)
    for topic, record in added:
        rows.add(topic, CODEC.encode(record))
    return rows.tables()


def sealed_and_opened(record: Member | Provider) -> Member | Provider:
    """A record through a row."""
    if isinstance(record, Member):
        return member_of(dict(zip(MEMBER_COLUMNS, member_row(record, SEALER), strict=True)), SEALER)
    return provider_of(dict(zip(PROVIDER_COLUMNS, provider_row(record, SEALER), strict=True)), SEALER)


@pytest.mark.parametrize(("what", "record"), PLAIN, ids=[what for what, _ in PLAIN])
def test_a_row_opens_to_the_record_it_was_made_of(what: str, record: Member | Provider) -> None:
    assert sealed_and_opened(record) == record


def test_nothing_of_a_person_is_in_clear() -> None:
    row = repr(member_row(people.member(), SEALER)).encode() + repr(provider_row(people.provider(), SEALER)).encode()
    for clear in ("3174011203840001", "Budi", "budi", "1984-03-12", "example.org", "+628", "1234567890", "Klinik"):
        assert clear.encode() not in row, clear


def test_a_value_does_not_open_in_another_row() -> None:
    row = dict(zip(MEMBER_COLUMNS, member_row(people.member(1), SEALER), strict=True))
    with pytest.raises(SealError):
        member_of(row | {"member_id": "P-2"}, SEALER)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["in order", "out of order"])
def test_of_each_the_newest_stands(order: tuple[int, int]) -> None:
    tables = rows_of(
        *((REFERENCE_MEMBERS, people.member(release=n)) for n in order),
        *((REFERENCE_PROVIDERS, people.provider(release=n)) for n in order),
        *((DOCUMENTS_STORED, people.document(revision=n, removed=n == 2)) for n in order),
        (PEOPLE_CHANGED, people.people_event()),
    )
    assert [row[:2] for row in tables[staging.MEMBERS]] == [("P-1", 2)]
    assert [row[:2] for row in tables[staging.PROVIDERS]] == [("C-1", 2)]
    assert [row[1:3] for row in tables[staging.DOCUMENTS]] == [(2, True)]
    for table, rows in tables.items():
        assert {len(row) for row in rows} == {len(table.columns)}, table.name


NAMES = (
    # name, its words
    ("Budi  SANTOSO", ("budi", "santoso")),
    ("Santoso, Budi", ("budi", "santoso")),
    ("José Núñez", ("jose", "nunez")),
    ("H. Ahmad bin Ali", ("ahmad", "ali", "bin")),
    ("A", ("a",)),
    ("", ()),
)


@pytest.mark.parametrize(("name", "words"), NAMES)
def test_names_are_compared_by_their_words(name: str, words: tuple[str, ...]) -> None:
    assert name_tokens(name) == words


def test_identifiers_are_compared_without_separators() -> None:
    assert identifier_text("NPWP ", "01.234.567.8-901.000") == identifier_text("npwp", "012345678901000")
    assert identifier_text("npwp", "1") != identifier_text("nik", "1")


def test_a_search_makes_the_entries_that_the_row_has() -> None:
    row = dict(zip(MEMBER_COLUMNS, member_row(people.member(), SEALER), strict=True))
    assert set(name_index(MEMBERS, "santoso, BUDI", SEALER)) <= set(row["name_index"])
    assert identifier_index(MEMBERS, "nik", "3174 0112 0384 0001", SEALER) in row["identifier_index"]
