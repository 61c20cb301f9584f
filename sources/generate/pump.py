"""Generated claims onto their topic, open loop: each is due at its time, whether or not the engine keeps up.

A claim's time of acceptance is when it was due, so that a producer that falls behind shows as latency and is not
hidden. At no rate it is as fast as this process can, and the time is when the claim was made.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from config.settings import Settings
from sources.generate.claims import claims
from sources.generate.spec import Spec
from sources.submitter import Submitter

Announce = Callable[[str], None]
# Later than this is late: the schedule is kept within a tick of the loop and a pause of the machine.
LATE_SECONDS = 0.25
_ANNOUNCE_SECONDS = 5.0
_TICK_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class PumpResult:
    """What became of a run: seconds from the first to the last claim, and how far behind its schedule it fell."""

    sent: int
    delivered: int
    failed: int
    seconds: float
    rate: float
    late: int
    late_seconds_max: float
    cpu_seconds: float

    @property
    def kept_up(self) -> bool:
        """Whether every claim was sent when it was due."""
        return self.late == 0


def pump(
    settings: Settings,
    spec: Spec,
    rate: float | None = None,
    *,
    seconds: float | None = None,
    count: int | None = None,
    announce: Announce = lambda text: None,
    submitter: Submitter | None = None,
) -> PumpResult:
    """Send `count` claims, or `rate` a second for `seconds`. Raises BrokerAwayError before anything is sent."""
    wanted = count if count is not None else spec.count
    if wanted is None and rate is not None and seconds is not None:
        wanted = round(rate * seconds)
    if wanted is None and seconds is None:
        raise ValueError("say how many claims, or how long")
    sender = submitter or Submitter(settings.kafka)
    sender.check()
    run = _Run(rate, None if wanted is not None else seconds)
    stream = claims(replace(spec, count=None, accepted_at=_now()), run.accepted)
    cpu = time.process_time()
    try:
        for claim in stream if wanted is None else islice(stream, wanted):
            run.wait(sender.serve)
            sender.send(claim)
            run.note(announce)
            if run.over:
                break
    finally:
        elapsed = time.perf_counter() - run.origin
        delivered = sender.close()
    return PumpResult(
        sent=sender.sent,
        delivered=delivered,
        failed=sender.failed,
        seconds=round(elapsed, 3),
        rate=round(sender.sent / elapsed, 1) if elapsed else 0.0,
        late=run.late,
        late_seconds_max=round(run.late_seconds_max, 3),
        cpu_seconds=round(time.process_time() - cpu, 3),
    )


class _Run:
    """The schedule: claim n is due n / rate seconds after the first, whose making starts the clock."""

    def __init__(self, rate: float | None, seconds: float | None) -> None:
        self.origin = self._announced = time.perf_counter()
        self.late = 0
        self.late_seconds_max = 0.0
        self.over = False
        self._started_at = _now()
        self._rate = rate
        self._seconds = seconds
        self._due = 0.0
        self._number = 0

    def accepted(self, number: int) -> int:
        """Time of acceptance of claim `number`, milliseconds since 1970-01-01 UTC."""
        self._number = number
        if number == 0:
            # Families and templates are made by now, which takes a second.
            self.origin, self._started_at = time.perf_counter(), _now()
        if self._rate is None:
            return _now()
        self._due = number / self._rate
        return self._started_at + int(self._due * 1000)

    def wait(self, serve: Callable[[], None]) -> None:
        """Until the claim is due."""
        if self._rate is None:
            return
        behind = time.perf_counter() - self.origin - self._due
        if behind > LATE_SECONDS:
            self.late += 1
            self.late_seconds_max = max(self.late_seconds_max, behind)
        elif behind < 0:
            serve()
            # A tick at least: never early, and what falls due meanwhile goes together.
            time.sleep(max(-behind, _TICK_SECONDS))

    def note(self, announce: Announce) -> None:
        """Say now and then how far it is, and whether time is up."""
        if self._number % 64:
            return
        now = time.perf_counter()
        self.over = self._seconds is not None and now - self.origin >= self._seconds
        if now - self._announced >= _ANNOUNCE_SECONDS:
            self._announced = now
            behind = f", {self.late} late so far" if self.late else ""
            announce(f"{self._number + 1:,} claims sent{behind}")


def _now() -> int:
    return time.time_ns() // 1_000_000
