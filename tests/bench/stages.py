"""CPU of the four stages in memory, a claim, and how much of it is Avro: `python -m tests.bench.stages`.

Generated claims through the chain's own steps, without a broker. Compare two checkouts on one machine, in one go: the
figures of two machines, or of two hours, say nothing.
"""

import dataclasses
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.codec import Codec
from schemas.reference import ReferenceRelease
from sources.generate.claims import claims
from sources.generate.folder import write_reference
from sources.generate.spec import Spec
from sources.reference.folder import read_folder
from streams.driver import Driver

MEMBERS = 20_000
WARM_UP, MEASURED = 2_000, 10_000


def reference(codec: Codec) -> ReferenceStore:
    """A release of the sample payers with generated members."""
    with tempfile.TemporaryDirectory() as folder:
        write_reference(Path(folder), seed=1, members=MEMBERS)
        records = read_folder(Path(folder)).records
    store = ReferenceStore(codec)
    for topic, by_key in records.items():
        for record in by_key.values():
            store.add(topic, "", codec.encode(dataclasses.replace(record, release=1)))
    counts = {topic: len(by_key) for topic, by_key in records.items()}
    store.add(topics.REFERENCE_RELEASES, "1", codec.encode(ReferenceRelease(1, 0, "bench", counts)))
    return store


def run(driver: Driver, load: list[tuple[str, bytes]]) -> float:
    """CPU microseconds a claim."""
    started = time.process_time()
    for key, value in load:
        driver.pipe(topics.CLAIMS_SUBMITTED, key, value)
    return (time.process_time() - started) / len(load) * 1e6


def measured(owner: Any, name: str, spent: dict[str, float]) -> None:
    """Count the CPU spent in a method from now on."""
    inner: Callable[..., Any] = getattr(owner, name)

    def timed(*arguments: Any) -> Any:
        started = time.process_time()
        try:
            return inner(*arguments)
        finally:
            spent[name] += time.process_time() - started

    setattr(owner, name, timed)


def main() -> None:
    """Print the figures."""
    codec = Codec()
    driver = Driver(reference(codec), codec)
    spec = Spec(seed=1, members=MEMBERS, count=WARM_UP + 2 * MEASURED, accepted_at=time.time_ns() // 1_000_000)
    load = [(claim.root_id, codec.encode(claim)) for claim in claims(spec)]
    run(driver, load[:WARM_UP])
    whole = run(driver, load[WARM_UP : WARM_UP + MEASURED])
    spent: dict[str, float] = defaultdict(float)
    for name in ("encode", "decode"):
        measured(codec, name, spent)
    run(driver, load[WARM_UP + MEASURED :])
    sys.stdout.write(f"{whole:.0f} us a claim in all; of it Avro")
    sys.stdout.writelines(f", {name} {seconds / MEASURED * 1e6:.0f} us" for name, seconds in spent.items())
    sys.stdout.write(f"; {sum(len(value) for _, value in load) / len(load):.0f} bytes a claim\n")


if __name__ == "__main__":
    main()
