"""Every command in the documentation exists, with every option, and every link leads somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from cli.main import app
from tests.docs.blocks import commands

ROOT = Path(__file__).parents[2]
HIDDEN = {".venv", ".git", ".state", "build", "node_modules"}
PAGES = sorted(
    path for path in ROOT.rglob("*.md") if not HIDDEN & set(path.relative_to(ROOT).parts) and ".egg" not in str(path)
)
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
INLINE = re.compile(r"`(claims [a-z][^`]*)`")
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
# Typer carries a click of its own; what it offers in public is where its errors are found.
UsageError: Any = typer.BadParameter.__mro__[1]
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def lines(text: str) -> list[str]:
    """Command lines of the fenced blocks, continued lines joined, substitutions taken out as lines of their own."""
    found: list[str] = []
    for line in commands(text):
        found += [part.strip() for part in (line, *re.findall(r"\$\(([^()]*)\)", line)) if part.strip()]
    return found


def problem_of(line: str) -> str | None:
    """What is wrong with a `claims` or `make` line; None for a right one and for other programs."""
    words = shlex.split(line, comments=True)
    while words and re.match(r"^[A-Z_]+=", words[0]):
        words = words[1:]
    if words[:1] == ["make"]:
        return _problem_of_make(words[1:])
    return _problem_of_claims(words[1:]) if words[:1] == ["claims"] else None


def _problem_of_make(words: list[str]) -> str | None:
    unknown = [word for word in words if "=" not in word and not word.startswith("-") and word not in TARGETS]
    return f"no target {', '.join(unknown)} in the Makefile" if unknown else None


def _problem_of_claims(words: list[str]) -> str | None:
    command: Any = get_command(app)
    path = ["claims"]
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"{' '.join(path)} has no command {words[0]}"
        path.append(words[0])
        command, words = command.commands[words[0]], words[1:]
    stops = {"&", "|", ">", ">>", "2>", "&&", ";"}
    end = next((place for place, word in enumerate(words) if word in stops), len(words))
    return _problem_of_options(command, " ".join(path), words[:end])


def _problem_of_options(command: Any, name: str, words: list[str]) -> str | None:
    if hasattr(command, "commands") and not command.invoke_without_command:
        return None if not words or words == ["--help"] else f"{name} has no option {words[0]}"
    try:
        with command.make_context(name, list(words)):
            return None
    except typer.Exit:
        return None  # --help
    except UsageError as error:
        return f"{name}: {error.format_message()}"


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_fenced_blocks_are_right(page: Path) -> None:
    wrong = {line: problem for line in lines(page.read_text(encoding="utf-8")) if (problem := problem_of(line))}
    assert wrong == {}


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_in_sentences_exist(page: Path) -> None:
    """Arguments may be left out in a sentence; commands and options may not be invented."""
    wrong = {}
    for text in INLINE.findall(page.read_text(encoding="utf-8")):
        problem = problem_of(text)
        if problem and "Missing" not in problem and "requires an argument" not in problem:
            wrong[text] = problem
    assert wrong == {}


def test_the_tutorial_has_commands() -> None:
    tutorial = lines((ROOT / "docs/tutorial.md").read_text(encoding="utf-8"))
    assert len([line for line in tutorial if line.startswith("claims ")]) > 10


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("claims up --sample", None),
        ("claims up --samples", "No such option"),
        ("claims upp", "claims has no command upp"),
        ("claims reference lod x", "claims reference has no command lod"),
        ("claims reference load", "Missing argument"),
        ("claims up --workers many", "Invalid value"),
        ("claims verify --wait 30 --json | head", None),
        ("CLAIMS_API__PORT=1 claims api --prot 1", "No such option"),
        ("make test ARGS=-x", None),
        ("make tests", "no target tests"),
        ("docker compose up", None),
    ],
)
def test_a_wrong_command_is_found(line: str, problem: str | None) -> None:
    found = problem_of(line)
    assert (found is None) if problem is None else (found is not None and problem in found)


def test_blocks_are_read_as_a_shell_reads_them() -> None:
    text = "```sh\n# why\nT=$(claims token --sub x)\ncurl -d @x \\\n  http://y\n```\n```\nclaims nothing\n```\n"
    assert lines(text) == ["T=$(claims token --sub x)", "claims token --sub x", "curl -d @x    http://y"]


def broken_links(page: Path, text: str) -> list[str]:
    """Relative links of a page that lead to no file."""
    targets = [match["target"].split("#")[0] for match in LINK.finditer(text)]
    local = [target for target in targets if target and not re.match(r"^[a-z]+:", target)]
    return [target for target in local if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_a_broken_link_is_found() -> None:
    text = "[a](README.md) [b](no-such.md#x) [c](https://example.org/no) [d](#here)"
    assert broken_links(ROOT / "README.md", text) == ["no-such.md"]


def test_every_word_of_the_glossary_stands_once_and_in_order() -> None:
    rows = re.findall(r"^\| (?!word|---)([^|]+?) \|", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.M)
    assert rows == sorted(set(rows), key=str.lower)
