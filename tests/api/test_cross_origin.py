"""Pages of other origins, and what every answer carries for browsers."""

import pytest

from api.response_headers import SECURITY, STRICT_TRANSPORT
from config.settings import ApiSettings
from tests.api.conftest import Client, ClientOf
from tests.api.fakes import ADMIN, API, CLAIM_ID, app_of

CLAIM = f"/api/v1/claims/{CLAIM_ID}"
PAGE = "https://portal.example"
LISTED = API.model_copy(update={"cors_origins": f"{PAGE}, http://localhost:3000"})
ASKED = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}

PREFLIGHTS = [
    # path                 origin                         method in the question  status  methods of the answer
    (CLAIM,                PAGE,                          "GET",                  204,    "GET, HEAD"),
    ("/api/v1/claims",     "http://localhost:3000",       "POST",                 204,    "GET, HEAD, POST"),
    (CLAIM,                "https://portal.example.evil", "GET",                  405,    None),
    (CLAIM,                "http://portal.example",       "GET",                  405,    None),
    (CLAIM,                "https://portal.example:444",  "GET",                  405,    None),
    (CLAIM,                "null",                        "GET",                  405,    None),
    (CLAIM,                PAGE,                          None,                   405,    None),
    ("/nothing",           PAGE,                          "GET",                  404,    None),
]  # fmt: skip


@pytest.mark.parametrize(("path", "origin", "asked", "status", "methods"), PREFLIGHTS)
async def test_a_browser_asks_first(
    aiohttp_client: ClientOf, path: str, origin: str, asked: str | None, status: int, methods: str | None
) -> None:
    client = await aiohttp_client(app_of(api=LISTED))
    question = {"Access-Control-Request-Method": asked} if asked else {}
    answer = await client.options(path, headers={"Origin": origin} | question)
    assert (answer.status, answer.headers.get("Access-Control-Allow-Methods")) == (status, methods)
    allowed = answer.headers.get("Access-Control-Allow-Origin")
    assert allowed == (origin if origin in (PAGE, "http://localhost:3000") else None)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    if status == 204:
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert answer.headers["Access-Control-Max-Age"] == "600"


async def test_a_page_may_read_answers_and_problems_and_its_headers(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of(api=LISTED))
    for headers, status in (({}, 401), (ADMIN, 404)):
        answer = await client.get(CLAIM, headers=headers | {"Origin": PAGE})
        assert answer.status == status
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
        assert "Origin" in answer.headers["Vary"]


async def test_without_the_setting_no_page_of_another_origin_may_call(client: Client) -> None:
    answer = await client.options(CLAIM, headers={"Origin": PAGE} | ASKED)
    assert answer.status == 405
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize(
    "listed",
    ["*", "null", "https://*", "portal.example", "https://portal.example/", "https://Portal.example", "ftp://x"],
)
def test_what_is_no_origin_is_refused(listed: str) -> None:
    with pytest.raises(ValueError, match="is no origin; write https://host"):
        ApiSettings(cors_origins=listed)


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/health/live", {}), ("/nothing", {}), (CLAIM, {}), (CLAIM, ADMIN), (f"{CLAIM}?{'x' * 5_000}", ADMIN)],
)
async def test_every_answer_carries_security_headers(client: Client, path: str, headers: dict[str, str]) -> None:
    answer = await client.get(path, headers=headers)
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert "Strict-Transport-Security" not in answer.headers, "over plain HTTP it says nothing (RFC 6797)"
    assert "Server" not in answer.headers


async def test_behind_tls_browsers_are_told_to_keep_to_it(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of(api=API.model_copy(update={"behind_tls": True})))
    assert (await client.get("/health/live")).headers["Strict-Transport-Security"] == STRICT_TRANSPORT


QUERIES = [
    # query                        status
    ("x" * 4_096,                  200),  # read: an empty parameter says nothing
    ("x" * 4_097,                  414),
    ("&".join(["a=1"] * 50),       400),
    ("&".join(["a=1"] * 51),       400),
]  # fmt: skip


@pytest.mark.parametrize(("query", "status"), QUERIES)
async def test_a_query_is_bounded(client: Client, query: str, status: int) -> None:
    answer = await client.get(f"/api/v1/claims?{query}", headers=ADMIN)
    assert answer.status == status
    too_many = "too-many-parameters" in await answer.text()
    assert too_many is (query.count("&") >= 50)
