"""Fixtures that need real services: one embedded Kafka and Postgres a test session, or those the environment names."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.names import unknown_names

# Commands refuse a name with our prefix that is no setting; one that the machine of a test run has means nothing to us.
for stranger in unknown_names(os.environ):
    del os.environ[stranger]


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """`.kafka_bootstrap` and `.database_url` of running services."""
    from tests.backing import backing_services

    with backing_services(tmp_path_factory.mktemp("services")) as running:
        yield running


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of public sample files that are not part of the repository; skips loudly without it."""
    folder = Path(os.environ.get("CLAIMS_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no sample data at {folder}; set CLAIMS_SHARED_DATA")
    return folder
