"""Probes: 503 when something is missing, with what and what to do."""

import pytest

from tests.api.conftest import Client
from tests.api.fakes import FakePublisher, FakeStore

CASES = [
    # broker away     database away   status  missing
    (None,            None,           200,    []),
    ("no answer",     None,           503,    ["kafka"]),
    (None,            "no answer",    503,    ["postgres"]),
    ("no answer",     "no answer",    503,    ["kafka", "postgres"]),
]  # fmt: skip


@pytest.mark.parametrize(("broker", "database", "status", "missing"), CASES)
async def test_readiness(
    client: Client, publisher: FakePublisher, store: FakeStore, broker: str | None, database: str | None,
    status: int, missing: list[str],
) -> None:  # fmt: skip
    publisher.away, store.away = broker, database
    response = await client.get("/health/ready")
    found = await response.json()
    assert (response.status, found["status"]) == (status, "ready" if status == 200 else "not_ready")
    assert [reason["service"] for reason in found.get("reasons", [])] == missing
    assert (await client.get("/health/live")).status == 200
