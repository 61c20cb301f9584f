"""HTTP requests on schedule from one process that costs little: the load shares its machine with what it measures."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

# So many that no request waits for a connection to come free: what is measured is then the service.
CONNECTIONS = 256
_ANSWER_SECONDS_MAX = 30.0


@dataclass
class Outcome:
    """What came of the requests: seconds from when each was due to its whole answer, and how often each status."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    lasted: float = 0.0

    def percentile(self, share: float) -> float:
        """Seconds that this share of the requests took at most; 0 without any."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.lasted if self.lasted else 0.0

    @property
    def failed(self) -> int:
        """Answers of 5xx, and connections that broke (status 0)."""
        return sum(times for status, times in self.statuses.items() if status >= 500 or status == 0)


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """An HTTP/1.1 request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


async def send(host: str, port: int, requests: Iterator[bytes], rate: float) -> Outcome:
    """Send the requests at a rate, open loop: one that is late counts from when it was due."""
    outcome = Outcome()
    began = time.perf_counter() + 0.1
    numbered = enumerate(requests)
    await asyncio.gather(*(_connection(host, port, numbered, rate, began, outcome) for _ in range(CONNECTIONS)))
    outcome.lasted = time.perf_counter() - began
    return outcome


async def _connection(
    host: str, port: int, numbered: Iterator[tuple[int, bytes]], rate: float, began: float, outcome: Outcome
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for number, sent in numbered:
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        try:
            writer.write(sent)
            async with asyncio.timeout(_ANSWER_SECONDS_MAX):
                outcome.statuses[await _answered(reader)] += 1
        except (OSError, EOFError, TimeoutError):
            outcome.statuses[0] += 1
            writer.close()
            reader, writer = await asyncio.open_connection(host, port)
        outcome.seconds.append(time.perf_counter() - due)
    writer.close()


async def _answered(reader: asyncio.StreamReader) -> int:
    """Read a whole answer; returns its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    await reader.readexactly(int(length.split(b"\r\n", 1)[0] or 0))
    return int(head[9:12])
