"""Claims a second from an 837 file onto the topic of a real broker, in one process: `python -m tests.bench.feed`.

Reading, checking, Avro, producing, what a 277CA must name, marks and answers: what `claims replay --answers` does. The
file has two lines a claim, a subscriber each, and thirty providers. Prints also what parsing alone takes.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from config.settings import KafkaSettings, Settings
from deploy.local.services import Services
from sources.replay.checkpoint import Marks
from sources.replay.run import Options, garbage_looked_for_less_often, replay
from sources.x12.reader import Terms, read_file
from streams import admin
from tests.sources.x12.small import HEAD, LINES, file_of

CLAIMS, WARM_UP = 30_000, 1_000
A_PROVIDER = 1_000


def segments(count: int) -> Iterator[str]:
    """The body of a transaction with that many claims."""
    number, billing = 0, 0
    for n in range(count):
        if n % A_PROVIDER == 0:
            number += 1
            billing = number
            yield f"HL*{number}**20*1"
            yield from ("NM1*85*2*RIVERSIDE CLINIC*****XX*1234567893", "N3*1 RIVER ROAD", "N4*SPRINGFIELD*IL*62701")
            yield "REF*EI*123456789"
        number += 1
        yield f"HL*{number}*{billing}*22*0"
        yield from ("SBR*P*18*******CI", f"NM1*IL*1*CARTER*JAMES****MI*ACM{n:07d}", "DMG*D8*19800214*M")
        yield from ("NM1*PR*2*ACME*****PI*ACME", f"CLM*B-{n:07d}*150***11:B:1*Y*A*Y*Y", "HI*ABK:J069*ABF:I10")
        yield from LINES


def file_with(folder: Path, count: int) -> Path:
    """An 837 with that many claims."""
    path = folder / f"{count}.edi"
    path.write_bytes(file_of(*segments(count), start=HEAD))
    return path


def parsed(path: Path) -> tuple[int, float]:
    """How many claims the reader finds, and seconds of CPU."""
    terms = Terms("USD", None, lambda: 0, lambda number: "bench")
    with path.open("rb") as file:
        started = time.process_time()
        count = sum(hasattr(item, "claim") for item in read_file(file, terms))
        return count, time.process_time() - started


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, first = file_with(folder, CLAIMS), file_with(folder, WARM_UP)
        parsed(first)
        count, seconds = parsed(path)
        sys.stdout.write(f"{count / seconds:,.0f} claims a second parsed, by CPU\n")
        with Services(folder / "services", postgres=False, announce=lambda line: None) as services:
            kafka = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
            admin.create(kafka)
            settings, options = Settings(kafka=kafka), Options(answers=folder / "answers")
            replay([first], settings, options)
            cpu = time.process_time()
            with garbage_looked_for_less_often():
                summary = replay([path], settings, options, marks=Marks(folder / "marks"))
            cpu = time.process_time() - cpu
        assert (summary.delivered, summary.complete) == (CLAIMS, True), summary.as_json()
        sys.stdout.write(
            f"{CLAIMS / summary.seconds:,.0f} claims a second from file to topic, {cpu / CLAIMS * 1e6:.0f} us of CPU "
            f"a claim in this process, {path.stat().st_size / CLAIMS:.0f} bytes a claim\n"
        )


if __name__ == "__main__":
    main()
