"""Two sides compared a bucket at a time."""

from pathlib import Path

from sinks.spill import Spill, differences

KEYS = [bytes([n]) * 16 for n in range(4)]
ONE, TWO = b"1" * 16, b"2" * 16


def test_the_entry_with_the_greatest_guard_counts(tmp_path: Path) -> None:
    with Spill(tmp_path / "a") as spill:
        spill.add(0, KEYS[1], TWO, (1, 3, 0))
        spill.add(0, KEYS[1], ONE, (1, 2, 0))
        spill.add(0, KEYS[1], ONE, (1, 1, 99))
    assert spill.bucket(1) == {(0, KEYS[1], TWO)}


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
