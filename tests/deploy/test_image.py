"""The image: by hash, without tools of development, not as root, with nothing of the checkout that it does not need."""

from __future__ import annotations

import re
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from deploy.probe import answers
from deploy.runtime_lock import PACKAGE, runtime_lock

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", text, maxsplit=1)[0].lower() for text in requirements}


def locked(lock: str) -> set[str]:
    return {match["name"] for match in PACKAGE.finditer(lock)}


def test_the_image_installs_by_hash() -> None:
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in installs[0]


def test_the_image_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    users = re.findall(r"^USER (\d+):(\d+)$", last_stage, re.MULTILINE)
    assert users
    assert users[-1] == ("10001", "10001")
    assert last_stage.index("\nUSER ") > last_stage.rindex("\nRUN ")
    assert "HEALTHCHECK" in last_stage


def test_bases_are_pinned_to_a_supported_python() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases == [bases[0]] * 2
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", bases[0])


def test_the_image_holds_every_package_and_nothing_else() -> None:
    packages = {pattern.rstrip("*") for pattern in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE)) == packages
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == packages | {"requirements.lock"}
    assert "*" in ignored


def test_the_runtime_lock_has_what_the_engine_needs_and_no_tool_of_development() -> None:
    kept = locked(runtime_lock(LOCK))
    assert names(PROJECT["project"]["dependencies"]) <= kept
    assert not names(PROJECT["dependency-groups"]["dev"]) & kept - names(PROJECT["project"]["dependencies"])


def test_what_several_want_stays_when_one_of_them_is_the_engine() -> None:
    lock = "".join(
        f"{name}==1 \\\n    --hash=sha256:00\n{why}"
        for name, why in [
            ("app", "    # via claims-engine (pyproject.toml)\n"),
            ("deep", "    # via\n    #   app\n    #   linter\n"),
            ("deeper", "    # via deep\n"),
            ("linter", "    # via claims-engine (pyproject.toml:dev)\n"),
            ("words", "    # via linter\n"),
        ]
    )
    assert locked(runtime_lock(lock)) == {"app", "deep", "deeper"}
    assert runtime_lock(lock).count("--hash=") == 3


@pytest.mark.parametrize("lock", ["", "app==1 \\\n    --hash=sha256:00\n"])
def test_a_lock_that_does_not_say_who_wants_what_is_refused(lock: str) -> None:
    with pytest.raises(ValueError, match="make lock"):
        runtime_lock(lock)


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(self.path[1:]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: a test is no terminal."""


def test_the_probe_tells_success_from_everything_else() -> None:
    with HTTPServer(("127.0.0.1", 0), _Answer) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            assert answers(f"{url}/200")
            assert not answers(f"{url}/503")
        finally:
            server.shutdown()
            thread.join()
    assert not answers(url)
