"""`python -m tests.bench.fuzz_api`: 10,000 fuzzed calls of the API, and no 5xx among them.

Without options it fuzzes the service on fakes in this process. With --url and --token it fuzzes one that runs, with
whatever is behind it: start it with `claims up`, and take a token from `claims token --role super_admin`. Start it with
rates that are not reached, or 429 is all that it answers to requests without a token: CLAIMS_API__RATE_FAILURES and
CLAIMS_API__RATE_PUBLIC of 1000000/minute.
"""

import argparse
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import structlog

from tests.api.fakes import bearer
from tests.api.fuzz.campaign import run
from tests.api.fuzz.service import Service, served

CALLS = 10_000
ROUND_SECONDS = 60


def fuzz(url: str, authorization: str, calls: int, seed: int) -> tuple[int, str]:
    """At least so many calls, round by round; how many, and what schemathesis said where something did not hold."""
    made = 0
    while made < calls:
        options = ("--phases", "coverage,fuzzing", "--continue-on-failure", "--seed", str(seed + made))
        outcome = run(url, authorization, *options, seconds=ROUND_SECONDS)
        made += outcome.cases
        if not outcome.held or outcome.cases == 0:
            return made, outcome.words
    return made, ""


def report(calls: int, found: str, statuses: Counter[int] | None, seconds: float) -> int:
    """Write what came of it as JSON, faults to standard error; 0 where all held."""
    figures: dict[str, object] = {"calls": calls, "held": not found, "seconds": round(seconds)}
    if statuses is not None:
        figures["statuses"] = {str(status): times for status, times in sorted(statuses.items())}
        figures["server_errors"] = sum(times for status, times in statuses.items() if status >= 500)
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stderr.write(found)
    return 1 if found or figures.get("server_errors") else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--url", help="of a service that runs; by default one on fakes is started")
    parser.add_argument("--token", help="of a super_admin of that service")
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    if given.url:
        calls, found = fuzz(given.url.rstrip("/"), f"Bearer {given.token}", given.calls, given.seed)
        return report(calls, found, None, time.monotonic() - begun)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as service:
        return _on_fakes(service, given.calls, given.seed, begun)


def _on_fakes(service: Service, calls: int, seed: int, begun: float) -> int:
    made, found = fuzz(service.url, bearer("super_admin")["Authorization"], calls, seed)
    return report(made, found, service.statuses, time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())
