"""Keys of tokens: the secret of HS256, or RSA keys by their ids, from files or a key set (JWKS)."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from config.limits import JWKS_KEYS_MAX
from config.settings import DEVELOPMENT_SECRET, ApiSettings

RSA_BITS_MIN = 2048
_KID_CHARACTERS_MAX = 200
_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


class TokenKeyError(ValueError):
    """The key for tokens is missing or unfit; the text says what to set."""


class Keys(Protocol):
    """What a verifier asks of keys. `version` changes whenever a key may have gone: what it verified counts no more."""

    version: int

    def key(self, kid: str | None) -> Any:
        """The key that a token names; None for one that is not known."""

    async def look_again(self) -> None:
        """Somebody named a key that is not known: look, unless we just did."""

    async def keep_fresh(self) -> None:
        """Runs beside the service until it is cancelled."""


@dataclass(slots=True)
class FixedKeys:
    """Keys that do not change while the process runs. `by_id` is empty where tokens name none (HS256)."""

    first: Any
    by_id: Mapping[str, RSAPublicKey]
    version: int = 0

    def key(self, kid: str | None) -> Any:
        """The key of that id. Without ids, or where the token names none, the first one: it must fit the signature."""
        return self.first if kid is None or not self.by_id else self.by_id.get(kid)

    async def look_again(self) -> None:
        """There is nothing to look at."""

    async def keep_fresh(self) -> None:
        """There is nothing to keep fresh."""


def fixed_keys(api: ApiSettings) -> FixedKeys:
    """The secret, or the public keys of the file. Raises TokenKeyError."""
    if api.jwt_algorithm == "HS256":
        return FixedKeys(api.jwt_secret.get_secret_value(), {})
    if api.jwt_public_key_file is None and api.jwt_private_key_file is not None:
        return own_keys(api)
    keys = _public_keys(api)
    return FixedKeys(keys[0], {kid_of(key): key for key in keys})


def own_keys(api: ApiSettings) -> FixedKeys:
    """What verifies tokens that were minted here, by this key or the one before. Raises TokenKeyError."""
    if api.jwt_algorithm == "HS256":
        return fixed_keys(api)
    private, kid = signing_key(api)
    assert isinstance(private, RSAPrivateKey)
    assert kid is not None
    earlier = _public_keys(api) if api.jwt_public_key_file is not None else []
    return FixedKeys(private.public_key(), {kid: private.public_key()} | {kid_of(key): key for key in earlier})


def signing_key(api: ApiSettings) -> tuple[str | RSAPrivateKey, str | None]:
    """What tokens are signed with, and the id of it that they name. Raises TokenKeyError."""
    if api.jwt_algorithm == "HS256":
        return api.jwt_secret.get_secret_value(), None
    variable = "CLAIMS_API__JWT_PRIVATE_KEY_FILE"
    try:
        key = load_pem_private_key(_read(api.jwt_private_key_file, variable), None)
    except (ValueError, TypeError) as error:
        if isinstance(error, TokenKeyError):
            raise
        raise TokenKeyError(f"{api.jwt_private_key_file} is no private key in PEM; set {variable}") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < RSA_BITS_MIN:
        raise TokenKeyError(f"{api.jwt_private_key_file} is no RSA key of {RSA_BITS_MIN} bits or more")
    return key, kid_of(key.public_key())


def mints_here(api: ApiSettings) -> bool:
    """Whether this service can sign tokens of its own."""
    return api.jwt_algorithm == "HS256" or api.jwt_private_key_file is not None


def uses_default_secret(api: ApiSettings) -> bool:
    """Whether tokens are signed with the secret that everybody knows."""
    return api.jwt_algorithm == "HS256" and api.jwt_secret.get_secret_value() == DEVELOPMENT_SECRET


def published(api: ApiSettings) -> dict[str, object]:
    """Our public keys as a JWK set: the key that we sign with, and those of the file of public keys. Never a secret."""
    rsa = api.jwt_algorithm == "RS256" and api.jwt_private_key_file is not None
    keys = own_keys(api).by_id if rsa else {}
    return {"keys": [_jwk(key) | {"kid": kid, "use": "sig", "alg": "RS256"} for kid, key in keys.items()]}


def parse_key_set(text: bytes) -> dict[str, RSAPublicKey]:
    """The RSA keys for signatures of a JWK set by their ids; keys of other kinds are passed over. Raises ValueError."""
    found: dict[str, RSAPublicKey] = {}
    body = json.loads(text)
    keys = body.get("keys") if isinstance(body, dict) else None
    if not isinstance(keys, list) or len(keys) > JWKS_KEYS_MAX:
        raise ValueError(f"no JWK set of at most {JWKS_KEYS_MAX} keys")
    for jwk in keys:
        if not isinstance(jwk, dict) or jwk.get("kty") != "RSA":
            continue
        if jwk.get("use", "sig") != "sig" or jwk.get("alg", "RS256") != "RS256":
            continue
        kid = jwk.get("kid")
        if isinstance(kid, str) and 0 < len(kid) <= _KID_CHARACTERS_MAX:
            key = RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
            if key.key_size >= RSA_BITS_MIN:
                found[kid] = key
    if not found:
        raise ValueError(f"no RSA key of {RSA_BITS_MIN} bits or more with an id (kid) for RS256")
    return found


def kid_of(key: RSAPublicKey) -> str:
    """The id of a key: its thumbprint (RFC 7638), so that the same key has the same id everywhere."""
    jwk = _jwk(key)
    text = json.dumps({name: jwk[name] for name in sorted(jwk)}, separators=(",", ":"))
    return _base64(hashlib.sha256(text.encode()).digest())


def _jwk(key: RSAPublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    return {"e": _text(numbers.e), "kty": "RSA", "n": _text(numbers.n)}


def _text(number: int) -> str:
    return _base64(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _number(text: object) -> int:
    if not isinstance(text, str) or len(text) > 2_000:
        raise ValueError("a number of a key is no text of at most 2,000 characters")
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _public_keys(api: ApiSettings) -> list[RSAPublicKey]:
    """Every key of the file: the new one and the old one stand one after the other while keys are changed."""
    path, variable = api.jwt_public_key_file, "CLAIMS_API__JWT_PUBLIC_KEY_FILE"
    text = _read(path, variable)
    try:
        keys = [load_pem_public_key(pem) for pem in _PEM.findall(text) or [text]]
    except ValueError:
        raise TokenKeyError(f"{path} is no public key in PEM; set {variable}") from None
    fit = [key for key in keys if isinstance(key, RSAPublicKey) and key.key_size >= RSA_BITS_MIN]
    if len(fit) != len(keys):
        raise TokenKeyError(f"{path} is no RSA key of {RSA_BITS_MIN} bits or more, which RS256 needs")
    return fit


def _read(path: Path | None, variable: str) -> bytes:
    if path is None:
        raise TokenKeyError(f"RS256 needs a key: set {variable} to a PEM file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise TokenKeyError(f"{path} cannot be read ({error.strerror}); set {variable} to a PEM file") from None
