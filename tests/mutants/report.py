"""What became of the mutants: a table by file, the survivors with their change, and the share that was noticed."""

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutants.mutations import Mutant, diff_of

NOTICED = ("killed", "timed out")
LINES_EACH = 50
COLUMNS = ("killed", "timed out", "survived", "untested")


def progress(done: int, whole: int, outcomes: Mapping[Mutant, str]) -> None:
    """One line that is written over on a terminal, a line now and then elsewhere."""
    alive = sum(outcome not in NOTICED for outcome in outcomes.values())
    line = f"{done} of {whole} tried, {alive} not noticed "
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}")
    elif done % LINES_EACH == 0:
        sys.stderr.write(f"{line}\n")


def show(root: Path, outcomes: Mapping[Mutant, str], killed_percent_min: int) -> int:
    """Print everything; 1 when fewer than that many percent were noticed, else 0."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    for mutant, outcome in sorted(outcomes.items()):
        if outcome not in NOTICED:
            console.print(f"{mutant.path}:{mutant.line} {outcome} ({mutant.kind})", highlight=False, markup=False)
            for line in diff_of((root / mutant.path).read_text(encoding="utf-8"), mutant):
                console.print(f"    {line}", highlight=False, markup=False)
    table = Table("file", "mutants", *COLUMNS, "noticed")
    for column in table.columns[1:]:
        column.justify = "right"
    for path in sorted({mutant.path for mutant in outcomes}):
        table.add_row(path, *_row([o for m, o in outcomes.items() if m.path == path]))
    table.add_section()
    table.add_row("all", *_row(list(outcomes.values())))
    console.print(table)
    noticed = sum(outcome in NOTICED for outcome in outcomes.values())
    enough = bool(outcomes) and 100 * noticed >= killed_percent_min * len(outcomes)
    verdict = "enough" if enough else "NOT enough"
    console.print(
        f"{noticed} of {len(outcomes)} mutants were noticed: {_percent(noticed, len(outcomes))}; "
        f"at least {killed_percent_min} % must be: {verdict}",
        highlight=False,
    )
    return 0 if enough else 1


def _row(outcomes: list[str]) -> list[str]:
    counts = Counter(outcomes)
    noticed = sum(counts[outcome] for outcome in NOTICED)
    return [str(len(outcomes)), *(str(counts[name]) for name in COLUMNS), _percent(noticed, len(outcomes))]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
