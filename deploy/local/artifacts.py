"""Kafka's jars: named by a lock file, fetched one by one from Maven Central, checked by sha256, kept in the cache."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.local.cache import cache_folder
from deploy.local.errors import ServiceUnavailable
from deploy.local.locking import take_lock

LOCK_FILE = Path(__file__).with_name("kafka.lock")
BROKER = "org.apache.kafka:kafka_2.13"
AT_ONCE = 8
OTHER_DOWNLOAD_SECONDS = 300.0
INSTALL = (
    "a way to https://repo.maven.apache.org (proxy by HTTPS_PROXY, certificates by REQUESTS_CA_BUNDLE), "
    "or the cache folder of a machine that has one, named by CLAIMS_CACHE_DIR"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Artifact:
    """One jar: Maven coordinates and the sha256 of its bytes (hex)."""

    group: str
    name: str
    version: str
    sha256: str

    @property
    def coordinates(self) -> str:
        """group:artifact:version."""
        return f"{self.group}:{self.name}:{self.version}"

    def path(self, cache: Path) -> Path:
        """Where the jar lies in a cache with Maven's layout."""
        return cache.joinpath(*self.group.split("."), self.name, self.version, f"{self.name}-{self.version}.jar")


def read_lock(path: Path = LOCK_FILE) -> list[Artifact]:
    """The artifacts of a lock file; `#` starts a comment. Raises ValueError for a line that is none."""
    artifacts = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            coordinates, sha256 = line.split()
            group, name, version = coordinates.split(":")
        except ValueError:
            raise ValueError(f"{path}:{number}: expected `group:artifact:version sha256`, found {line!r}") from None
        artifacts.append(Artifact(group, name, version, sha256))
    return artifacts


def kafka_version(artifacts: list[Artifact]) -> str:
    """The version of the broker among the artifacts."""
    return next(a.version for a in artifacts if f"{a.group}:{a.name}" == BROKER)


def fetch_jars(announce: Callable[[str], None], environ: Mapping[str, str] = os.environ) -> list[Path]:
    """All jars of the lock, downloading what is missing. Raises ServiceUnavailable when one cannot be had."""
    artifacts = read_lock()
    cache = cache_folder(environ) / "kafka" / kafka_version(artifacts)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        whole = pool.map(lambda artifact: _is_whole(artifact, cache), artifacts)
        missing = [artifact for artifact, ok in zip(artifacts, whole, strict=True) if not ok]
    if missing:
        _download(missing, cache, announce)
    return [artifact.path(cache) for artifact in artifacts]


def _download(missing: list[Artifact], cache: Path, announce: Callable[[str], None]) -> None:
    """Fetch into the cache, one process at a time."""
    try:
        lock = take_lock(cache / "download.lock", OTHER_DOWNLOAD_SECONDS)
    except OSError as error:
        raise ServiceUnavailable("Kafka", f"the cache folder {cache} cannot be written ({error}).", INSTALL) from error
    if lock is None:
        wrong = f"another process has been downloading into {cache} for {OTHER_DOWNLOAD_SECONDS:.0f} s."
        raise ServiceUnavailable("Kafka", wrong, INSTALL)
    try:
        announce(f"Kafka: downloading {len(missing)} jars to {cache} (once)")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for problem in pool.map(lambda artifact: _fetch(artifact, cache), missing):
                if problem:
                    raise ServiceUnavailable("Kafka", problem, INSTALL)
    finally:
        os.close(lock)


def _fetch(artifact: Artifact, cache: Path) -> str | None:
    """Fetch one jar alone (resolving the tree would pick other versions); what is wrong, or None."""
    from jgo.maven import MavenContext  # 0.3 s, needed on the first start only

    if _is_whole(artifact, cache):
        return None
    artifact.path(cache).unlink(missing_ok=True)
    try:
        project = MavenContext(repo_cache=cache).project(artifact.group, artifact.name)
        path = project.at_version(artifact.version).artifact().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        return f"{artifact.coordinates} could not be downloaded ({type(error).__name__}: {error})."
    if _is_whole(artifact, cache):
        return None
    found = _sha256(path)
    artifact.path(cache).unlink(missing_ok=True)
    return f"{artifact.coordinates} has sha256 {found}, and {LOCK_FILE.name} says {artifact.sha256}."


def _is_whole(artifact: Artifact, cache: Path) -> bool:
    try:
        return _sha256(artifact.path(cache)) == artifact.sha256
    except FileNotFoundError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
