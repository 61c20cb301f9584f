"""Records that are made quickly are made right, and stay frozen."""

import dataclasses

import pytest

from schemas.envelope import Adjustment
from schemas.quick_init import quick_init


@quick_init
@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """A record with a default and a check."""

    amount: int
    name: str = "x"

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("negative")


def test_fields_come_by_place_and_by_name() -> None:
    assert (Checked(1).name, Checked(1, "y"), Checked(name="y", amount=1)) == ("x", Checked(1, "y"), Checked(1, "y"))


def test_what_is_missing_or_unknown_is_refused() -> None:
    with pytest.raises(TypeError):
        Checked()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Checked(1, other=2)  # type: ignore[call-arg]


def test_the_check_of_a_record_runs() -> None:
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)


def test_a_record_stays_frozen() -> None:
    made = Adjustment("CO", "45", 1, "R", None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.amount = 2  # type: ignore[misc]
    assert dataclasses.replace(made, amount=2) == Adjustment("CO", "45", 2, "R", None)
