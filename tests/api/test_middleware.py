"""What every response carries, and what the log says of a request."""

import uuid

import pytest
from structlog.testing import capture_logs

from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakePublisher, claim_json

GIVEN = [
    # header                 echoed
    ("trace-1",              True),
    ("a" * 64,               True),
    ("a" * 65,               False),
    ("two words",            False),
    ("dewi@example.org",     False),
    ("{}",                   False),
    ("",                     False),
]  # fmt: skip


@pytest.mark.parametrize(("given", "echoed"), GIVEN)
async def test_correlation_ids(client: Client, publisher: FakePublisher, given: str, echoed: bool) -> None:
    response = await client.post("/api/v1/claims", json=claim_json(), headers=ADMIN | {"X-Correlation-ID": given})
    answered = response.headers["X-Correlation-ID"]
    assert (answered == given) is echoed
    assert echoed or str(uuid.UUID(answered)) == answered
    assert publisher.claims()[0].correlation_id == answered


@pytest.mark.parametrize("path", ["/health/live", "/nothing", f"/api/v1/claims/{CLAIM_ID}"])
async def test_security_headers(client: Client, path: str) -> None:
    headers = (await client.get(path, headers=ADMIN)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers


async def test_the_access_log_holds_the_template_and_nobody(client: Client) -> None:
    with capture_logs() as lines:
        await client.get(f"/api/v1/claims/{CLAIM_ID}?name=Dewi", headers=ADMIN)
    line = next(line for line in lines if line["event"] == "request")
    assert {"method", "route", "status", "ms"} <= line.keys()
    assert (line["route"], line["status"]) == ("/api/v1/claims/{id}", 404)
    assert CLAIM_ID not in str(lines)
    assert "Dewi" not in str(lines)
