"""Ends with 0 when a URL answers 2xx, with 1 when not: the health checks of containers, without curl in the image."""

import sys
from http.client import HTTPException
from urllib.request import urlopen

TIMEOUT_SECONDS = 4.0


def answers(url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> bool:
    """Whether the URL answers with success in time."""
    try:
        with urlopen(url, timeout=timeout_seconds) as response:  # noqa: S310 - the URL is part of the compose file
            return 200 <= int(response.status) < 300
    except (OSError, HTTPException):  # HTTPError and URLError are OSErrors
        return False


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
