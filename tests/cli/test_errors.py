"""What a person is told of a service that is away: where it was looked for, why, and what to do."""

import socket

import asyncpg
import pytest
from confluent_kafka import KafkaError, KafkaException

from cli.errors import kafka_away, postgres_away
from cli.main import main

REFUSED = ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 5432)")
UNKNOWN, FULL = socket.gaierror(-2, "Name or service not known"), asyncpg.TooManyConnectionsError("too many clients")
POSTGRES: list[tuple[str, Exception, str, str]] = [
    # behind postgresql://      what went wrong   where it was looked for   why
    ("u:secret@db:6432/claims", REFUSED,          "db:6432",                "the connection was refused"),
    ("u:secret@db/claims",      TimeoutError(),   "db:5432",                "no answer in time"),
    ("u:secret@db/claims",      FULL,             "db:5432",                "too many clients"),
    ("u:secret@nowhere/claims", UNKNOWN,          "nowhere:5432",           "Name or service not known"),
    ("u:secret@[::1]:1/claims", REFUSED,          "::1:1",                  "the connection was refused"),
    ("/claims?host=/run",       REFUSED,          "localhost:5432",         "the connection was refused"),
    ("u:secret@a:1,b:2/claims", REFUSED,          "its address",            "the connection was refused"),
    ("u:12/secret@db/claims",   REFUSED,          "its address",            "the connection was refused"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "error", "place", "reason"), POSTGRES)
def test_postgres_is_told_with_its_address_and_never_its_password(
    url: str, error: Exception, place: str, reason: str
) -> None:
    text = str(postgres_away(f"postgresql://{url}", error))
    assert text.startswith(f"Postgres at {place} cannot be used ({reason}). Is it up? CLAIMS_DATABASE__URL names")
    assert "secret" not in text


def test_kafka_is_told_with_its_addresses() -> None:
    text = str(kafka_away("a:9092,b:9092", KafkaException(KafkaError(KafkaError._TRANSPORT))))
    assert text.startswith("Kafka at a:9092,b:9092 cannot be used (")
    assert "CLAIMS_KAFKA__BOOTSTRAP_SERVERS" in text


def test_whatever_command_finds_no_kafka_says_where_it_looked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def away() -> None:
        raise KafkaException(KafkaError(KafkaError._TRANSPORT))

    monkeypatch.setattr("cli.main.app", away)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "a:9092")
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("claims: Kafka at a:9092 cannot be used (")


@pytest.mark.parametrize("command", [["migrate"], ["ledger", "NUSA-F05"], ["keys", "status"]], ids=" ".join)
def test_each_command_says_where_postgres_was_looked_for(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/claims")
    monkeypatch.setattr("sys.argv", ["claims", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert (ended.value.code, "secret" in said) == (2, False)
    assert said.startswith("claims: Postgres at 127.0.0.1:1 cannot be used (the connection was refused)")
