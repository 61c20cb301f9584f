"""`python -m tests.bench.edi`: how many claims a second the reader of X12 makes of a plain professional file.

Parsing alone, on one core: bytes to SubmittedClaim with findings; nothing is encoded or sent. Each run times the same
work beside a fixed piece of plain Python, since machines that are shared change their pace: `claims per unit` is the
figure to compare across runs.
"""

import resource
import sys
import time
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from itertools import islice
from random import Random
from typing import BinaryIO, cast

from sources.x12.claim import ClaimRead, Terms
from sources.x12.reader import read_file

CLAIMS = 20_000
BATCH = 500
RUNS = 5
_TERMS = Terms("USD", None, lambda: 1_780_000_000_000, lambda number: "bench")
_CODES = ("99213", "99214", "85025", "80053", "36415", "93000", "71046", "87880", "90471", "G0439")
_DIAGNOSES = ("J069", "I10", "E119", "M545", "J209", "K219", "F411", "R51", "Z0000", "N390")
_LAST = ("CARTER", "NGUYEN", "SMITH", "GARCIA", "LEE", "BROWN", "MILLER", "DAVIS", "WILSON", "MOORE")
_FIRST = ("JAMES", "MARY", "ROBERT", "LINDA", "JOHN", "SUSAN", "DAVID", "KAREN", "PAUL", "LISA")


def header(batch: int) -> list[str]:
    """ISA to the billing provider of a batch of claims."""
    return [
        f"ISA*00*          *00*          *ZZ*CLEARING       *ZZ*ACME           *260601*1200*^*00501*{batch:09}*0*P*:",
        f"GS*HC*CLEARING*ACME*20260601*1200*{batch}*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        f"BHT*0019*00*{batch}*20260601*1200*CH",
        "NM1*41*2*CLEARING HOUSE*****46*SUB1",
        "PER*IC*HELP DESK*TE*5550100",
        "NM1*40*2*ACME*****46*ACME",
        "HL*1**20*1",
        "PRV*BI*PXC*207Q00000X",
        "NM1*85*2*RIVERSIDE CLINIC*****XX*1234567893",
        "N3*1 RIVER ROAD",
        "N4*SPRINGFIELD*IL*627010001",
        "REF*EI*123456789",
    ]


def claim(number: int, random: Random) -> list[str]:
    """A subscriber with a claim of one to three lines, as clearing houses send them."""
    lines = random.randint(1, 3)
    charges = [random.randint(20, 900) * 100 + random.choice((0, 0, 50)) for _ in range(lines)]
    day = f"2026{random.randint(1, 5):02}{random.randint(1, 28):02}"
    body = [
        f"HL*{number}*1*22*0",
        "SBR*P*18*GRP001******CI",
        f"NM1*IL*1*{random.choice(_LAST)}*{random.choice(_FIRST)}****MI*ACM{random.randint(1, 9_999_999):07}",
        f"N3*{random.randint(1, 999)} MAIN STREET",
        "N4*SPRINGFIELD*IL*62704",
        f"DMG*D8*19{random.randint(30, 99)}{random.randint(1, 12):02}{random.randint(1, 28):02}*{random.choice('FM')}",
        "NM1*PR*2*ACME HEALTH*****PI*ACME",
        f"CLM*C{number:08}*{sum(charges) / 100:g}***11:B:1*Y*A*Y*Y",
        f"HI*ABK:{random.choice(_DIAGNOSES)}*ABF:{random.choice(_DIAGNOSES)}",
        "NM1*82*1*HART*ELLEN****XX*1245319599",
    ]
    for place, charge in enumerate(charges, start=1):
        body += [f"LX*{place}", f"SV1*HC:{random.choice(_CODES)}*{charge / 100:g}*UN*1***1:2", f"DTP*472*D8*{day}"]
        body.append(f"REF*6R*{number}L{place}")
    return body


def batches(count: int, seed: int = 7) -> Iterator[bytes]:
    """A file of that many claims, interchange by interchange."""
    random = Random(seed)
    for batch, start in enumerate(range(0, count, BATCH), start=1):
        segments = header(batch)
        for number in range(start, min(start + BATCH, count)):
            segments += claim(number + 2, random)
        body = len(segments) - 2
        segments += [f"SE*{body + 1}*0001", f"GE*1*{batch}", f"IEA*1*{batch:09}"]
        yield "".join(f"{segment}~\n" for segment in segments).encode()


class Stream(RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._left = b""
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        while len(self._left) < size and (part := next(self._parts, b"")):
            self._left += part
        given, self._left = self._left[:size], self._left[size:]
        self.given += len(given)
        return given


def tell(text: str) -> None:
    """A line for whoever runs the bench."""
    sys.stdout.write(f"{text}\n")


def pace() -> float:
    """CPU seconds of a fixed piece of plain Python."""
    started = time.process_time()
    total: dict[str, int] = {}
    for number in range(400_000):
        key = str(number & 1023)
        total[key] = total.get(key, 0) + number
    return time.process_time() - started


def measure(data: bytes) -> tuple[int, float]:
    """Claims read, and CPU seconds."""
    started = time.process_time()
    found = sum(1 for one in read_file(BytesIO(data), _TERMS) if isinstance(one, ClaimRead) and one.claim is not None)
    return found, time.process_time() - started


def flat(megabytes: int) -> None:
    """Read a stream of that size, and say how much memory that took at its start and at its end."""
    data = next(batches(BATCH))
    count = megabytes * 1_000_000 // len(data) * BATCH
    stream = Stream(batches(count))
    found, marks = 0, []
    reading = read_file(cast(BinaryIO, stream), _TERMS)
    while part := sum(1 for one in islice(reading, 50_000) if isinstance(one, ClaimRead)):
        found += part
        marks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    tell(f"{stream.given / 1e6:.0f} MB, {found} claims; peak memory in MB after each 50,000: {marks}")


def main() -> None:
    """Print the best and the median of some runs; `flat MEGABYTES` reads a long stream instead."""
    if sys.argv[1:2] == ["flat"]:
        flat(int(sys.argv[2]))
        return
    data = b"".join(batches(CLAIMS))
    figures = []
    for _ in range(RUNS):
        unit = pace()
        found, seconds = measure(data)
        assert found == CLAIMS, "every claim of the file is a record"
        figures.append((found / seconds, found / seconds * unit))
    figures.sort()
    best, median = figures[-1], figures[RUNS // 2]
    tell(f"{CLAIMS} claims, {len(data) / 1e6:.1f} MB, one core, parsing alone")
    tell(f"best   {best[0]:8.0f} claims/s  {1e6 / best[0]:5.1f} us a claim")
    tell(f"median {median[0]:8.0f} claims/s  {median[1]:.0f} claims per unit of plain Python")


if __name__ == "__main__":
    main()
