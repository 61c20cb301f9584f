"""What a worker does before and after its work: stages by name, a folder of its own, an end that says why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streams.transactions import FencedError
from streams.worker import EXIT_FAILED, EXIT_FENCED, StagesError, claim_folder, die, stages_named

STAGES: list[tuple[list[str], list[str]]] = [
    # asked for, run
    ([], ["validate", "authorize", "adjudicate", "price"]),
    (["authorize", "validate"], ["validate", "authorize"]),
    (["price"], ["price"]),
]


@pytest.mark.parametrize(("names", "stages"), STAGES)
def test_stages_by_name_in_the_order_of_the_chain(names: list[str], stages: list[str]) -> None:
    assert [stage.name for stage in stages_named(names)] == stages


def test_an_unknown_stage_is_named() -> None:
    with pytest.raises(StagesError, match="no stage named pay; there are validate"):
        stages_named(["pay"])


def test_workers_of_a_machine_have_folders_of_their_own(tmp_path: Path) -> None:
    first, lock = claim_folder(tmp_path)
    second, other = claim_folder(tmp_path)
    assert (first.name, second.name) == ("1", "2")
    lock.close()
    third, again = claim_folder(tmp_path)
    assert third == first
    other.close()
    again.close()


@pytest.mark.parametrize(("error", "code"), [(FencedError("gone"), EXIT_FENCED), (ValueError("a bug"), EXIT_FAILED)])
def test_the_end_has_a_code(monkeypatch: pytest.MonkeyPatch, error: Exception, code: int) -> None:
    codes: list[int] = []
    note: Callable[[Any], None] = codes.append
    monkeypatch.setattr("streams.worker.os._exit", note)
    die(error, "price[0]")
    assert codes == [code]
