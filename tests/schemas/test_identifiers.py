"""Ids come from the submitter or the content; a number names its claim; days are counted right."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dates import calendar_of, day_at, day_of, milliseconds_of, moment_of, parse_day, text_of, year_of
from schemas.identifiers import claim_id, claim_id_of, claim_number, content_digest, event_id
from tests.agents.world import claim, line


def test_the_number_of_the_submitter_goes_before_its_key_and_the_content() -> None:
    number = claim_id("S", "C1", "key", "digest")
    assert number == claim_id("S", "C1", None, "other")
    key = claim_id("S", None, "key", "digest")
    assert key == claim_id("S", None, "key", "other")
    content = claim_id("S", None, None, "digest")
    assert len({number, key, content, claim_id("T", "C1", None, ""), claim_id("S", None, None, "other")}) == 5


@given(st.uuids())
def test_a_number_names_its_claim(claim_uuid: object) -> None:
    number = claim_number(str(claim_uuid), 2026)
    assert number.startswith("CLM-2026-")
    assert claim_id_of(number) == claim_id_of(number.lower()) == claim_id_of(str(claim_uuid)) == str(claim_uuid)


@pytest.mark.parametrize(
    "text", ["", "CLM-", "CLM-2026-ABC", "CLM-2026-" + "U" * 26, "CLM-2026-" + "Z" * 26, "not a claim"]
)
def test_what_names_no_claim(text: str) -> None:
    assert claim_id_of(text) is None


def test_the_digest_looks_at_the_content_only() -> None:
    given_claim = claim(line(15000))
    copy = replace(
        given_claim, channel="file", correlation_id="x", accepted_at=1, claim_id="a", root_id="b", idempotency_key="k"
    )
    assert content_digest(given_claim) == content_digest(copy)
    ordered = replace(given_claim, attributes={"a": "1", "b": "2"})
    turned = replace(given_claim, attributes={"b": "2", "a": "1"})
    assert content_digest(ordered) == content_digest(turned)
    assert content_digest(ordered) != content_digest(given_claim)


def test_the_digest_is_the_same_for_ever() -> None:
    assert content_digest(claim(line(15000))) == "d6f3f1857337ed9a7568b78054ad62db"


def test_event_ids_are_the_same_for_ever() -> None:
    assert event_id("c", 1, 1, 1) == "83a3f032-2fc3-50bc-ba5f-6a8111585ca1"
    assert event_id("c", 1, 1, 2) != event_id("c", 1, 1, 1)


def test_days() -> None:
    assert parse_day("1970-01-01") == 0
    assert (day_of(date(2026, 3, 2)), text_of(20514), calendar_of(20514)) == (20514, "2026-03-02", date(2026, 3, 2))
    assert (year_of(20514), year_of(-1)) == (2026, 1969)


MOMENTS: list[tuple[str, int, str]] = [
    # moment in UTC, minutes east, the payer's day
    ("2026-03-01T16:59:59", 420, "2026-03-01"),
    ("2026-03-01T17:00:00", 420, "2026-03-02"),
    ("2026-03-01T23:59:59", 0, "2026-03-01"),
    ("2026-03-01T03:00:00", -300, "2026-02-28"),
]


@pytest.mark.parametrize(("moment", "offset", "day"), MOMENTS)
def test_the_payers_day(moment: str, offset: int, day: str) -> None:
    at = milliseconds_of(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert text_of(day_at(at, offset)) == day


@given(st.integers(0, 4_000_000_000_000))
def test_moments_round_trip(milliseconds: int) -> None:
    assert milliseconds_of(moment_of(milliseconds)) == milliseconds


def test_a_moment_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        milliseconds_of(datetime(2026, 3, 2))  # noqa: DTZ001 - the case


def test_a_number_without_end_is_told_apart_at_once() -> None:
    """GraphQL and gRPC take ids of any length; adding these digits up would stop the process for a minute."""
    begun = time.perf_counter()
    assert claim_id_of("CLM-2026-" + "A" * 900_000) is None
    assert time.perf_counter() - begun < 1
