"""Writes kafka.lock from Maven: `python -m deploy.local.lock`. Needs `mvn`; running Kafka does not."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from deploy.local.artifacts import BROKER, LOCK_FILE, Artifact

KAFKA_VERSION = "4.4.0"
# The binding that fits slf4j 1.7, which Kafka uses; without one the broker logs nothing.
LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl"
LOG_API = "log4j-api"
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:list"
HEADER = """\
# The jars of the embedded Kafka: group:artifact:version sha256, one a line.
# Written by `make kafka-lock` (python -m deploy.local.lock) from mvn dependency:list, runtime scope; do not edit.
"""

# "   org.yaml:snakeyaml:jar:2.5:runtime:/home/me/.m2/.../snakeyaml-2.5.jar -- module org.yaml.snakeyaml"
LINE = re.compile(r"^\s+([\w.-]+):([\w.-]+):jar:([\w.-]+):(?:compile|runtime):(\S.*?\.jar)(?:\s+--.*)?$")


def runtime_artifacts(roots: list[str]) -> list[Artifact]:
    """The runtime dependencies of the roots (group:artifact:version) as Maven resolves them, sorted."""
    with tempfile.TemporaryDirectory() as folder:
        pom = Path(folder) / "pom.xml"
        listing = Path(folder) / "list.txt"
        pom.write_text(_pom(roots))
        options = ["-DincludeScope=runtime", "-DoutputAbsoluteArtifactFilename=true", f"-DoutputFile={listing}"]
        maven = shutil.which("mvn")
        if maven is None:
            sys.exit("mvn (Apache Maven) is not on the path; it is needed to write the lock file")
        subprocess.run([maven, "-q", "-B", "-f", str(pom), PLUGIN, *options], check=True, stdout=sys.stderr)
        return sorted(parse_listing(listing.read_text()), key=lambda artifact: artifact.coordinates)


def parse_listing(listing: str) -> list[Artifact]:
    """The artifacts of the output of dependency:list with absolute file names, hashed from those files."""
    found = [match.groups() for line in listing.splitlines() if (match := LINE.match(line))]
    return [
        Artifact(group, name, version, hashlib.sha256(Path(jar).read_bytes()).hexdigest())
        for group, name, version, jar in found
    ]


def _pom(roots: list[str]) -> str:
    dependencies = ""
    for root in roots:
        group, name, version = map(escape, root.split(":"))
        dependencies += (
            f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
            f"<version>{version}</version></dependency>"
        )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>claims</groupId><artifactId>kafka-lock</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )


def main() -> None:
    """Resolve, hash and write the lock file."""
    broker = f"{BROKER}:{KAFKA_VERSION}"
    log_version = next(a.version for a in runtime_artifacts([broker]) if a.name == LOG_API)
    artifacts = runtime_artifacts([broker, f"{LOG_BINDING}:{log_version}"])
    LOCK_FILE.write_text(HEADER + "".join(f"{a.coordinates} {a.sha256}\n" for a in artifacts))
    sys.stderr.write(f"{LOCK_FILE}: {len(artifacts)} artifacts\n")


if __name__ == "__main__":
    main()
