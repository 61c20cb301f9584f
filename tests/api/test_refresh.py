"""Refresh tokens: each good once, none an access token, and nothing without the list of what was used."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

from api.auth import Verifier, mint
from api.database import Database
from api.problems import Problem
from api.refresh_tokens import audience_of, new_family, read_refresh, signed_refresh
from api.token_families import PostgresFamilies
from config.settings import DEVELOPMENT_SECRET, DatabaseSettings
from sinks.migrate import migrate_blocking
from tests.api.conftest import ClientOf
from tests.api.fakes import ADMIN, API, app_of
from tests.api.security_fakes import FakeFamilies, refresh_text
from tests.sinks.live import own_database, sql

NOW = datetime.now(UTC)
REFRESH, REVOKE = "/api/v1/auth/refresh", "/api/v1/auth/revoke"


async def asked(client: Any, token: str, path: str = REFRESH) -> Any:
    return await client.post(path, json={"refreshToken": token})


async def test_a_refresh_gives_an_access_token_of_the_same_caller_and_the_next_refresh_token(
    aiohttp_client: ClientOf,
) -> None:
    client = await aiohttp_client(app_of())
    first = refresh_text(API, "provider", sub="clinic", provider_id="PRV-1", permissions=["claim:delete"])
    answer = await (await asked(client, first)).json()
    principal = Verifier(API).principal(f"Bearer {answer['accessToken']}")
    assert (principal.subject, principal.provider_id, principal.roles) == ("clinic", "PRV-1", frozenset({"provider"}))
    assert "claim:delete" in principal.permissions
    assert (answer["tokenType"], answer["expiresIn"], answer["refreshExpiresIn"]) == ("Bearer", 1_800, 604_800)
    again = await asked(client, answer["refreshToken"])
    assert again.status == 200
    assert again.headers["Cache-Control"] == "no-store"


async def test_a_token_that_comes_again_ends_its_family(aiohttp_client: ClientOf) -> None:
    families = FakeFamilies()
    client = await aiohttp_client(app_of(families=families))
    first = refresh_text(API, "auditor")
    second = (await (await asked(client, first)).json())["refreshToken"]
    stolen = await asked(client, first)
    assert (stolen.status, (await stolen.json(content_type=None))["type"]) == (
        401,
        "urn:claims-engine:problem:refresh-refused",
    )
    assert (await asked(client, second)).status == 401, "the owner signs in again, the thief has nothing"
    assert list(families.ended.values()) == ["reused"]


async def test_a_family_that_was_revoked_gives_no_token(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of())
    token = refresh_text(API, "auditor")
    assert (await asked(client, token, REVOKE)).status == 204
    assert (await asked(client, token)).status == 401
    assert (await asked(client, refresh_text(API, "auditor"))).status == 200, "another sign-in goes on"


async def test_without_the_list_there_is_no_token(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of(families=FakeFamilies(away="refused")))
    for path in (REFRESH, REVOKE):
        response = await asked(client, refresh_text(API, "auditor"), path)
        assert (response.status, response.headers["Retry-After"]) == (503, "5")


def changed(**changes: Any) -> str:
    """A refresh token of ours, with other claims."""
    claims = jwt.decode(refresh_text(API, "auditor"), DEVELOPMENT_SECRET, ["HS256"], audience=audience_of(API))
    return jwt.encode({k: v for k, v in (claims | changes).items() if v is not None}, DEVELOPMENT_SECRET)


BAD = {
    "an access token": mint(API, "dewi", ["admin"], NOW),
    "another secret": jwt.encode({"sub": "dewi"}, "x" * 40),
    "no token": "x.y.z",
    "not ascii": "\u00e9" * 40,
    "too long": "x" * 9_000,
    "expired": refresh_text(API, "auditor", now=NOW - timedelta(days=8)),
    "for the API": changed(aud="claims-api"),
    "another use": changed(use="access"),
    "no use": changed(use=None),
    "no family": changed(family=None),
    "a family that is no id": changed(family="x"),
    "no place in the family": changed(generation="first"),
    "no token id": changed(jti=None),
}


@pytest.mark.parametrize("case", BAD)
async def test_what_is_no_refresh_token_is_refused(aiohttp_client: ClientOf, case: str) -> None:
    response = await asked(await aiohttp_client(app_of()), BAD[case])
    assert response.status == 401, await response.text()


async def test_a_role_that_is_no_more_gives_no_token(aiohttp_client: ClientOf) -> None:
    response = await asked(await aiohttp_client(app_of()), changed(roles=["wizard"]))
    assert response.status == 401


BODIES: list[tuple[bytes, int]] = [
    (b"{}", 422), (b"[]", 422), (b'{"refreshToken": 7}', 422), (b'{"refreshToken": "x", "more": 1}', 422), (b"{", 400),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BODIES)
async def test_what_is_no_body_is_refused(aiohttp_client: ClientOf, body: bytes, status: int) -> None:
    client = await aiohttp_client(app_of())
    response = await client.post(REFRESH, data=body, headers={"Content-Type": "application/json"})
    assert response.status == status


@pytest.mark.parametrize("changes", [{}, {"aud": "claims-api"}, {"aud": "claims-api", "use": None, "type": "refresh"}])
def test_a_refresh_token_is_no_access_token(changes: dict[str, Any]) -> None:
    with pytest.raises(Problem) as caught:
        Verifier(API).principal(f"Bearer {changed(**changes)}")
    assert caught.value.status == 401


def test_a_token_never_outlives_its_family() -> None:
    family = new_family(API, "dewi", ["auditor"], NOW)
    late = NOW + timedelta(days=API.refresh_family_days) - timedelta(hours=1)
    claims = jwt.decode(
        signed_refresh(API, family.next(), late), DEVELOPMENT_SECRET, ["HS256"], audience=audience_of(API),
        options={"verify_iat": False},
    )  # fmt: skip
    assert claims["exp"] == int(family.family_ends.timestamp())
    assert read_refresh(API, signed_refresh(API, family, NOW)).generation == 0


async def test_tokens_of_another_issuer_are_refreshed_there(aiohttp_client: ClientOf) -> None:
    settings = API.model_copy(update={"jwt_algorithm": "RS256", "jwks": "https://issuer.example/keys"})
    client = await aiohttp_client(app_of(api=settings))
    assert (await asked(client, refresh_text(API, "auditor"))).status == 404


@pytest.mark.integration
def test_families_in_postgres(services: SimpleNamespace) -> None:
    """Of two processes that are sent the same token one gives the next, and the family is over."""
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        asyncio.run(live_through(url))
        rows = sql(url, "select subject, revoked_why from token_families order by subject")
        assert [tuple(row) for row in rows] == [("ani", "revoked"), ("budi", "reused"), ("dewi", "reused")]


async def live_through(url: str) -> None:
    database = Database(DatabaseSettings(url=SecretStr(url)))
    here, there = PostgresFamilies(database), PostgresFamilies(database)
    first = new_family(API, "dewi", ["auditor"], NOW)
    second = first.next()
    assert await here.advance(first, second)
    third = second.next()
    assert sorted(await asyncio.gather(here.advance(second, third), there.advance(second, third))) == [False, True]
    assert not await here.advance(third, third.next()), "the family has ended"
    other = new_family(API, "ani", ["auditor"], NOW)
    await here.revoke(other)
    assert not await there.advance(other, other.next())
    made_up = new_family(API, "budi", ["auditor"], NOW).next()
    assert not await here.advance(made_up, made_up.next()), "a family that nobody began"
    await database.close()


NO_TOKEN: list[dict[str, str]] = [{}, ADMIN, {"Authorization": "Bearer expired"}]


@pytest.mark.parametrize("headers", NO_TOKEN)
async def test_whoever_has_no_access_token_any_more_may_ask(aiohttp_client: ClientOf, headers: dict[str, str]) -> None:
    client = await aiohttp_client(app_of())
    response = await client.post(REFRESH, json={"refreshToken": refresh_text(API, "auditor")}, headers=headers)
    assert response.status == 200
