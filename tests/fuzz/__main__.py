"""`python -m tests.fuzz x12 --seconds 60`: fuzz a target; a crash is shown with its stack, and its input is kept."""

import argparse
import sys
from pathlib import Path

import atheris

# What is fuzzed tells which of its branches were taken; libraries and the tests do not.
with atheris.instrument_imports(include=["sources", "schemas", "agents", "streams"]):
    from tests.fuzz.targets import TARGETS, Target

INPUT_BYTES_MAX = 4_096
# One input that takes longer than this is a fault: nobody sends 4 kB to keep a process busy.
INPUT_SECONDS_MAX = 10


def main() -> None:
    """Fuzz until the time is up (ends with 0) or something is found (ends otherwise); atheris ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, required=True, help="for seeds, what was learnt, and what crashed it")
    given = parser.parse_args()
    target = TARGETS[given.target]
    corpus, found = given.folder / "corpus", given.folder / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={given.seconds}", f"-timeout={INPUT_SECONDS_MAX}", f"-max_len={INPUT_BYTES_MAX}",
        f"-artifact_prefix={found}/", "-print_final_stats=1",
        "-rss_limit_mb=1500",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, *_dictionary(given.folder, target), str(corpus)], target.run)
    atheris.Fuzz()


def _dictionary(folder: Path, target: Target) -> list[str]:
    if not target.words:
        return []
    path = folder / "words"
    path.write_text("".join(f'"{word}"\n' for word in target.words))
    return [f"-dict={path}"]


if __name__ == "__main__":
    main()
