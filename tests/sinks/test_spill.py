"""Two sides compared a bucket at a time."""

from pathlib import Path

import pytest

from sinks.spill import BUCKETS, NO_KEY, Spill, differences

KEYS = [bytes([n]) * 16 for n in range(4)]
ONE, TWO = b"1" * 16, b"2" * 16


def test_the_entry_with_the_greatest_guard_counts(tmp_path: Path) -> None:
    with Spill(tmp_path / "a") as spill:
        spill.add(0, KEYS[1], TWO, (1, 3, 0))
        spill.add(0, KEYS[1], ONE, (1, 2, 0))
        spill.add(0, KEYS[1], ONE, (1, 1, 99))
    assert spill.bucket(1) == {(0, KEYS[1], TWO)}


@pytest.mark.parametrize("first_byte", [0x00, 0x01, 0xFF])
def test_the_revisions_of_a_claim_meet_whatever_its_id(tmp_path: Path, first_byte: int) -> None:
    """Ids that begin with a zero byte once lay in the bucket of their content: verify reported the older revision."""
    key = bytes([first_byte]) + bytes(15 * [7])
    with Spill(tmp_path / "read") as read:
        read.add(0, key, ONE, (1, 2, 0))
        read.add(0, key, TWO, (1, 3, 0))
    with Spill(tmp_path / "stored") as stored:
        stored.add(0, key, TWO)
    assert not any(missing or unexpected for missing, unexpected in differences(read, stored))


def test_entries_of_no_claim_are_spread(tmp_path: Path) -> None:
    with Spill(tmp_path / "a") as spill:
        for n in range(BUCKETS):
            spill.add(3, NO_KEY, bytes([n]) * 16)
    assert {len(spill.bucket(n)) for n in range(BUCKETS)} == {1}


def test_differences_name_both_sides(tmp_path: Path) -> None:
    with Spill(tmp_path / "a") as left:
        for key in KEYS[:3]:
            left.add(0, key, ONE)
            left.add(1, key, ONE)
            left.add(1, key, ONE)
    with Spill(tmp_path / "b") as right:
        for key in KEYS[:2]:
            right.add(0, key, ONE)
            right.add(1, key, ONE)
        right.add(0, KEYS[3], ONE)
        right.add(1, KEYS[2], TWO)
    missing: set[object] = set()
    unexpected: set[object] = set()
    for only_left, only_right in differences(left, right):
        missing |= only_left
        unexpected |= only_right
    assert missing == {(0, KEYS[2], ONE), (1, KEYS[2], ONE)}
    assert unexpected == {(0, KEYS[3], ONE), (1, KEYS[2], TWO)}
