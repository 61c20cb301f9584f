"""Where the API of a command is, and with which token it is asked."""

from collections.abc import Sequence


def url_of(given: str | None) -> str:
    """The URL that was given, else where `claims api` listens by the settings."""
    from cli.environment import settings

    api = settings().api
    host = "127.0.0.1" if api.host in ("0.0.0.0", "::") else api.host  # noqa: S104 - compared, not bound
    return (given or f"http://{host}:{api.port}").rstrip("/")


def token_of(given: str | None, subject: str, roles: Sequence[str]) -> str:
    """The token that was given; in development, one is minted. Raises UserError elsewhere."""
    from datetime import UTC, datetime

    from api.auth import TokenKeyError, mint
    from cli.environment import settings
    from cli.errors import UserError

    chosen = settings()
    if given:
        return given
    if chosen.environment != "development":
        raise UserError("no token: pass --token or set CLAIMS_TOKEN")
    try:
        return mint(chosen.api, subject, roles, datetime.now(UTC))
    except (TokenKeyError, ValueError) as error:
        raise UserError(f"no token: pass --token or set CLAIMS_TOKEN ({error})") from error
