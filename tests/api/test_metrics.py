"""/metrics: the seeds' names, statuses from the store, routes without ids."""

from api.queries import Figures
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakeStore


async def test_statuses_come_from_the_store(client: Client, store: FakeStore) -> None:
    store.counts = {"approved": 7, "submitted": 2}
    text = await (await client.get("/metrics")).text()
    for line in (
        'claims_status_count{status="approved"} 7.0',
        'claims_status_count{status="submitted"} 2.0',
        'claims_status_count{status="paid"} 0.0',
        "api_database_up 1.0",
    ):
        assert line in text
    store.away = "gone"
    text = await (await client.get("/metrics")).text()
    assert "api_database_up 0.0" in text
    assert 'claims_status_count{status="approved"}' not in text


async def test_requests_are_counted_by_template(client: Client) -> None:
    await client.get(f"/api/v1/claims/{CLAIM_ID}", headers=ADMIN)
    await client.get("/made/up/path")
    await client.request("PROPFIND", "/made/up/path")
    response = await client.get("/metrics")
    text = await response.text()
    assert response.content_type == "text/plain"
    assert 'http_requests_total{method="GET",route="/api/v1/claims/{id}",status="404"}' in text
    assert 'http_requests_total{method="GET",route="unmatched",status="404"}' in text
    assert 'http_requests_total{method="OTHER",route="unmatched",status="404"}' in text
    assert CLAIM_ID not in text
    assert "made" not in text


async def test_pends_and_the_trial_balance_come_from_the_store(client: Client, store: FakeStore) -> None:
    balances = {("IDR", "charged"): 900, ("IDR", "paid"): 600, ("IDR", "adjusted"): 299, ("USD", "charged"): 5}
    store.figured = Figures({"review": 3}, balances)
    text = await (await client.get("/metrics")).text()
    for line in (
        'claims_pended{queue="review"} 3.0',
        'claims_trial_balance_minor_units{account_kind="charged",currency="IDR"} 900.0',
        'claims_trial_balance_minor_units{account_kind="difference",currency="IDR"} 1.0',
        'claims_trial_balance_minor_units{account_kind="paid",currency="USD"} 0.0',
    ):
        assert line in text
    store.figured = Figures({}, balances)
    assert "claims_pended{" not in await (await client.get("/metrics")).text()
