"""The runtime leans on internals of faust: their versions and names are asserted, and a difference is named."""

import tomllib
from pathlib import Path

import pytest

from streams import pins


def test_installed_versions_and_internals_fit() -> None:
    pins.check()


def test_pins_equal_the_project_file() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    exact = {
        name.split("[")[0]: version
        for name, _, version in (line.partition("==") for line in project["project"]["dependencies"])
        if version
    }
    assert {name: exact[name] for name in pins.PINNED} == pins.PINNED


def test_a_difference_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pins.PINNED, "faust-streaming", "9.9")
    monkeypatch.setattr(pins, "internals", lambda: [(pins, "gone")])
    with pytest.raises(pins.PinsError, match=r"faust-streaming .* 9.9.*has no gone"):
        pins.check()
