"""Rows of the document: tokens, public keys, and who looked at a claim."""

from api.models.access import PublicKeys, Reads, RefreshGiven, Tokens
from api.openapi.rows import Body, Reply, Row
from api.openapi.shared import CURSOR, LIMIT

ROWS = (
    Row(
        "POST", "/api/v1/auth/refresh", "refreshTokens", "A refresh token for new tokens, once",
        {200: Reply("New tokens.", Tokens)},
        Body(RefreshGiven),
        problems=(401, 404, 503),
        text="A refresh token that comes a second time ends all tokens of its sign-in: somebody has a copy.",
    ),
    Row(
        "POST", "/api/v1/auth/revoke", "revokeTokens", "End all refresh tokens of a sign-in",
        {204: Reply("They are ended; access tokens end by themselves.")},
        Body(RefreshGiven),
        problems=(401, 404, 503),
    ),
    Row(
        "GET", "/.well-known/jwks.json", "getPublicKeys", "Public keys of the tokens minted here",
        {200: Reply("A JWK set.", PublicKeys)},
    ),
    Row(
        "GET", "/api/v1/claims/{id}/audit", "getClaimAudit", "Who looked at a claim",
        {200: Reply("Looks, the last first.", Reads)},
        takes=(LIMIT, CURSOR),
        problems=(400, 503),
        text="A look takes a moment to be recorded. Looking here is recorded too.",
    ),
)  # fmt: skip
