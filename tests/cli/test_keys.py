"""`claims keys`: a new key, and a rotation that leaves nothing sealed with the old one."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from cli.errors import UserError
from cli.keys import app
from config.sealing import Sealer, key_id_of
from config.sealing_keys import new_key, parse_keys
from sinks import sealed_columns
from sinks.migrate import migrate_blocking
from sinks.sealed_columns import COLUMNS
from tests.sinks.live import own_database, sql

RUNNER = CliRunner()
OLD, NEW, INDEX = new_key(), new_key(), new_key()
OLDER = Sealer(parse_keys(f"old:{OLD}"), b"i" * 32)
NEWER = Sealer(parse_keys(f"new:{NEW},old:{OLD}"), b"i" * 32)
LETTERS = 12


def test_a_new_key_fits_the_settings() -> None:
    bare, named = RUNNER.invoke(app, ["new"]), RUNNER.invoke(app, ["new", "--id", "2026b"])
    assert list(parse_keys(f"a:{bare.stdout.strip()}")) == ["a"]
    assert list(parse_keys(named.stdout)) == ["2026b"]
    assert bare.stdout != RUNNER.invoke(app, ["new"]).stdout


def test_a_bad_id_says_what_is_one() -> None:
    done = RUNNER.invoke(app, ["new", "--id", "Two words"])
    assert isinstance(done.exception, UserError)
    assert "use a-z, 0-9 and -" in str(done.exception)


def test_every_sealed_column_stands_once_and_is_one_of_the_migrations() -> None:
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    assert COLUMNS[1].context({"topic": "claims.submitted", "dlq_partition": 1, "dlq_offset": 5}) == (
        "dead_letters.value/claims.submitted/1/5"
    )


@pytest.fixture
def database(services: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Dead letters and a member sealed with the old key, one letter in clear; the new key is in front."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sealed_columns, "BATCH_ROWS", 5)
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("CLAIMS_SEALING__KEYS", f"new:{NEW},old:{OLD}")
        monkeypatch.setenv("CLAIMS_SEALING__INDEX_KEY", INDEX)
        for number in range(LETTERS):
            place = f"claims.submitted/{number % 2}/{number}"
            value = b"clear" if number == 3 else OLDER.seal_bytes(b"raw %d" % number, f"dead_letters.value/{place}")
            key = None if number == 4 else OLDER.seal_bytes(b"key", f"dead_letters.key/{place}")
            insert_letter(url, number, key, value)
        sealed = [OLDER.seal("x", f"members.{column}/M-1") for column in ("name", "birth_date", "identifiers")]
        sql(
            url,
            "insert into members (member_id, release, removed, sex, relationship, coverages, name, birth_date, "
            "identifiers, name_index, identifier_index) "
            "values ('M-1', 1, false, 'f', 'self', '[]', $1, $2, $3, '{}', '{}')",
            *sealed,
        )
        yield url


def insert_letter(url: str, number: int, key: bytes | None, value: bytes) -> None:
    sql(
        url,
        "insert into dead_letters (topic, dlq_partition, dlq_offset, source_partition, source_offset, key, value, "
        "stage, code, message, at) values ('claims.submitted', $1, $2, 0, $2, $3, $4, 'validate', 'x', 'x', now())",
        number % 2, number, key, value,
    )  # fmt: skip


def key_ids(url: str, column: str, table: str) -> set[str]:
    rows = sql(url, f"select {column} as value from {table} where {column} is not null")
    return {key_id_of(row["value"]) for row in rows}


@pytest.mark.integration
def test_a_rotation_seals_everything_with_the_newest_key(database: str) -> None:
    before = RUNNER.invoke(app, ["status"]).stdout
    assert "new values are sealed with new" in before
    assert f"dead_letters.value       clear: 1, old: {LETTERS - 1}" in before
    done = RUNNER.invoke(app, ["rotate"])
    assert done.exit_code == 0, done.output
    assert f"dead_letters.value       {LETTERS} sealed again" in done.stdout
    assert "everything is sealed with new" in done.stdout
    for column, table in (("key", "dead_letters"), ("value", "dead_letters"), ("name", "members")):
        assert key_ids(database, column, table) == {"new"}
    rows = sql(database, "select dlq_partition, dlq_offset, value from dead_letters order by dlq_offset")
    opened = [NEWER.open_bytes(row[2], f"dead_letters.value/claims.submitted/{row[0]}/{row[1]}") for row in rows]
    assert opened == [b"clear" if number == 3 else b"raw %d" % number for number in range(LETTERS)]
    assert "dead_letters.value       0 sealed again" in RUNNER.invoke(app, ["rotate"]).stdout


@pytest.mark.integration
def test_a_rotation_that_was_stopped_goes_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = 0

    def stop_after_two(done: sealed_columns.Rotated) -> None:
        nonlocal batches
        batches += 1
        if batches == 2:
            raise KeyboardInterrupt

    rotate = sealed_columns.rotate
    with monkeypatch.context() as stopping:
        stopping.setattr(sealed_columns, "rotate", partial(rotate, told=stop_after_two))
        RUNNER.invoke(app, ["rotate"])
    assert key_ids(database, "key", "dead_letters") == {"new", "old"}
    assert RUNNER.invoke(app, ["rotate"]).exit_code == 0
    assert key_ids(database, "key", "dead_letters") == {"new"}


@pytest.mark.integration
def test_a_value_that_does_not_open_is_named_and_the_rest_is_done(database: str) -> None:
    insert_letter(database, 50, None, OLDER.seal_bytes(b"x", "another place"))
    done = RUNNER.invoke(app, ["rotate"])
    assert done.exit_code == 1
    assert "dead_letters.value       12 sealed again, 1 failed" in done.output
    assert "does not open: dead_letters.value/claims.submitted/0/50" in done.output
    assert key_ids(database, "name", "members") == {"new"}
