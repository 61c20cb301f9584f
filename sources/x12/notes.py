"""The findings of one claim, and where each stands: worked out only when there is one."""

from schemas.counted import counted
from sources.x12.findings import EdiFinding
from sources.x12.loops import ClaimLoop
from sources.x12.segments import Elements

# Findings of one claim; a file that is wrong throughout need not be told more of it.
FINDINGS_MAX = 500


class Notes:
    """Collects findings of a claim. `fatal`: one of them forbids a record."""

    __slots__ = ("_left_out", "fatal", "findings", "loop")

    def __init__(self, loop: ClaimLoop) -> None:
        self.loop = loop
        self.findings: list[EdiFinding] = []
        self.fatal = False
        self._left_out = 0

    def note(
        self, segment: Elements, position: str, code: str, text: str, loop: str = "2300", fatal: bool = False
    ) -> None:
        """Keep a finding of a segment of the claim, or of a level above it."""
        self.fatal |= fatal
        if len(self.findings) >= FINDINGS_MAX and not fatal:
            self._left_out += 1
            return
        number = self.loop.number_of(segment)
        inside = number - self.loop.began + 1 if self.loop.began else 0
        self.findings.append(EdiFinding(number, position, code, text, fatal, segment[0], inside, loop))

    def all(self) -> tuple[EdiFinding, ...]:
        """The findings in the order they were made."""
        if self._left_out:
            text, self._left_out = f"{counted(self._left_out, 'finding')} more, not shown", 0
            self.findings.append(EdiFinding(self.loop.first, "CLM", "FINDINGS_MANY", text, False, "CLM"))
        return tuple(self.findings) if self.findings else ()
