"""Tokens: what is let in, and every way in which a bad one is not."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from api.auth import Principal, TokenKeyError, Verifier, mint, uses_default_secret
from api.permissions import ROLES
from api.problems import Problem
from config.limits import TOKEN_CHARACTERS_MAX
from config.settings import DEVELOPMENT_SECRET, ApiSettings
from tests.api.fakes import API, bearer

NOW = datetime.now(UTC)
GOOD: dict[str, Any] = {
    "sub": "dewi", "iss": "claims-engine", "aud": "claims-api", "iat": NOW, "exp": NOW + timedelta(hours=12),
    "roles": ["auditor"],
}  # fmt: skip


def signed(secret: str = DEVELOPMENT_SECRET, algorithm: str = "HS256", without: str = "", **changes: Any) -> str:
    claims = {name: value for name, value in (GOOD | changes).items() if name != without}
    return "Bearer " + jwt.encode(claims, secret, algorithm=algorithm)


def unsigned() -> str:
    claims = GOOD | {"iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 43_200}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
             for part in ({"alg": "none", "typ": "JWT"}, claims)]  # fmt: skip
    return f"Bearer {parts[0]}.{parts[1]}."


HOUR = timedelta(hours=1)
BAD = {
    "no header": (None, "missing_token"),
    "another scheme": ("Basic ZGV3aTpwYXNz", "invalid_token"),
    "no token": ("Bearer ", "invalid_token"),
    "not a token": ("Bearer x.y.z", "invalid_token"),
    "binary": ("Bearer \xff\xfe", "invalid_token"),
    "too long": ("Bearer " + "x" * (TOKEN_CHARACTERS_MAX + 1), "invalid_token"),
    "expired": (signed(iat=NOW - HOUR, exp=NOW - timedelta(minutes=1)), "expired_token"),
    "issued in the future": (signed(iat=NOW + 12 * HOUR, exp=NOW + 24 * HOUR), "invalid_token"),
    "not valid yet": (signed(nbf=NOW + 6 * HOUR), "invalid_token"),
    "wrong issuer": (signed(iss="somebody"), "invalid_token"),
    "wrong audience": (signed(aud="another-api"), "invalid_token"),
    "wrong secret": (signed(secret="x" * 40), "invalid_token"),
    "wrong algorithm": (signed(secret="x" * 64, algorithm="HS512"), "invalid_token"),
    "right secret, wrong algorithm": (signed(secret=DEVELOPMENT_SECRET * 2, algorithm="HS384"), "invalid_token"),
    "algorithm none": (unsigned(), "invalid_token"),
    **{f"no {claim}": (signed(without=claim), "invalid_token") for claim in ("exp", "iat", "sub", "iss", "aud")},
    "sub is too long": (signed(sub="x" * 201), "invalid_token"),
    "roles are text": (signed(roles="auditor"), "invalid_token"),
    "too many roles": (signed(roles=["auditor"] * 51), "invalid_token"),
    "provider is a list": (signed(provider_id=["PRV-1"]), "invalid_token"),
    "member is empty": (signed(member_id=""), "invalid_token"),
    "exp is text": (signed(exp="soon"), "invalid_token"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_token_is_refused(case: str) -> None:
    header, code = BAD[case]
    with pytest.raises(Problem) as caught:
        Verifier(API).principal(header)
    assert (caught.value.status, caught.value.code) == (401, code)
    assert caught.value.headers["WWW-Authenticate"].startswith("Bearer")


WHY = [
    ("Bearer not-a-token",                                    "The token is malformed"),
    (signed(exp="soon"),                                      "The token is malformed"),
    (signed(nbf=datetime.now(UTC) + timedelta(hours=1)),      "The token is not valid yet"),
    (signed(iat=datetime.now(UTC) + timedelta(hours=1)),      "The token is not valid yet"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "said"), WHY)
def test_what_is_no_token_and_what_is_none_yet_are_told_apart(header: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        Verifier(API).principal(header)
    assert caught.value.detail.startswith(said)


def test_a_good_token_names_the_principal() -> None:
    principal = Verifier(API).principal(bearer("provider", sub="clinic", provider_id="PRV-1")["Authorization"])
    assert principal == Principal("clinic", frozenset({"provider"}), ROLES["provider"], "PRV-1", None)


def test_permissions_of_the_token_count_only_when_known() -> None:
    principal = Verifier(API).principal(signed(permissions=["claim:create", "claim:conjure"]))
    assert principal.permissions == ROLES["auditor"] | {"claim:create"}


def test_a_clock_may_be_a_few_seconds_off() -> None:
    expired_just_now = signed(exp=datetime.now(UTC) - timedelta(seconds=1))
    assert Verifier(API).principal(expired_just_now).subject == "dewi"


SEES_ALL = [
    # roles                       provider  member   sees all  submits as
    (("auditor",),                None,     None,    True,     "dewi"),
    (("admin", "provider"),       None,     None,    True,     "dewi"),
    (("provider",),               "PRV-1",  None,    False,    "PRV-1"),
    (("member",),                 None,     "MBR-1", False,    "MBR-1"),
    (("admin",),                  "PRV-1",  None,    False,    "PRV-1"),
    (("provider",),               None,     None,    False,    "dewi"),
    (("wizard",),                 None,     None,    False,    "dewi"),
    ((),                          None,     None,    False,    "dewi"),
]  # fmt: skip


@pytest.mark.parametrize(("roles", "provider", "member", "sees_all", "submitter"), SEES_ALL)
def test_whose_claims_a_token_opens(
    roles: tuple[str, ...], provider: str | None, member: str | None, sees_all: bool, submitter: str
) -> None:
    principal = Principal("dewi", frozenset(roles), frozenset(), provider, member)
    assert (principal.sees_all, principal.submitter_id) == (sees_all, submitter)


def test_minting_refuses_an_unknown_role() -> None:
    with pytest.raises(ValueError, match="unknown role wizard; one of: super_admin"):
        mint(API, "dewi", ["wizard"], NOW)


def test_the_default_secret_is_recognised() -> None:
    assert uses_default_secret(API)
    assert not uses_default_secret(ApiSettings(jwt_algorithm="RS256"))


@pytest.fixture(scope="module")
def rsa_settings(tmp_path_factory: pytest.TempPathFactory) -> ApiSettings:
    folder = tmp_path_factory.mktemp("keys")
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (folder / "private.pem").write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.pem").write_bytes(public)
    return ApiSettings(
        jwt_algorithm="RS256",
        jwt_public_key_file=folder / "public.pem",
        jwt_private_key_file=folder / "private.pem",
    )


def test_rs256_round_trip(rsa_settings: ApiSettings) -> None:
    header = bearer("auditor", api=rsa_settings)["Authorization"]
    assert Verifier(rsa_settings).principal(header).subject == "dewi"


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(rsa_settings: ApiSettings) -> None:
    assert rsa_settings.jwt_public_key_file is not None
    # pyjwt refuses to sign so; an attacker has no such qualms.
    claims = GOOD | {"iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 43_200}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
             for part in ({"alg": "HS256", "typ": "JWT"}, claims)]  # fmt: skip
    signature = hmac.new(rsa_settings.jwt_public_key_file.read_bytes(), b".".join(parts), hashlib.sha256).digest()
    forged = b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()
    with pytest.raises(Problem, match="invalid_token"):
        Verifier(rsa_settings).principal(f"Bearer {forged}")


def test_a_token_of_hs256_does_not_open_a_service_of_rs256(rsa_settings: ApiSettings) -> None:
    with pytest.raises(Problem, match="invalid_token"):
        Verifier(rsa_settings).principal(signed())


def test_an_unfit_key_says_what_to_set(tmp_path: Path, rsa_settings: ApiSettings) -> None:
    def fault_of(path: Path | None) -> str:
        with pytest.raises(TokenKeyError) as caught:
            Verifier(rsa_settings.model_copy(update={"jwt_public_key_file": path, "jwt_private_key_file": None}))
        return str(caught.value)

    (tmp_path / "text.pem").write_text("no key")
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    (tmp_path / "curve.pem").write_bytes(curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert "set CLAIMS_API__JWT_PUBLIC_KEY_FILE" in fault_of(None)
    assert "cannot be read" in fault_of(tmp_path / "absent.pem")
    assert "no public key in PEM" in fault_of(tmp_path / "text.pem")
    assert "no RSA key" in fault_of(tmp_path / "curve.pem")


def test_minting_without_a_private_key_says_what_to_set(rsa_settings: ApiSettings) -> None:
    with pytest.raises(TokenKeyError, match="CLAIMS_API__JWT_PRIVATE_KEY_FILE"):
        mint(rsa_settings.model_copy(update={"jwt_private_key_file": None}), "dewi", ["auditor"], NOW)
