"""Keys of an issuer elsewhere: rotation, an issuer that is away, and tokens that name keys of nobody."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from api.auth import Verifier, mint
from api.jwks import LOOK_SECONDS_MIN, IssuerKeys
from api.problems import Problem
from api.token_keys import parse_key_set, published
from config.limits import JWKS_BYTES_MAX, JWKS_KEYS_MAX
from config.settings import ApiSettings
from tests.api.fakes import app_of

FIRST, SECOND, SMALL = (rsa.generate_private_key(65537, bits) for bits in (2048, 2048, 1024))
API = ApiSettings(jwt_algorithm="RS256", jwks="https://issuer.example/jwks.json")
NOW = datetime.now(UTC)


def jwk(key: rsa.RSAPrivateKey, kid: str | None, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {name: made[name] for name in ("kty", "n", "e")} | ({"kid": kid} if kid else {}) | changes


def key_set(**keys: rsa.RSAPrivateKey) -> bytes:
    return json.dumps({"keys": [jwk(key, kid) for kid, key in keys.items()]}).encode()


def token(key: rsa.RSAPrivateKey, kid: str | None) -> str:
    claims = {
        "sub": "dewi", "iss": "claims-engine", "aud": "claims-api", "roles": ["auditor"],
        "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 3_600,
    }  # fmt: skip
    return "Bearer " + jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid} if kid else None)


class Issuer:
    """An issuer and a clock that the test moves."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.away = False
        self.asked = 0
        self.now = 1_000.0
        self.keys = IssuerKeys(API, self.fetch, lambda: self.now)
        self.verifier = Verifier(API, self.keys)

    async def fetch(self) -> bytes:
        self.asked += 1
        if self.away:
            raise OSError("away")
        return self.text

    async def lets_in(self, header: str) -> bool:
        try:
            return (await self.verifier.authenticate(header)).subject == "dewi"
        except Problem as problem:
            if problem.status != 401:
                raise
            return False

    async def look(self) -> None:
        self.now += LOOK_SECONDS_MIN
        await self.keys.look_again()


async def test_the_old_and_the_new_key_count_at_once_and_a_key_that_left_no_more() -> None:
    issuer = Issuer(key_set(first=FIRST))
    assert await issuer.lets_in(token(FIRST, "first")), "the first token makes the first look"
    issuer.text = key_set(second=SECOND, first=FIRST)
    issuer.now += LOOK_SECONDS_MIN
    assert await issuer.lets_in(token(SECOND, "second")), "an unknown key makes another look"
    assert await issuer.lets_in(token(FIRST, "first"))
    issuer.text = key_set(second=SECOND)
    await issuer.look()
    assert not await issuer.lets_in(token(FIRST, "first")), "not even the token that was verified before"
    assert await issuer.lets_in(token(SECOND, "second"))


async def test_a_key_that_was_exchanged_under_the_same_id_counts_no_more() -> None:
    issuer = Issuer(key_set(same=FIRST))
    assert await issuer.lets_in(token(FIRST, "same"))
    issuer.text = key_set(same=SECOND)
    await issuer.look()
    assert not await issuer.lets_in(token(FIRST, "same"))


async def test_unknown_keys_cause_one_look_in_ten_seconds() -> None:
    issuer = Issuer(key_set(first=FIRST))
    for number in range(50):
        assert not await issuer.lets_in(token(SECOND, f"made-up-{number}"))
    assert issuer.asked == 1
    issuer.now += LOOK_SECONDS_MIN
    assert not await issuer.lets_in(token(SECOND, "made-up"))
    assert issuer.asked == 2


async def test_an_issuer_that_is_away_or_answers_nonsense_changes_nothing() -> None:
    issuer = Issuer(key_set(first=FIRST))
    assert await issuer.lets_in(token(FIRST, "first"))
    for spoil in (b"", b"{}", b'{"keys": 7}', b'{"keys": []}', b'{"keys": [{"kty": "RSA", "kid": "x"}]}'):
        issuer.text = spoil
        await issuer.look()
        assert await issuer.lets_in(token(FIRST, "first")), spoil
    issuer.away = True
    await issuer.look()
    assert await issuer.lets_in(token(FIRST, "first"))


async def test_keys_that_were_not_read_for_a_day_count_no_more_for_new_tokens() -> None:
    issuer = Issuer(key_set(first=FIRST))
    await issuer.look()
    issuer.away = True
    issuer.now += 24 * 3_600 + 1
    assert not await issuer.lets_in(token(FIRST, "first"))
    issuer.away = False
    await issuer.look()
    assert await issuer.lets_in(token(FIRST, "first"))


async def test_a_token_without_a_key_id_is_none_of_the_issuers() -> None:
    issuer = Issuer(key_set(first=FIRST))
    assert not await issuer.lets_in(token(FIRST, None))


TOO_MANY = {"keys": [jwk(FIRST, f"k{n}") for n in range(JWKS_KEYS_MAX + 1)]}
SETS = [
    # keys of the set                                   ids taken, or what the error says
    ([jwk(FIRST, "a"), jwk(SECOND, "b")],               {"a", "b"}),
    ([jwk(FIRST, "a"), {"kty": "EC", "kid": "b"}],      {"a"}),
    ([jwk(FIRST, "a"), jwk(SECOND, "b", use="enc")],    {"a"}),
    ([jwk(FIRST, "a"), jwk(SECOND, "b", alg="RS512")],  {"a"}),
    ([jwk(FIRST, "a"), jwk(SECOND, None)],              {"a"}),
    ([jwk(FIRST, "a"), jwk(SMALL, "b")],                {"a"}),
    ([jwk(SMALL, "b")],                                 "no RSA key of 2048 bits"),
    ([{"kty": "oct", "k": "c2VjcmV0", "kid": "a"}],     "no RSA key of 2048 bits"),
    (TOO_MANY["keys"],                                  "at most 50 keys"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), SETS)
def test_what_is_taken_of_a_set(keys: list[dict[str, Any]], expected: set[str] | str) -> None:
    text = json.dumps({"keys": keys}).encode()
    if isinstance(expected, set):
        assert parse_key_set(text).keys() == expected
    else:
        with pytest.raises(ValueError, match=expected):
            parse_key_set(text)


async def test_the_set_is_read_over_http_and_from_a_file(aiohttp_server: Any, tmp_path: Path) -> None:
    answers = {"/good": key_set(first=FIRST), "/long": b" " * (JWKS_BYTES_MAX + 1) + key_set(first=FIRST)}

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/moved":
            raise web.HTTPFound("/good")
        return web.Response(body=answers[request.path])

    app = web.Application()
    app.router.add_get("/{any}", answer)
    server = await aiohttp_server(app)
    (tmp_path / "keys.json").write_bytes(answers["/good"])
    places = [
        (str(server.make_url("/good")), True), (str(server.make_url("/long")), False),
        (str(server.make_url("/moved")), False), (str(tmp_path / "keys.json"), True), (str(tmp_path / "none"), False),
    ]  # fmt: skip
    for place, found in places:
        keys = IssuerKeys(API.model_copy(update={"jwks": place}))
        await keys.look_again()
        assert (keys.key("first") is not None) is found, place


@pytest.fixture
def minting(tmp_path: Path) -> ApiSettings:
    """A service that mints with the second key; tokens of the first one are out still."""
    private = SECOND.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "private.pem").write_bytes(private)
    public = [key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in (SECOND, FIRST)]
    (tmp_path / "public.pem").write_bytes(b"".join(public))
    return ApiSettings(
        jwt_algorithm="RS256",
        jwt_private_key_file=tmp_path / "private.pem",
        jwt_public_key_file=tmp_path / "public.pem",
    )


async def test_our_own_set_opens_our_tokens_before_and_after_a_change_of_key(minting: ApiSettings) -> None:
    earlier = minting.model_copy(update={"jwt_public_key_file": None})
    assert minting.jwt_private_key_file is not None
    assert len(published(minting)["keys"]) == 2  # type: ignore[arg-type]
    assert '"d"' not in json.dumps(published(minting)), "no private number is shown"
    verifier = Verifier(API, IssuerKeys(API, lambda: _text(json.dumps(published(minting)).encode())))
    assert (await verifier.authenticate("Bearer " + mint(minting, "dewi", ["auditor"], NOW))).subject == "dewi"
    own = Verifier(minting)
    assert own.principal("Bearer " + mint(earlier, "dewi", ["auditor"], NOW)).subject == "dewi"


async def _text(text: bytes) -> bytes:
    return text


async def test_a_service_with_a_secret_publishes_no_key(aiohttp_client: Any) -> None:
    response = await (await aiohttp_client(app_of())).get("/.well-known/jwks.json")
    assert (response.status, await response.json()) == (200, {"keys": []})
    assert response.headers["Cache-Control"] == "public, max-age=300"
