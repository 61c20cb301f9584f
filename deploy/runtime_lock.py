"""Cuts requirements.lock down to what the engine runs on: tools of development have no place in an image.

The lock says under each package who wants it (`# via`). What is wanted, directly or through others, by
`claims-engine (pyproject.toml)` stays, with its hashes; what only the group `dev` wants goes.

    python -m deploy.runtime_lock requirements.lock runtime.lock
"""

import re
import sys
from pathlib import Path

PROJECT = "claims-engine (pyproject.toml)"
PACKAGE = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[^]]*\])?==", re.MULTILINE)
WANTED_BY = re.compile(r"^    #(?: via)? +(?P<by>\S.*)$", re.MULTILINE)


def runtime_lock(lock: str) -> str:
    """The lock without packages that only development wants. Raises ValueError when it does not say who wants what."""
    entries = dict(_entries(lock))
    wanted_by = {name: {match["by"] for match in WANTED_BY.finditer(text)} for name, text in entries.items()}
    unexplained = sorted(name for name, by in wanted_by.items() if not by)
    if unexplained or not entries:
        raise ValueError(f"the lock does not say who wants {', '.join(unexplained) or 'what'}: write it with make lock")
    kept: set[str] = set()
    grown = {name for name, by in wanted_by.items() if PROJECT in by}
    while grown:
        kept |= grown
        grown = {name for name, by in wanted_by.items() if by & grown} - kept
    return "".join(text for name, text in entries.items() if name in kept)


def _entries(lock: str) -> list[tuple[str, str]]:
    starts = list(PACKAGE.finditer(lock))
    ends = [start.start() for start in starts[1:]] + [len(lock)]
    return [(start["name"], lock[start.start() : end]) for start, end in zip(starts, ends, strict=False)]


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    target.write_text(runtime_lock(source.read_text(encoding="utf-8")), encoding="utf-8")
