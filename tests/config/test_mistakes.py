"""Mistakes in settings are told in words of ours, each with its name, all at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from cli.environment import settings
from cli.errors import UserError
from config.sealing_keys import new_key
from config.settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a .env file and from services that run."""
    monkeypatch.chdir(tmp_path)


def refusal(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that a command ends with, without the first and the last, which are always the same."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UserError) as refused:
        settings()
    return [line.strip() for line in str(refused.value).splitlines()[1:-1]]


SECTION = "must be a JSON object of its settings; or set each by a name of its own"
WORDS = [
    # name                                         value        what is said of it
    ("CLAIMS_API__PORT",                           "many",      "must be a whole number"),
    ("CLAIMS_API__PORT",                           "8080.5",    "must be a whole number"),
    ("CLAIMS_API__PORT",                           "65536",     "must be 65,535 or less"),
    ("CLAIMS_KAFKA__PARTITIONS",                   "0",         "must be 1 or more"),
    ("CLAIMS_KAFKA__PARTITIONS",                   "",          "must be a whole number"),
    ("CLAIMS_SINK__BATCH_WAIT_SECONDS",            "0",         "must be 0.01 or more"),
    ("CLAIMS_SINK__BATCH_WAIT_SECONDS",            "soon",      "must be a number"),
    ("CLAIMS_API__REFRESH_LIFETIME_DAYS",          "0",         "must be more than 0"),
    ("CLAIMS_API__BEHIND_TLS",                     "maybe",     "must be true or false"),
    ("CLAIMS_API__JWT_ALGORITHM",                  "HS512",     "must be 'HS256' or 'RS256'"),
    ("CLAIMS_API__RATE_READ",                      "many",      "must look like 100/minute or 5/second"),
    ("CLAIMS_WORKER__GROUP_PREFIX",                "A B",       "must look like claims or claims-2"),
    ("CLAIMS_DOCUMENTS__CLAMD",                    "clamd",     "must look like unix:/run/clamav/clamd.sock or clamd"),
    ("CLAIMS_API__TRUSTED_PROXIES",                "proxy",     "'proxy' is no address; write 10.0.0.1, or"),
    ("CLAIMS_API__CORS_ORIGINS",                   "*",         "'*' is no origin; write https://host or"),
    ("CLAIMS_SEALING__KEYS",                       "",          "there are 0 keys; name 1 to 20 as"),
    ("CLAIMS_SEALING__INDEX_KEY",                  "c2hvcnQ=",  "the index key has 5 bytes and needs 32"),
    ("CLAIMS_API",                                 "8080",      SECTION),
    ("CLAIMS_API",                                 "port=8080", SECTION),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "words"), WORDS)
def test_the_words(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    (said,) = refusal({name: value}, monkeypatch)
    assert said.startswith(f"{name}: {words}")


def test_an_unknown_name_within_a_section_is_named_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal({"CLAIMS_API": '{"prot": 8080}'}, monkeypatch)
    assert said == ["CLAIMS_API__PROT: no setting has this name; did you mean CLAIMS_API__PORT?"]


def test_whatever_is_missing_in_production_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal({"CLAIMS_ENVIRONMENT": "production", "CLAIMS_API__JWKS": "http://issuer.example"}, monkeypatch)
    assert said == [
        "CLAIMS_API__JWT_SECRET must be set outside development, 32 bytes or more; `claims keys new` makes one",
        "CLAIMS_SEALING__KEYS must be set outside development, id:key; `claims keys new` makes one",
        "CLAIMS_SEALING__INDEX_KEY must be set outside development; `claims keys new` makes one",
        "CLAIMS_API__JWKS must be an https URL or a file outside development",
    ]


SHORT = "has {} bytes and needs 32 or more; `claims keys new` makes one"
SECRETS = [
    # environment     algorithm  secret     what is said of it
    ("development",  "HS256",   "short",   SHORT.format(5)),
    ("development",  "HS256",   "",        SHORT.format(0)),
    ("development",  "HS256",   "x" * 31,  SHORT.format(31)),
    ("development",  "HS256",   "x" * 32,  None),
    ("development",  "HS256",   "é" * 16,  None),
    ("development",  "RS256",   "short",   None),
    ("staging",      "HS256",   "short",   SHORT.format(5)),
    ("production",   "HS256",   "short",   SHORT.format(5)),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "algorithm", "secret", "says"), SECRETS)
def test_a_secret_is_32_bytes_or_more_everywhere(
    monkeypatch: pytest.MonkeyPatch, environment: str, algorithm: str, secret: str, says: str | None
) -> None:
    monkeypatch.setenv("CLAIMS_SEALING__KEYS", f"a:{new_key()}")
    monkeypatch.setenv("CLAIMS_SEALING__INDEX_KEY", new_key())
    monkeypatch.setenv("CLAIMS_API__JWT_ALGORITHM", algorithm)
    chosen = {"CLAIMS_ENVIRONMENT": environment, "CLAIMS_API__JWT_SECRET": secret}
    if says is None:
        for name, value in chosen.items():
            monkeypatch.setenv(name, value)
        assert settings().api.jwt_secret.get_secret_value() == secret
    else:
        assert refusal(chosen, monkeypatch) == [f"CLAIMS_API__JWT_SECRET {says}"]


def names(model: type[BaseModel], prefix: str = "CLAIMS_") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from names(kind, f"{prefix}{name.upper()}__")
        else:
            yield prefix + name.upper()


def test_no_setting_is_refused_in_the_words_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every setting: whatever takes any text is taken, and of each other that is refused the words are ours."""
    words = [refused(name, monkeypatch) for name in names(Settings)]
    assert sum(bool(said) for said in words) > 40
    assert [said for said in words if "nput" in said or "rror," in said or "String" in said] == []


def refused(name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as environment:
        environment.setenv(name, "\N{SNOWMAN} ?")
        try:
            settings()
        except UserError as error:
            return str(error)
        return ""
