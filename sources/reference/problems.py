"""What is wrong with reference data: every problem with its file, row and column, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.limits import FINDINGS_SHOWN_MAX
from schemas.counted import counted


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the name of a file and the line in it; None for the file as a whole."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file} line {self.line}"


class ReferenceDataError(ValueError):
    """Reference data that cannot be used; nothing of it was. The text lists what to mend, the first problems of all."""

    def __init__(self, folder: str, problems: Sequence[str], total: int) -> None:
        self.problems = tuple(problems)
        self.total = total
        lines = [f"reference data in {folder} cannot be used; {counted(total, 'problem')}:"]
        lines.extend(f"  {problem}" for problem in problems)
        if total > len(problems):
            lines.append(f"  and {total - len(problems)} more; mend these and check again")
        super().__init__("\n".join(lines))


class Problems:
    """Collects problems; keeps the text of the first ones and counts all.

    An entry of YAML that several name (`<<: *gold`) is read once for each, and its problem is told once.
    """

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._repeated = 0
        self.total = 0

    def add(self, place: Place, column: str | None, text: str) -> None:
        """Note that the value of `column` at `place` is wrong; `text` says why and what to do."""
        self.total += 1
        line = f"{place}: {text}" if column is None else f"{place}, {column}: {text}"
        if line in self._kept:
            self._repeated += 1
        elif len(self._kept) < FINDINGS_SHOWN_MAX:
            self._kept.append(line)

    def raise_if_any(self, folder: str) -> None:
        """Raise ReferenceDataError when there was a problem."""
        if self.total:
            raise ReferenceDataError(folder, self._kept, self.total - self._repeated)
