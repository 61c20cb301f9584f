"""Every command of the documentation, done: the tutorial from top to bottom, then the pages about doors and files."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack import free_port
from tests.docs.blocks import commands, programs
from tests.docs.test_commands import GUIDES, ROOT

NEEDS_SERVICES = ("docs/tutorial.md", "README.md", "docs/doors.md", "docs/edi.md", "docs/api.md", "docs/documents.md")
NEEDS_NONE = ("docs/reference-format.md", "docs/decision-format.md", "docs/conformance.md")
# By tests/docs/test_security_page.py.
IN_A_TEST_OF_ITS_OWN = ("docs/security.md",)
# What the tests around this one do, and what sets up the environment they run in.
DONE_ELSEWHERE = {"make install", "make demo", "make test", ". .venv/bin/activate"}
STARTS = {"claims up --sample", ".venv/bin/claims up --sample", "claims worker"}
# Everything ends with 0 but what the text announces.
ENDS_WITH = {
    "claims edi show sources/samples/broken-837p.edi": 1,
    "claims edi read sources/samples/claims-837d.edi > dental.jsonl": 1,
    "claims edi read sources/samples/broken-837p.edi --findings findings.jsonl > readable.jsonl": 1,
    "claims replay --dry-run sources/samples/claims-837d.edi": 1,
    "gzip -c sources/samples/claims-837d.edi | claims replay - --json": 1,
    "claims replay sources/samples/broken-837p.edi --rejects rejects.jsonl": 1,
    "claims replay sources/samples/claims.jsonl": 1,
    'claims approve $DENIED --reason "changed my mind" --as ani --wait 10': 2,
    "claims adjudicate --reference sources/samples/reference sources/samples/claims.jsonl --out decisions.jsonl": 1,
}
# What the text promises to show, by the beginning of a command.
SAYS = {
    "claims edi show sources/samples/claims-837i.edi": "3 claims, 0 findings",
    "claims edi show sources/samples/broken-837p.edi": "! error 999 NO_LINES segment 31",
    "gzip -c": '"sent": 2',
    "ls inbox/done": "partner-0001.edi.report.json",
    "claims replay --dry-run": "would be sent",
    "claims reference load": "release",
    'curl -s -H "Authorization: Bearer $TOKEN" \'http': "A-AUTHORIZATION-MISSING",
    "claims verify": "Postgres equals the topics",
    "claims deny $DENIED": '"denied"',
    "claims approve $DENIED": "only one that is pended can be approved",
    "claims appeal $DENIED": '"appealed"',
    "claims overturn $DENIED": '"version":2',
    "claims impact $DENTIST --if-voided": "1 of ",
    "claims void $DENTIST": '"voided"',
    "curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -H 'Idem": '"status":"submitted"',
    "curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d @query": '"endCursor"',
    'curl -s -H "Authorization: Bearer $TOKEN" -F': '"sha256"',
    "claims trial-balance": "charged = paid + adjusted",
    "claims shadow": "would differ",
    "claims conformance tests/conformance --json": '"passed"',
}
NEW = "No claim has this id"
PATIENCE_SECONDS = 30.0
# Pended until the page about doors approves it.
FOR_THE_DOORS = "77c7cb85-d267-56cc-8e85-da599a359a08"
AFTER_THE_PAGES = {
    "a2388216-7ebc-5821-9f6d-53b82f71380e": ("appealed", 1),
    "b8f62916-f8de-5a30-be0a-1fd98591ab56": ("approved", 2),
    "ee7ecb74-0b16-5a02-ac79-f6ce5f8cc748": ("voided", 1),
}


class Reader:
    """Somebody who types what a page says into one terminal, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        for name in ("sources", "tests", "docs", ".venv"):
            (folder / name).symlink_to(ROOT / name)
        self.folder, self.port, self.claim = folder, free_port(), ""
        outer = {k: v for k, v in os.environ.items() if not k.startswith(("CLAIMS_", "KAFKA_", "DATABASE_"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{outer['PATH']}"
        self.environment = {**outer, "PATH": path, "CLAIMS_API__PORT": str(self.port)}

    def follow(self, page: str) -> None:
        for command in commands((ROOT / page).read_text(encoding="utf-8")):
            if command not in DONE_ELSEWHERE and command not in STARTS:
                self.do(command)

    def do(self, command: str) -> None:
        assigned = re.fullmatch(r"([A-Z_]+)=(.*)", command)
        if assigned:
            self.environment[assigned[1]] = self.run(f"printf %s {assigned[2]}").stdout
            return
        done = self.run(command)
        assert done.returncode == ENDS_WITH.get(command, 0), f"{command}\n{done.stdout}{done.stderr}"
        for beginning, words in SAYS.items():
            if command.startswith(beginning):
                assert words in done.stdout + done.stderr, f"{command}\n{done.stdout}{done.stderr}"
        named = re.findall(r'"claimNumber":"(CLM-[^"]+)"', done.stdout)
        self.claim = named[-1] if named else self.claim

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """The command as bash runs it; a claim that was just sent may take a moment to be there."""
        until = time.monotonic() + PATIENCE_SECONDS
        here = command.replace("CLM-2026-...", self.claim).replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")
        while True:
            done = subprocess.run(
                ["bash", "-c", here], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120
            )  # fmt: skip
            if NEW not in done.stderr or time.monotonic() > until:
                return done
            time.sleep(0.3)

    def run_programs(self, page: str) -> None:
        """The Python of a page, as it stands there."""
        for program in programs((ROOT / page).read_text(encoding="utf-8")):
            (self.folder / "program.py").write_text(program.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}"))
            done = self.run(f"PYTHONPATH={ROOT} python program.py")
            assert done.returncode == 0, f"{program}\n{done.stdout}{done.stderr}"

    def start(self, command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "started.log").open("ab") as log:
            return subprocess.Popen(command.split(), cwd=self.folder, env=self.environment, stdout=log, stderr=log)

    def until_ready(self) -> None:
        until = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                    return
            except (OSError, urllib.error.HTTPError):
                assert time.monotonic() < until, (self.folder / "started.log").read_text(errors="replace")
                time.sleep(0.5)

    def state_of(self, claim_id: str) -> tuple[str, int]:
        found = json.loads(self.run(f"claims status {claim_id}").stdout)
        return found["substatus"], found["version"]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader whose first terminal runs `claims up --sample`."""
    someone = Reader(tmp_path_factory.mktemp("reader"))
    engine = someone.start("claims up --sample")
    try:
        someone.until_ready()
        yield someone
        engine.send_signal(signal.SIGINT)
        assert engine.wait(timeout=60) == 0, (someone.folder / "started.log").read_text(errors="replace")
    finally:
        engine.kill()
        engine.wait()


@pytest.mark.integration
@pytest.mark.timeout(300)
def test_pages_that_need_services(reader: Reader) -> None:
    """One after the other, as each leads to the next; a claim that waits is left for the page about doors."""
    for page in NEEDS_SERVICES:
        if page == "docs/doors.md":
            reader.claim = FOR_THE_DOORS
        reader.follow(page)
    reader.run_programs("docs/api.md")
    assert {claim_id: reader.state_of(claim_id) for claim_id in AFTER_THE_PAGES} == AFTER_THE_PAGES
    assert (reader.folder / "letter.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.integration
@pytest.mark.timeout(120)
def test_another_worker_comes_and_goes(reader: Reader) -> None:
    worker = reader.start("claims worker")
    try:
        time.sleep(5)
        assert worker.poll() is None, (reader.folder / "started.log").read_text(errors="replace")
        worker.send_signal(signal.SIGINT)
        assert worker.wait(timeout=60) == 0
    finally:
        worker.kill()
        worker.wait()


@pytest.mark.parametrize("page", NEEDS_NONE)
def test_pages_that_need_no_service(page: str, tmp_path: Path) -> None:
    Reader(tmp_path).follow(page)


def test_no_page_has_commands_that_nothing_runs() -> None:
    pages = {
        str(page.relative_to(ROOT))
        for page in GUIDES
        if any(command not in DONE_ELSEWHERE for command in commands(page.read_text(encoding="utf-8")))
    }
    assert pages == {*NEEDS_SERVICES, *NEEDS_NONE, *IN_A_TEST_OF_ITS_OWN}
