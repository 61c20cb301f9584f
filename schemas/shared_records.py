"""A bounded memory of records by their bytes: what one stage of a process encoded, the next need not decode."""

from collections import OrderedDict
from threading import Lock

RECORDS_MAX = 16_384


class SharedRecords:
    """The last records, first in first out. Records are immutable, so handing out the same one is safe."""

    def __init__(self, records_max: int = RECORDS_MAX) -> None:
        # Ordered: the first key of a plain dict is found by walking over all that were deleted before it.
        self._records: OrderedDict[tuple[type, bytes], object] = OrderedDict()
        self._records_max = records_max
        self._lock = Lock()

    def get(self, record_type: type, data: bytes) -> object | None:
        """The record with these bytes, if it is remembered."""
        return self._records.get((record_type, data))

    def take(self, record_type: type, data: bytes) -> object | None:
        """As `get`, and forget it: an envelope is read once."""
        return self._records.pop((record_type, data), None)

    def add(self, data: bytes, record: object) -> None:
        """Remember a record; the oldest is forgotten when there are too many."""
        with self._lock:
            self._records[(type(record), data)] = record
            if len(self._records) > self._records_max:
                self._records.popitem(last=False)
