"""Settings: names in the environment, refused secrets, and an example file that is never out of date."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.example import render, shown
from config.sealing_keys import DEVELOPMENT_INDEX_KEY, DEVELOPMENT_KEYS, new_key
from config.settings import DEVELOPMENT_SECRET, Settings, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_example_file_is_generated() -> None:
    assert (ROOT / ".env.example").read_text() == render(), "run: claims settings example > .env.example"


NAMES: list[tuple[str, str, str]] = [
    # variable, value, what the settings then show
    ("CLAIMS_KAFKA__PARTITIONS", "8", "CLAIMS_KAFKA__PARTITIONS=8"),
    ("CLAIMS_API__PORT", "9000", "CLAIMS_API__PORT=9000"),
    ("CLAIMS_ENVIRONMENT", "development", "CLAIMS_ENVIRONMENT=development"),
    ("KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2", "CLAIMS_KAFKA__BOOTSTRAP_SERVERS=a:1,b:2"),
    ("DATABASE_URL", "postgresql://u:p@h/d", "CLAIMS_DATABASE__URL=(secret)"),
]


@pytest.mark.parametrize(("variable", "value", "line"), NAMES)
def test_names(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str) -> None:
    monkeypatch.setenv(variable, value)
    assert line in shown(load()).splitlines()


def test_our_own_name_goes_before_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "plain:1")
    monkeypatch.setenv("CLAIMS_KAFKA__BOOTSTRAP_SERVERS", "ours:1")
    assert load().kafka.bootstrap_servers == "ours:1"


SEALED = {"CLAIMS_SEALING__KEYS": f"2026a:{new_key()}", "CLAIMS_SEALING__INDEX_KEY": new_key()}
CHOSEN = SEALED | {"CLAIMS_API__JWT_SECRET": "x" * 32, "CLAIMS_ENVIRONMENT": "production"}
BAD: list[tuple[dict[str, str], str]] = [
    # environment, what the message says
    ({"CLAIMS_KAFKA__PARTITION": "8"}, "partition"),
    ({"CLAIMS_KAFKA__PARTITIONS": "0"}, "greater than or equal to 1"),
    ({"CLAIMS_ENVIRONMENT": "production"}, "CLAIMS_API__JWT_SECRET"),
    ({"CLAIMS_ENVIRONMENT": "staging", "CLAIMS_API__JWT_SECRET": "short"}, "CLAIMS_API__JWT_SECRET"),
    ({"CLAIMS_ENVIRONMENT": "production", "CLAIMS_API__JWT_SECRET": DEVELOPMENT_SECRET}, "CLAIMS_API__JWT_SECRET"),
    (CHOSEN | {"CLAIMS_SEALING__KEYS": DEVELOPMENT_KEYS}, "CLAIMS_SEALING__KEYS"),
    (
        CHOSEN | {"CLAIMS_SEALING__KEYS": f"a:{new_key()},b:{DEVELOPMENT_KEYS.partition(':')[2]}"},
        "CLAIMS_SEALING__KEYS",
    ),
    (CHOSEN | {"CLAIMS_SEALING__INDEX_KEY": DEVELOPMENT_INDEX_KEY}, "CLAIMS_SEALING__INDEX_KEY"),
    (CHOSEN | {"CLAIMS_API__JWKS": "http://issuer.example/keys"}, "CLAIMS_API__JWKS must be an https URL"),
    ({"CLAIMS_API__CORS_ORIGINS": "*"}, "is no origin"),
    ({"CLAIMS_API__TRUSTED_PROXIES": "proxy"}, "is no address; write 10.0.0.1"),
    ({"CLAIMS_API__RATE_READ": "many"}, "rate_read"),
    ({"CLAIMS_SEALING__KEYS": ""}, "there are 0 keys"),
    ({"CLAIMS_SEALING__INDEX_KEY": "c2hvcnQ="}, "the index key has 5 bytes"),
]


@pytest.mark.parametrize(("environment", "says"), BAD)
def test_refused(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], says: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=says):
        Settings()


@pytest.mark.parametrize(
    "environment",
    [{"CLAIMS_API__JWT_SECRET": "x" * 32}, {"CLAIMS_API__JWT_ALGORITHM": "RS256"}],
)
def test_production_with_secrets_of_its_own(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    monkeypatch.setenv("CLAIMS_ENVIRONMENT", "production")
    for name, value in (SEALED | environment).items():
        monkeypatch.setenv(name, value)
    assert Settings().environment == "production"
