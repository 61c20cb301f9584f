"""Tokens: minted for development, verified with one pinned algorithm, turned into a principal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from api.permissions import OUTSIDE_ROLES, PERMISSIONS, ROLES, permissions_of
from api.problems import Problem
from config.limits import TOKEN_CHARACTERS_MAX
from config.settings import DEVELOPMENT_SECRET, ApiSettings

# Clocks of issuer and service may differ by this much.
LEEWAY_SECONDS = 5
RSA_BITS_MIN = 2048
_REQUIRED = ["exp", "iat", "sub", "iss", "aud"]
_NAME_CHARACTERS_MAX = 200
_NAMES_MAX = 50


class TokenKeyError(ValueError):
    """The key for tokens is missing or unfit; the text says what to set."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `provider_id` and `member_id` say whose claims an outsider may see."""

    subject: str
    roles: frozenset[str]
    permissions: frozenset[str]
    provider_id: str | None
    member_id: str | None

    @property
    def sees_all(self) -> bool:
        """Whether this is staff: a known role that is no outsider's, and no id that narrows the token."""
        inside = (self.roles & ROLES.keys()) - OUTSIDE_ROLES
        return bool(inside) and self.provider_id is None and self.member_id is None

    @property
    def is_outsider(self) -> bool:
        """Whether this is a provider or member whom the token names: somebody who may have claims of their own."""
        named = self.provider_id is not None or self.member_id is not None
        return named and bool(self.roles & OUTSIDE_ROLES)

    @property
    def submitter_id(self) -> str:
        """The name under which claim numbers are unique: the organisation or person, not the one who typed."""
        return self.provider_id or self.member_id or self.subject


class Verifier:
    """Verifies tokens by the settings of the service; the key is read once. Raises TokenKeyError when it is unfit."""

    def __init__(self, api: ApiSettings) -> None:
        self._algorithm = api.jwt_algorithm
        self._issuer = api.jwt_issuer
        self._audience = api.jwt_audience
        self._key: Any = _public_key(api) if api.jwt_algorithm == "RS256" else api.jwt_secret.get_secret_value()

    def principal(self, authorization: str | None) -> Principal:
        """The principal behind an Authorization header; raises a 401 problem when the token is missing or bad."""
        if authorization is None:
            raise _unauthorized("missing_token", "Send a token: Authorization: Bearer <token>.", challenge="Bearer")
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise _unauthorized("invalid_token", "The Authorization header must be: Bearer <token>.")
        if len(token) > TOKEN_CHARACTERS_MAX:
            raise _unauthorized("invalid_token", f"The token is longer than {TOKEN_CHARACTERS_MAX} characters.")
        return _principal_of(self._claims(token))

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token, self._key, algorithms=[self._algorithm], issuer=self._issuer, audience=self._audience,
                leeway=LEEWAY_SECONDS, options={"require": _REQUIRED},
            )  # fmt: skip
        except jwt.ExpiredSignatureError:
            raise _unauthorized("expired_token", "The token has expired; get a new one.") from None
        except jwt.MissingRequiredClaimError as error:
            raise _unauthorized("invalid_token", f"The token lacks the claim {error.claim}.") from None
        except jwt.InvalidIssuerError:
            raise _unauthorized("invalid_token", "The token is from another issuer.") from None
        except jwt.InvalidAudienceError:
            raise _unauthorized("invalid_token", "The token is for another audience.") from None
        except (jwt.InvalidAlgorithmError, jwt.InvalidSignatureError):
            raise _unauthorized("invalid_token", "The token is not signed with the key of this service.") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
            raise _unauthorized("invalid_token", "The token is malformed or not valid yet.") from None
        return claims


def mint(
    api: ApiSettings,
    subject: str,
    roles: Sequence[str],
    now: datetime,
    *,
    provider_id: str | None = None,
    member_id: str | None = None,
    minutes: int | None = None,
) -> str:
    """A token of this service; raises TokenKeyError without a key to sign with, ValueError for an unknown role."""
    unknown = sorted(set(roles) - ROLES.keys())
    if unknown:
        raise ValueError(f"unknown role {', '.join(unknown)}; one of: {', '.join(ROLES)}")
    claims: dict[str, Any] = {
        "sub": subject,
        "roles": list(roles),
        "iss": api.jwt_issuer,
        "aud": api.jwt_audience,
        "iat": now,
        "exp": now + timedelta(minutes=minutes or api.token_lifetime_minutes),
    }
    claims |= {name: value for name, value in (("provider_id", provider_id), ("member_id", member_id)) if value}
    return jwt.encode(claims, _signing_key(api), algorithm=api.jwt_algorithm)


def uses_default_secret(api: ApiSettings) -> bool:
    """Whether tokens are signed with the secret that everybody knows."""
    return api.jwt_algorithm == "HS256" and api.jwt_secret.get_secret_value() == DEVELOPMENT_SECRET


def _principal_of(claims: Mapping[str, Any]) -> Principal:
    roles = _names(claims, "roles")
    return Principal(
        subject=_name(claims, "sub") or "",
        roles=roles,
        permissions=permissions_of(roles) | (_names(claims, "permissions") & PERMISSIONS),
        provider_id=_name(claims, "provider_id"),
        member_id=_name(claims, "member_id"),
    )


def _name(claims: Mapping[str, Any], claim: str) -> str | None:
    value = claims.get(claim)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _NAME_CHARACTERS_MAX:
        raise _unauthorized("invalid_token", f"The claim {claim} must be text of 1 to {_NAME_CHARACTERS_MAX}.")
    return value


def _names(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    value = claims.get(claim, [])
    if not isinstance(value, list) or len(value) > _NAMES_MAX or not all(isinstance(name, str) for name in value):
        raise _unauthorized("invalid_token", f"The claim {claim} must be a list of at most {_NAMES_MAX} names.")
    return frozenset(value)


def _unauthorized(code: str, detail: str, challenge: str = 'Bearer error="invalid_token"') -> Problem:
    return Problem(401, code, detail, headers={"WWW-Authenticate": challenge})


def _public_key(api: ApiSettings) -> RSAPublicKey:
    try:
        key = load_pem_public_key(_read(api.jwt_public_key_file, "CLAIMS_API__JWT_PUBLIC_KEY_FILE"))
    except ValueError as error:
        if isinstance(error, TokenKeyError):
            raise
        raise TokenKeyError(
            f"{api.jwt_public_key_file} is no public key in PEM; set CLAIMS_API__JWT_PUBLIC_KEY_FILE"
        ) from None
    if not isinstance(key, RSAPublicKey) or key.key_size < RSA_BITS_MIN:
        raise TokenKeyError(
            f"{api.jwt_public_key_file} is no RSA key of {RSA_BITS_MIN} bits or more, which RS256 needs"
        )
    return key


def _signing_key(api: ApiSettings) -> str | bytes:
    if api.jwt_algorithm == "HS256":
        return api.jwt_secret.get_secret_value()
    return _read(api.jwt_private_key_file, "CLAIMS_API__JWT_PRIVATE_KEY_FILE")


def _read(path: Path | None, variable: str) -> bytes:
    if path is None:
        raise TokenKeyError(f"RS256 needs a key: set {variable} to a PEM file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise TokenKeyError(f"{path} cannot be read ({error.strerror}); set {variable} to a PEM file") from None
