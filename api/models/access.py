"""Tokens, public keys, and who looked at a claim."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.models.base import Answer, ClaimId, Moment
from config.limits import TOKEN_CHARACTERS_MAX
from schemas.intake_model import Intake

Token = Annotated[str, Field(min_length=1, max_length=TOKEN_CHARACTERS_MAX)]


class RefreshGiven(Intake):
    """A refresh token, as `claims token --refresh` or the last refresh gave it."""

    refresh_token: Token


class Tokens(Answer):
    """An access token and the next refresh token; the one that was sent is used up."""

    access_token: Token
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1, description="Seconds until the access token expires.")]
    refresh_token: Token
    refresh_expires_in: Annotated[int, Field(ge=0, description="Seconds until the refresh token expires.")]


class PublicKey(Answer):
    """A public key of RS256, as RFC 7517 has it."""

    model_config = ConfigDict(alias_generator=None, extra="forbid")

    kty: Literal["RSA"]
    use: Literal["sig"]
    alg: Literal["RS256"]
    kid: str
    n: str
    e: str


class PublicKeys(Answer):
    """A JWK set; empty where tokens are signed with a secret, or elsewhere."""

    keys: list[PublicKey]


class Read(Answer):
    """A look at a claim. `outcome` is refused where it was none of the caller's business."""

    event_id: UUID
    at: Moment
    subject: str
    roles: list[str]
    provider_id: str | None
    member_id: str | None
    view: Annotated[str, Field(description="What was looked at: claim, timeline, document, claim_list, ...")]
    outcome: Literal["shown", "refused"]
    correlation_id: str


class Reads(Answer):
    """A page of the looks at a claim, the last first."""

    claim_id: ClaimId
    reads: list[Read]
    next: Annotated[str | None, Field(description="`cursor` of the next page; null on the last.")]
