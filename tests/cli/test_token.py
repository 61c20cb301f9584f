"""`claims token`: what it mints, and when it refuses."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.auth import Verifier
from api.problems import Problem
from api.refresh_tokens import read_refresh
from cli.errors import UserError
from cli.token import token
from config.limits import TOKEN_NAME_CHARACTERS_MAX
from config.sealing_keys import new_key
from config.settings import ApiSettings

app = typer.Typer()
app.command()(token)
RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a .env file."""
    monkeypatch.chdir(tmp_path)


def seal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing keys that production takes."""
    monkeypatch.setenv("CLAIMS_SEALING__KEYS", f"a:{new_key()}")
    monkeypatch.setenv("CLAIMS_SEALING__INDEX_KEY", new_key())


def test_a_token_opens_the_api() -> None:
    done = RUNNER.invoke(app, ["--sub", "dewi", "--role", "claim_processor", "--role", "auditor"])
    principal = Verifier(ApiSettings()).principal(f"Bearer {done.stdout.strip()}")
    assert (done.exit_code, principal.subject, principal.roles) == (
        0,
        "dewi",
        frozenset({"claim_processor", "auditor"}),
    )


def test_a_permission_can_be_granted_beyond_the_role() -> None:
    done = RUNNER.invoke(app, ["--sub", "ani", "--role", "admin", "--permission", "claim:delete"])
    principal = Verifier(ApiSettings()).principal(f"Bearer {done.stdout.strip()}")
    assert "claim:delete" in principal.permissions


def test_a_refresh_token_names_the_caller_and_opens_nothing() -> None:
    done = RUNNER.invoke(app, ["--sub", "clinic", "--role", "provider", "--provider-id", "PRV-1", "--refresh"])
    token = read_refresh(ApiSettings(), done.stdout.strip())
    assert (token.subject, token.roles, token.provider_id, token.generation) == ("clinic", ("provider",), "PRV-1", 0)
    with pytest.raises(Problem, match="invalid_token"):
        Verifier(ApiSettings()).principal(f"Bearer {done.stdout.strip()}")


REFUSED = [
    # arguments                                          environment   the message says
    (["--sub", "x", "--role", "wizard"],                 "development", "unknown role wizard; one of: super_admin"),
    (["--sub", "x", "--role", "provider"],               "development", "the role provider needs --provider-id"),
    (["--sub", "x", "--role", "member"],                 "development", "the role member needs --member-id"),
    (["--sub", "x", "--role", "member", "--provider-id", "P"],           "development", "needs --member-id"),
    (["--sub", "x", "--role", "member", "--member-id", "M", "--provider-id", "P"], "development", "or add --role"),
    (["--sub", "x", "--role", "member", "--member-id", ""],              "development", "--member-id needs 1 to 200"),
    (["--sub", "", "--role", "admin"],                   "development", "--sub needs 1 to 200 characters"),
    (["--sub", "  ", "--role", "admin"],                 "development", "--sub needs 1 to 200 characters"),
    (["--sub", "x" * 201, "--role", "admin", "--refresh"], "development", "--sub needs 1 to 200 characters"),
    (["--sub", "x", "--role", "admin"],                  "production",  "CLAIMS_API__JWT_SECRET"),
    (["--sub", "x", "--role", "admin", "--permission", "claim:conjure"], "development", "unknown permission"),
    (["--sub", "x", "--role", "admin", "--refresh", "--minutes", "5"],   "development", "REFRESH_LIFETIME_DAYS"),
    (["--sub", "x", "--role", "admin"],                  "rs256",       "CLAIMS_API__JWT_PRIVATE_KEY_FILE"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "environment", "says"), REFUSED)
def test_refused(monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: str, says: str) -> None:
    if environment == "rs256":
        monkeypatch.setenv("CLAIMS_API__JWT_ALGORITHM", "RS256")
        environment = "production"
    seal(monkeypatch)
    monkeypatch.setenv("CLAIMS_ENVIRONMENT", environment)
    done = RUNNER.invoke(app, arguments)
    assert isinstance(done.exception, UserError)
    assert says in str(done.exception)


TAKEN = [
    # arguments that make a token which the API takes
    ["--sub", "x" * TOKEN_NAME_CHARACTERS_MAX, "--role", "admin"],
    ["--sub", "budi", "--role", "member", "--member-id", "M"],
    ["--sub", "dokter", "--role", "provider", "--role", "member", "--provider-id", "P", "--member-id", "M"],
    ["--sub", "dewi", "--role", "claim_processor", "--provider-id", "P"],
]


@pytest.mark.parametrize("arguments", TAKEN)
def test_minted(arguments: list[str]) -> None:
    done = RUNNER.invoke(app, arguments)
    assert Verifier(ApiSettings()).principal(f"Bearer {done.stdout.strip()}").subject == arguments[1]


def test_minted_in_production_with_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seal(monkeypatch)
    monkeypatch.setenv("CLAIMS_ENVIRONMENT", "production")
    monkeypatch.setenv("CLAIMS_API__JWT_SECRET", "s" * 40)
    assert RUNNER.invoke(app, ["--sub", "dewi", "--role", "auditor"]).exit_code == 0
