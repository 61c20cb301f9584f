"""The whole command line: `claims --help` and what it promises of each command."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli.main import GROUPS, app
from config.version import VERSION

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner()


def leaves(command: Any, name: str = "claims") -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its full name."""
    for part, below in getattr(command, "commands", {}).items():
        yield from leaves(below, f"{name} {part}")
    if not hasattr(command, "commands") or command.invoke_without_command:
        yield name, command


COMMANDS = dict(leaves(get_command(app)))


def test_there_are_commands() -> None:
    assert {"claims up", "claims bench", "claims bench api", "claims dlq show"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_of_its_own(name: str) -> None:
    told = COMMANDS[name].help
    assert f"`{name}" in told.partition("Example")[2], told


@pytest.mark.parametrize("name", COMMANDS)
def test_arguments_are_named_in_capitals(name: str) -> None:
    """As the text of the help names them."""
    arguments = [one for one in COMMANDS[name].params if one.param_type_name == "argument"]
    assert [one.name for one in arguments if not (one.metavar or "").isupper()] == []


def test_every_command_stands_in_a_group() -> None:
    command: Any = get_command(app)
    assert {one.rich_help_panel for one in command.commands.values()} == {panel for panel, _, _ in GROUPS}


def test_the_top_level_has_examples() -> None:
    shown = RUNNER.invoke(app, ["--help"]).output
    assert "Run the engine" in shown
    assert "`claims up --sample`" in shown


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
    done = RUNNER.invoke(app, ["--version"])
    assert (done.exit_code, done.output) == (0, f"claims {VERSION}\n")
