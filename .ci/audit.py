"""Asks pip-audit about the locked packages: fails on a known vulnerability, says so when the service cannot be reached.

A gate that is red whenever an advisory service is away would be switched off; one that is green without a word would
be believed. So an audit that did not take place is announced, and only a finding fails.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TIMEOUT_SECONDS = 180


def audit(lock: str) -> dict[str, Any] | None:
    """What pip-audit says about a lock file, as its JSON; None when it could not say anything."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--disable-pip", "--require-hashes"]
    command += ["--requirement", lock, "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
        report: dict[str, Any] = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return report


def verdict(lock: str, report: dict[str, Any] | None) -> tuple[bool, str]:
    """Whether the lock file passes, and what to print about it."""
    packages = report["dependencies"] if report else []
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return True, f"AUDIT NOT DONE for {lock}: the advisory service cannot be reached or knows none of its packages"
    found = [
        f"{package['name']} {package['version']}: {flaw['id']}, fixed in {flaw['fix_versions'] or 'no release'}"
        for package in audited
        for flaw in package["vulns"]
    ]
    if found:
        return False, "\n".join([f"{lock}: {len(found)} known vulnerabilities", *found])
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    unknown = f"; the service does not know {', '.join(skipped)}" if skipped else ""
    return True, f"{lock}: no known vulnerability in {len(audited)} packages{unknown}"


def main(locks: Sequence[str]) -> int:
    """Audit each lock file; the number of those with a finding."""
    failed = 0
    for lock in locks:
        passes, text = verdict(lock, audit(lock))
        sys.stdout.write(f"{text}\n")
        failed += not passes
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
