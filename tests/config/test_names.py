"""Names of the environment: a misspelt setting is no silent default."""

import os
import re
import runpy
from pathlib import Path

import pytest

from cli.environment import settings
from cli.errors import UserError
from config.names import READ_ELSEWHERE

ROOT = Path(__file__).parents[2]
READS = re.compile(r'(?:environ(?:\.get\(|\[)|envvar=)"(CLAIMS_\w+)"')


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a .env file and from services that run."""
    monkeypatch.chdir(tmp_path)


MISSPELT = [
    # name                               what is meant
    ("CLAIMS_KAFKA_BOOTSTRAP_SERVERS",  "did you mean CLAIMS_KAFKA__BOOTSTRAP_SERVERS?"),
    ("CLAIMS_API__JWTSECRET",           "did you mean CLAIMS_API__JWT_SECRET?"),
    ("CLAIMS_PORT",                     "did you mean CLAIMS_API__PORT?"),
    ("CLAIMS_API__PORT__X",             "did you mean CLAIMS_API__PORT?"),
    ("CLAIMS_TOKENS",                   "did you mean CLAIMS_TOKEN?"),
    ("CLAIMS_NOSUCH",                   "leave it out or mend it"),
    ("CLAIMS_API__NOSUCH",              "leave it out or mend it"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "hint"), MISSPELT)
def test_a_misspelt_name_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch, name: str, hint: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(UserError) as refused:
        settings()
    lines = str(refused.value).splitlines()[1:-1]
    assert lines == [f"  {name}: no setting has this name; {hint}"], "once, and nothing else"


def test_a_misspelt_name_in_the_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=x\nCLAIMS_API_PORT=1\n")
    with pytest.raises(UserError, match=r"CLAIMS_API_PORT: .* \(in \.env\); did you mean CLAIMS_API__PORT\?"):
        settings()


def test_it_is_told_together_with_a_wrong_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_NOSUCH", "1")
    monkeypatch.setenv("CLAIMS_API__PORT", "x")
    with pytest.raises(UserError, match=r"(?s)CLAIMS_NOSUCH: .*CLAIMS_API__PORT: "):
        settings()


TAKEN = [
    # name                             value                    why it is none of ours to refuse
    ("CLAIMS_API",                     '{"port": 8081}'),     # a section, whole
    ("claims_api__port",               "8081"),               # case does not count
    ("CLAIMS_TOKEN",                   "x"),                  # read by commands
    ("CLAIMS_CACHE_DIR",               "x"),                  # read by the embedded services
    ("CLAIMS_API_SERVICE_HOST",        "10.0.0.1"),           # the next four: Kubernetes, of a service `claims-api`
    ("CLAIMS_API_SERVICE_PORT_HTTP",   "8080"),
    ("CLAIMS_API_PORT",                "tcp://10.0.0.1:8080"),
    ("CLAIMS_API_PORT_8080_TCP_ADDR",  "10.0.0.1"),
    ("NOT_CLAIMS_NOSUCH",              "1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), TAKEN)
def test_these_are_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    settings()


def test_what_the_code_reads_elsewhere_is_listed() -> None:
    folders = ("api", "cli", "config", "deploy", "sinks", "sources", "streams", "tests")
    read = {
        name
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for name in READS.findall(path.read_text(encoding="utf-8"))
    }
    assert read == READ_ELSEWHERE


def test_the_tests_run_where_the_machine_has_such_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_OF_THE_MACHINE", "1")
    runpy.run_path(str(ROOT / "tests/conftest.py"))
    assert "CLAIMS_OF_THE_MACHINE" not in os.environ
