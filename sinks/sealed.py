"""Rows whose columns are sealed, opened again for those who must compare them."""

from collections.abc import Mapping
from typing import Any

from config.sealing import Sealer, SealError, is_sealed
from schemas.events import DeadLetter
from sinks.rows import dead_letter_context


def dead_letter_of(row: Mapping[str, Any], sealer: Sealer) -> tuple[DeadLetter, int, int]:
    """The dead letter of a row (canonical.DEAD_LETTERS), with its partition and offset among the dead letters.

    What does not open, or was never sealed, is taken as it stands: it then differs from what the topic has, or not.
    """
    place = row["topic"], row["dlq_partition"], row["dlq_offset"]
    key, value = (_opened(row[column], dead_letter_context(column, *place), sealer) for column in ("key", "value"))
    letter = DeadLetter(
        topic=row["topic"],
        partition=row["source_partition"],
        offset=row["source_offset"],
        key=key,
        value=value,
        stage=row["stage"],
        code=row["code"],
        message=row["message"],
        at=row["at"],
    )
    return letter, row["dlq_partition"], row["dlq_offset"]


def _opened(stored: bytes | None, context: str, sealer: Sealer) -> bytes | None:
    if stored is None or not is_sealed(stored):
        return stored
    try:
        return sealer.open_bytes(stored, context)
    except SealError:
        return stored
