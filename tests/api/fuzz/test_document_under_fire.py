"""Requests made from the OpenAPI document, right and wrong ones: no 5xx, and every answer is as the document says."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.fakes import bearer
from tests.api.fuzz.campaign import run
from tests.api.fuzz.service import EveryClaim, served

pytestmark = pytest.mark.fuzz
SECONDS = 25
CASES_MIN = 300
EVERYBODY = bearer("super_admin")["Authorization"]


@pytest.mark.timeout(120)
def test_answers_are_as_the_document_says(tmp_path: Path) -> None:
    with served(tmp_path) as service:
        outcome = run(service.url, EVERYBODY, "--phases", "coverage,fuzzing", "--continue-on-failure", seconds=SECONDS)
    assert outcome.held, outcome.words
    assert outcome.cases >= CASES_MIN
    assert [status for status in service.statuses if status >= 500] == []
    assert {200, 201, 202, 400, 401, 404, 409, 415, 422} <= service.statuses.keys(), "all kinds of answers were seen"


async def broken(self: Any, claim_id: str) -> Any:
    """A bug, for one claim in four."""
    if claim_id[0] in "0123":
        raise RuntimeError(claim_id)
    return None


@pytest.mark.timeout(60)
def test_a_bug_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EveryClaim, "claim", broken)
    only = ("--include-path", "/api/v1/claims/{id}", "--phases", "fuzzing", "--max-failures", "1")
    with served(tmp_path) as service:
        outcome = run(service.url, EVERYBODY, *only, seconds=10)
    assert not outcome.held
    assert "Server error" in outcome.words
