"""The lock file of Kafka's jars, and the check of every download against it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from deploy.local import artifacts
from deploy.local.artifacts import Artifact, fetch_jars, kafka_version, read_lock
from deploy.local.cache import cache_folder
from deploy.local.errors import ServiceUnavailable
from deploy.local.lock import HEADER, KAFKA_VERSION, LOG_API, LOG_BINDING, parse_listing

GOOD = b"the bytes that were locked"
SHA256 = hashlib.sha256(GOOD).hexdigest()


class FakeMaven:
    """Stands for jgo's MavenContext: serves `bytes_served` for every jar, or fails."""

    bytes_served: bytes | Exception = GOOD
    served: int = 0

    def __init__(self, repo_cache: Path) -> None:
        self.cache = repo_cache

    def project(self, group: str, name: str) -> FakeMaven:
        self.group, self.name = group, name
        return self

    def at_version(self, version: str) -> FakeMaven:
        self.version = version
        return self

    def artifact(self) -> FakeMaven:
        return self

    def resolve(self) -> Path:
        if isinstance(self.bytes_served, Exception):
            raise self.bytes_served
        type(self).served += 1
        path = Artifact(self.group, self.name, self.version, "").path(self.cache)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.bytes_served)
        return path


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[FakeMaven]:
    lock = tmp_path / "kafka.lock"
    lock.write_text(f"# two jars\norg.apache.kafka:kafka_2.13:4.4.0 {SHA256}\norg.yaml:snakeyaml:2.5 {SHA256}\n")
    locked = read_lock(lock)
    fake = type("Fake", (FakeMaven,), {"served": 0})
    monkeypatch.setattr("jgo.maven.MavenContext", fake)
    monkeypatch.setattr(artifacts, "read_lock", lambda: locked)
    return fake


def fetch(folder: Path) -> list[Path]:
    return fetch_jars(lambda line: None, {"CLAIMS_CACHE_DIR": str(folder)})


def test_jars_are_fetched_once(maven: type[FakeMaven], tmp_path: Path) -> None:
    jars = fetch(tmp_path)
    assert jars[0] == tmp_path / "kafka/4.4.0/org/apache/kafka/kafka_2.13/4.4.0/kafka_2.13-4.4.0.jar"
    assert [jar.read_bytes() for jar in jars] == [GOOD, GOOD]
    assert fetch(tmp_path) == jars
    assert maven.served == 2


def test_a_jar_damaged_in_the_cache_is_fetched_again(maven: type[FakeMaven], tmp_path: Path) -> None:
    jar = fetch(tmp_path)[0]
    jar.write_bytes(GOOD[:-1])
    fetch(tmp_path)
    assert jar.read_bytes() == GOOD
    assert maven.served == 3


@pytest.mark.parametrize(
    ("served", "said"),
    [(b"other bytes", f"kafka.lock says {SHA256}"), (OSError("no route to host"), "no route to host")],
)
def test_a_wrong_or_missing_jar_is_never_used(maven: Any, tmp_path: Path, served: bytes | Exception, said: str) -> None:
    maven.bytes_served = served
    with pytest.raises(ServiceUnavailable, match=said) as caught:
        fetch(tmp_path)
    assert "REQUESTS_CA_BUNDLE" in str(caught.value)
    assert not list(tmp_path.rglob("*.jar"))


def test_a_broken_line_of_the_lock_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "kafka.lock"
    lock.write_text("# comment\n\norg.yaml:snakeyaml 2.5\n")
    with pytest.raises(ValueError, match=r"kafka\.lock:3: expected"):
        read_lock(lock)


def test_the_lock_holds_the_version_asked_for_and_a_log_binding_that_fits() -> None:
    locked = read_lock()
    assert artifacts.LOCK_FILE.read_text().startswith(HEADER)
    assert kafka_version(locked) == KAFKA_VERSION
    of_kafka = {a.version for a in locked if a.group == "org.apache.kafka"}
    assert of_kafka == {KAFKA_VERSION}
    versions = {f"{a.group}:{a.name}": a.version for a in locked}
    assert versions[LOG_BINDING] == versions[f"org.apache.logging.log4j:{LOG_API}"]
    assert len({a.coordinates for a in locked}) == len(locked) == 45
    assert all(len(bytes.fromhex(a.sha256)) == 32 for a in locked)


def test_mavens_listing_is_read(tmp_path: Path) -> None:
    jar = tmp_path / "snakeyaml-2.5.jar"
    jar.write_bytes(GOOD)
    listing = f"""
The following files have been resolved:
   org.yaml:snakeyaml:jar:2.5:runtime:{jar} -- module org.yaml.snakeyaml
   com.typesafe.scala-logging:scala-logging_2.13:jar:3.9.6:compile:{jar}
   org.junit:junit:jar:5.0:test:{jar}
"""
    assert parse_listing(listing) == [
        Artifact("org.yaml", "snakeyaml", "2.5", SHA256),
        Artifact("com.typesafe.scala-logging", "scala-logging_2.13", "3.9.6", SHA256),
    ]


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"CLAIMS_CACHE_DIR": "/named", "XDG_CACHE_HOME": "/xdg"}, Path("/named")),
        ({"XDG_CACHE_HOME": "/xdg"}, Path("/xdg/claims-engine")),
        ({}, Path.home() / ".cache" / "claims-engine"),
    ],
)
def test_cache_folder(environ: dict[str, str], folder: Path) -> None:
    assert cache_folder(environ) == folder
