"""`claims token`: an access token, or the first refresh token of a sign-in."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import ApiSettings


def token(
    sub: Annotated[str, typer.Option(help="Whom the token names.")],
    role: Annotated[
        list[str], typer.Option(help="super_admin, admin, claim_processor, provider, member or auditor; repeatable.")
    ],
    provider_id: Annotated[str | None, typer.Option(help="Narrows the token to claims of this provider.")] = None,
    member_id: Annotated[str | None, typer.Option(help="Narrows the token to claims of this member.")] = None,
    permission: Annotated[
        list[str] | None, typer.Option(help="Granted beyond those of the roles, such as claim:delete; repeatable.")
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Print a refresh token, for POST /api/v1/auth/refresh.")
    ] = False,
    minutes: Annotated[
        int | None, typer.Option(min=1, max=1_440, help="Lifetime; by default CLAIMS_API__TOKEN_LIFETIME_MINUTES.")
    ] = None,
) -> None:
    """Mint a token for the API and print it.

    With --refresh it is a refresh token: it opens nothing itself, and the API gives an access token and the next
    refresh token for it, once.

    Roles `provider` and `member` see only claims of the provider or member that the token names.

    Examples: `claims token --sub dewi --role claim_processor`,
    `claims token --sub clinic --role provider --provider-id PRV-1`.
    """
    from api.permissions import OUTSIDE_ROLES
    from api.token_keys import TokenKeyError, uses_default_secret
    from cli.environment import settings
    from cli.errors import UserError

    api, production = settings().api, settings().environment == "production"
    if production and uses_default_secret(api):
        raise UserError("no token is minted in production with the default secret: set CLAIMS_API__JWT_SECRET")
    if set(role) <= OUTSIDE_ROLES and not provider_id and not member_id:
        raise UserError(f"the role {role[0]} needs --provider-id or --member-id: the token would open no claim")
    if refresh and minutes is not None:
        raise UserError("--minutes is for access tokens; CLAIMS_API__REFRESH_LIFETIME_DAYS is for refresh tokens")
    whose = {"provider_id": provider_id, "member_id": member_id}
    try:
        typer.echo(_minted(api, sub, role, whose, permission or [], refresh, minutes))
    except (TokenKeyError, ValueError) as error:
        raise UserError(str(error)) from error


def _minted(
    api: "ApiSettings", sub: str, role: list[str], whose: "Mapping[str, str | None]", granted: list[str],
    refresh: bool, minutes: int | None,
) -> str:  # fmt: skip
    from datetime import UTC, datetime

    from api.auth import mint
    from api.refresh_tokens import new_family, signed_refresh

    now = datetime.now(UTC)
    if refresh:
        return signed_refresh(api, new_family(api, sub, role, now, permissions=granted, **whose), now)
    return mint(api, sub, role, now, permissions=granted, minutes=minutes, **whose)
