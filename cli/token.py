"""`claims token`: an access token, or the first refresh token of a sign-in."""

from typing import Annotated

import typer


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
    from datetime import UTC, datetime

    from api.auth import TokenKeyError, mint, uses_default_secret
    from api.permissions import OUTSIDE_ROLES
    from api.refresh_tokens import new_family, signed_refresh
    from cli.environment import settings
    from cli.errors import UserError

    chosen = settings()
    if chosen.environment == "production" and uses_default_secret(chosen.api):
        raise UserError("no token is minted in production with the default secret: set CLAIMS_API__JWT_SECRET")
    if set(role) <= OUTSIDE_ROLES and not provider_id and not member_id:
        raise UserError(f"the role {role[0]} needs --provider-id or --member-id: the token would open no claim")
    if refresh and minutes is not None:
        raise UserError("--minutes is for access tokens; CLAIMS_API__REFRESH_LIFETIME_DAYS is for refresh tokens")
    now, whose = datetime.now(UTC), {"provider_id": provider_id, "member_id": member_id}
    granted = permission or []
    try:
        if refresh:
            minted = signed_refresh(
                chosen.api, new_family(chosen.api, sub, role, now, permissions=granted, **whose), now
            )
        else:
            minted = mint(chosen.api, sub, role, now, permissions=granted, minutes=minutes, **whose)
    except (TokenKeyError, ValueError) as error:
        raise UserError(str(error)) from error
    typer.echo(minted)
