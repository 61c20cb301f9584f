"""`claims token`: an access token, or the first refresh token of a sign-in."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

    The role `provider` sees only claims of the provider that --provider-id names, and the role `member` those of the
    member that --member-id names. Both options narrow a token of staff.

    Examples: `claims token --sub dewi --role claim_processor`,
    `claims token --sub clinic --role provider --provider-id PRV-1`.
    """
    from api.token_keys import TokenKeyError
    from cli.environment import settings
    from cli.errors import UserError

    api = settings().api
    whose = {"provider_id": provider_id, "member_id": member_id}
    if wrong := [*_unfit_names({"sub": sub} | whose), *_strangers(role, whose)]:
        raise UserError("; ".join(wrong))
    if refresh and minutes is not None:
        raise UserError("--minutes is for access tokens; CLAIMS_API__REFRESH_LIFETIME_DAYS is for refresh tokens")
    try:
        typer.echo(_minted(api, sub, role, whose, permission or [], refresh, minutes))
    except (TokenKeyError, ValueError) as error:
        raise UserError(str(error)) from error


def _unfit_names(names: "Mapping[str, str | None]") -> "Iterator[str]":
    """Names that the API takes in no token."""
    from config.limits import TOKEN_NAME_CHARACTERS_MAX

    for name, text in names.items():
        if text is not None and not (text.strip() and len(text) <= TOKEN_NAME_CHARACTERS_MAX):
            option = f"--{name.replace('_', '-')}"
            yield f"{option} needs 1 to {TOKEN_NAME_CHARACTERS_MAX} characters: the API refuses a token without"


def _strangers(roles: list[str], whose: "Mapping[str, str | None]") -> "Iterator[str]":
    """Outsiders without the id of their role, and with that of another's: the token would open nothing of theirs."""
    from api.permissions import OUTSIDE_ROLES

    if not set(roles) <= OUTSIDE_ROLES:
        return
    for role in sorted(OUTSIDE_ROLES):
        option, named = f"--{role}-id", whose[f"{role}_id"] is not None
        if role in roles and not named:
            yield f"the role {role} needs {option}: the token would open no claim"
        if role not in roles and named:
            yield f"{option} is for the role {role} and for staff; leave it out, or add --role {role}"


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
