"""The commands of docs/security.md, done: a key is changed while rows of the old one are there."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.sealing import Sealer, key_id_of
from config.sealing_keys import new_key, parse_key, parse_keys
from sinks.migrate import migrate_blocking
from tests.docs.blocks import commands
from tests.docs.test_commands import ROOT
from tests.sinks.live import own_database, sql

COMMANDS = commands((ROOT / "docs/security.md").read_text(encoding="utf-8"))


def test_the_page_has_these_commands() -> None:
    assert [line for line in COMMANDS if "claims keys rotate" in line] == ["claims keys rotate"]
    assert len(COMMANDS) == 8


@pytest.mark.integration
def test_every_command_of_the_page_does_what_it_says(services: SimpleNamespace, tmp_path: Path) -> None:
    claims = tmp_path / "bin" / "claims"
    claims.parent.mkdir()
    claims.write_text(f'#!/bin/sh\nexec {sys.executable} -m cli "$@"\n')
    claims.chmod(0o755)
    keys, index_key = f"2026a:{new_key()}", new_key()
    sealer = Sealer(parse_keys(keys), parse_key(index_key, "the index key"))
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        sql(
            url,
            "insert into dead_letters (topic, dlq_partition, dlq_offset, source_partition, source_offset, value, "
            "stage, code, message, at) values ('claims.submitted', 0, 0, 0, 0, $1, 'validate', 'x', 'x', now())",
            sealer.seal_bytes(b"raw", "dead_letters.value/claims.submitted/0/0"),
        )
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(COMMANDS)],
            cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False,
            env=os.environ | {
                "PATH": f"{claims.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "DATABASE_URL": url,
                "CLAIMS_SEALING__KEYS": keys, "CLAIMS_SEALING__INDEX_KEY": index_key,
            },
        )  # fmt: skip
        (row,) = sql(url, "select value from dead_letters")
    assert done.returncode == 0, done.stderr
    assert "dead_letters.value       2026a: 1" in done.stdout, "before"
    assert "dead_letters.value       1 sealed again" in done.stdout
    assert "everything is sealed with 2026b" in done.stdout
    assert key_id_of(row["value"]) == "2026b"
