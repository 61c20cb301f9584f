"""Where downloads are kept: outside the checkout, shared by all checkouts of a user."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """CLAIMS_CACHE_DIR, else the claims-engine folder below XDG_CACHE_HOME or ~/.cache."""
    if named := environ.get("CLAIMS_CACHE_DIR"):
        return Path(named)
    base = environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "claims-engine"
