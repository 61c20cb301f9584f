"""Who comes in, and how often: rates by caller and by address, with the headers that say so."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from multidict import CIMultiDict

from api.auth import Verifier
from api.caller_address import CallerAddress
from api.gate import Gate
from api.problems import Problem
from api.windows import Policy
from config.settings import ApiSettings
from tests.api.conftest import ClientOf
from tests.api.fakes import ADMIN, API, CLAIM_ID, FakeStore, app_of, bearer, claim_json, stored_claim

CLAIM = f"/api/v1/claims/{CLAIM_ID}"
AUDITOR, DEWI = bearer("auditor", sub="ani"), bearer("auditor", sub="dewi")


def few(**rates: str) -> ApiSettings:
    """Settings with these rates."""
    return API.model_copy(update=rates)


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_window_begins_with_the_first_request_and_lets_in_as_many_as_it_says() -> None:
    clock = Clock()
    policy = Policy("read", "3/minute", clock)
    assert [(used.allowed, used.remaining) for used in (policy.hit("a") for _ in range(5))] == [
        (True, 2), (True, 1), (True, 0), (False, 0), (False, 0),
    ]  # fmt: skip
    assert policy.hit("b").allowed, "another caller has a window of their own"
    clock.now += 59
    assert not policy.test("a").allowed
    clock.now += 1
    assert policy.hit("a").remaining == 2


def test_the_headers_are_those_of_the_draft() -> None:
    clock = Clock()
    policy = Policy("write", "1/minute", clock)
    assert policy.hit("a").headers == {"RateLimit-Policy": '"write";q=1;w=60', "RateLimit": '"write";r=0;t=60'}
    clock.now += 20.5
    assert policy.hit("a").headers == {
        "RateLimit-Policy": '"write";q=1;w=60', "RateLimit": '"write";r=0;t=40', "Retry-After": "40",
    }  # fmt: skip


def test_the_counters_of_a_process_are_bounded() -> None:
    clock = Clock()
    policy = Policy("read", "2/minute", clock, keys_max=100)
    for number in range(1_000):
        policy.hit(f"caller {number}")
    assert len(policy._windows) <= 100
    clock.now += 61
    policy.hit("another")
    policy.hit("caller 999")
    assert policy.hit("caller 999").remaining == 0


@pytest.mark.parametrize("rate", ["", "many", "0/minute", "100 per week", "100/minute;5/second", "1e3/hour"])
def test_what_is_no_rate_is_refused_by_the_settings(rate: str) -> None:
    with pytest.raises(ValueError, match="rate_read"):
        ApiSettings(rate_read=rate)


async def test_a_caller_who_asks_too_often_is_told_to_wait_and_others_are_not(aiohttp_client: ClientOf) -> None:
    store = FakeStore({CLAIM_ID: stored_claim()})
    client = await aiohttp_client(app_of(store=store, api=few(rate_read="2/minute")))
    answers = [await client.get(CLAIM, headers=AUDITOR) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"read";q=2;w=60'
    assert answers[0].headers["RateLimit"].startswith('"read";r=1;t=')
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert (await answers[2].json(content_type=None))["type"] == "urn:claims-engine:problem:too-many-requests"
    assert (await client.get(CLAIM, headers=DEWI)).status == 200
    written = await client.post("/api/v1/claims", json=claim_json(), headers=bearer("admin", sub="ani"))
    assert written.status == 201, "writes have a rate of their own"


async def test_searches_count_as_reads_and_probes_not_at_all(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of(api=few(rate_read="1/minute", rate_public="1/minute", rate_write="1/minute")))
    found = [await client.post("/api/v1/claims/search", json={"text": "fee"}, headers=AUDITOR) for _ in range(2)]
    assert [answer.status for answer in found] == [200, 429]
    assert [(await client.get(path)).status for path in ("/health/live", "/metrics") * 3] == [200] * 6
    assert [(await client.get("/.well-known/jwks.json")).status for _ in range(2)] == [200, 429]


async def test_an_address_whose_tokens_fail_is_slowed_and_its_neighbour_with_a_good_one_is_not(
    aiohttp_client: ClientOf,
) -> None:
    store = FakeStore({CLAIM_ID: stored_claim()})
    client = await aiohttp_client(app_of(store=store, api=few(rate_failures="3/minute")))
    assert (await client.get(CLAIM, headers=AUDITOR)).status == 200
    failed = [await client.get(CLAIM, headers={"Authorization": f"Bearer {number}"}) for number in range(4)]
    assert [answer.status for answer in failed] == [401, 401, 401, 429]
    assert failed[0].headers["RateLimit"].startswith('"failures";r=2;')
    assert (await client.get(CLAIM)).status == 429, "no token is a failure too"
    assert (await client.get(CLAIM, headers=AUDITOR)).status == 200
    assert (await client.get(CLAIM, headers=DEWI)).status == 429, "a token that was never seen waits"


async def test_refreshing_has_a_rate_by_address(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of(api=few(rate_auth="2/minute")))
    answers = [await client.post("/api/v1/auth/refresh", json={"refreshToken": "x"}) for _ in range(3)]
    assert [answer.status for answer in answers] == [401, 401, 429]


async def test_addresses_have_a_rate_over_all_their_callers() -> None:
    gate = Gate(few(rate_address="2/minute"), Verifier(API))
    for headers in (AUDITOR, DEWI):
        await gate.admit(headers["Authorization"], "198.51.100.7", "read")
    with pytest.raises(Problem, match="too_many_requests"):
        await gate.admit(ADMIN["Authorization"], "198.51.100.7", "read")
    await gate.admit(ADMIN["Authorization"], "198.51.100.8", "read")


FORWARDED = [
    # trusted                peer            X-Forwarded-For                         counted as
    ("",                     "203.0.113.9",  "198.51.100.7",                         "203.0.113.9"),
    ("10.0.0.0/8",           "203.0.113.9",  "198.51.100.7",                         "203.0.113.9"),
    ("10.0.0.0/8",           "10.1.1.1",     "198.51.100.7",                         "198.51.100.7"),
    ("10.0.0.0/8",           "10.1.1.1",     "1.2.3.4, 198.51.100.7",                "198.51.100.7"),
    ("10.0.0.0/8",           "10.1.1.1",     "1.2.3.4, 198.51.100.7, 10.2.2.2",      "198.51.100.7"),
    ("10.0.0.0/8",           "10.1.1.1",     "198.51.100.7, nonsense",               "10.1.1.1"),
    ("10.0.0.0/8",           "10.1.1.1",     "10.3.3.3",                             "10.3.3.3"),
    ("10.0.0.0/8",           "10.1.1.1",     None,                                   "10.1.1.1"),
    ("10.0.0.0/8",           "10.1.1.1",     ",".join(["10.9.9.9"] * 5_000),         "10.9.9.9"),
    ("10.1.1.1, 10.1.1.2",   "10.1.1.2",     "198.51.100.7",                         "198.51.100.7"),
    ("",                     "2001:db8:1:2:3:4:5:6", None,                           "2001:db8:1:2::/64"),
    ("",                     "::ffff:203.0.113.9",   None,                           "203.0.113.9"),
    ("::1",                  "::1",          "2001:db8::1",                          "2001:db8::/64"),
    ("",                     None,           "198.51.100.7",                         "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("trusted", "peer", "forwarded", "counted"), FORWARDED)
def test_which_address_counts(trusted: str, peer: str | None, forwarded: str | None, counted: str) -> None:
    assert CallerAddress(trusted).of(peer, forwarded) == counted


async def test_a_header_in_front_of_the_one_of_the_proxy_does_not_count(aiohttp_client: ClientOf) -> None:
    """HAProxy and others add a header of their own: what the caller wrote stands in the first one."""
    client = await aiohttp_client(app_of(api=few(rate_failures="2/minute", trusted_proxies="127.0.0.1")))
    found = []
    for number in range(4):
        sent = CIMultiDict({"Authorization": "Bearer nonsense"})
        sent.add("X-Forwarded-For", f"203.0.113.{number}")
        sent.add("X-Forwarded-For", "198.51.100.7")
        found.append((await client.get("/api/v1/claims", headers=sent)).status)
    assert found == [401, 401, 429, 429]


def test_what_is_no_proxy_is_refused() -> None:
    with pytest.raises(ValueError, match="is no address; write"):
        ApiSettings(trusted_proxies="10.0.0.1, our-proxy.example")


@pytest.fixture
def fresh_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_a_request_costs_little(fresh_loop: asyncio.AbstractEventLoop) -> None:
    """Token, address and caller together take some microseconds; the bound leaves room for a busy machine."""
    gate, token = Gate(API, Verifier(API)), ADMIN["Authorization"]

    async def ask(times: int) -> float:
        begun = time.perf_counter()
        for _ in range(times):
            _, used = await gate.admit(token, "203.0.113.9", "read")
            assert used.headers
        return (time.perf_counter() - begun) / times

    fresh_loop.run_until_complete(ask(100))
    assert min(fresh_loop.run_until_complete(ask(1_000)) for _ in range(5)) < 100e-6


async def test_a_verified_token_is_remembered_until_it_expires_and_the_memory_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.auth.TOKENS_REMEMBERED_MAX", 3)
    clock, verified = Clock(), 0
    verifier = Verifier(API, clock=clock)
    clock.now = time.time()
    claims_of = verifier._claims

    def counted(token: str) -> Any:
        nonlocal verified
        verified += 1
        return claims_of(token)

    monkeypatch.setattr(verifier, "_claims", counted)
    for _ in range(3):
        verifier.principal(AUDITOR["Authorization"])
    assert verified == 1
    clock.now += 30 * 60 + 10
    assert verifier.remembered(AUDITOR["Authorization"]) is None
    for number in range(10):
        verifier.principal(bearer("auditor", sub=f"s{number}")["Authorization"])
    assert len(verifier._remembered) == 3
