"""The text that stands for a record, as jsonb writes it."""

import pytest

from sinks import canonical
from tests.sinks import records


@pytest.mark.parametrize(
    ("minor", "exponent", "text"),
    [
        (0, 2, "0.00"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (12_345, 2, "123.45"),
        (150_000, 0, "150000.00"),
        (-7, 0, "-7.00"),
    ],
)
def test_amounts_are_written_as_postgres_shows_them(minor: int, exponent: int, text: str) -> None:
    assert canonical.amount(minor, exponent) == text


def test_details_are_in_the_order_of_jsonb() -> None:
    decided = records.decision()
    assert list(canonical.event_parts(records.events(decided)[1])[-1]) == ["paid", "reason", "currency"]


def test_nul_counts_as_what_the_sink_shows() -> None:
    assert canonical.digest(["a\x00", {"b": "\x00"}]) == canonical.digest(["a\ufffd", {"b": "\ufffd"}])


def test_a_cent_changes_the_digest() -> None:
    one = records.decision(lines=(records.line(1, 10_000, 8_000),))
    other = records.decision(lines=(records.line(1, 10_001, 8_000),))
    assert canonical.digest(canonical.decision_parts(one)) != canonical.digest(canonical.decision_parts(other))
