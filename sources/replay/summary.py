"""What became of the files of a replay."""

from collections import Counter
from dataclasses import dataclass, field

from config.limits import FINDINGS_SHOWN_MAX
from sources.replay.items import Item


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as a person reads it: the file, where in it, and what to do."""

    file: str
    place: str
    code: str
    text: str


@dataclass
class Summary:
    """Counts of a replay. `unsent` claims could not be read as a record; `failed` ones were sent and not confirmed."""

    files: int = 0
    claims: int = 0
    sent: int = 0
    unsent: int = 0
    failed: int = 0
    seconds: float = 0.0
    unread_files: list[str] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    first: list[Shown] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def delivered(self) -> int:
        """Claims that the broker confirmed."""
        return self.sent - self.failed

    @property
    def complete(self) -> bool:
        """Whether every claim of every file was read and delivered."""
        return not (self.unsent or self.failed or self.unread_files)

    def note(self, file: str, word: str, item: Item) -> None:
        """Count an item; `word` is what places in its file are called."""
        if item.is_claim:
            self.claims += 1
            self.unsent += item.claim is None
        if item.fatal:
            self.unread_files.append(file)
        for remark in item.remarks:
            place = f"{word} {remark.place}" + (f", {remark.position}" if remark.position else "")
            self.show(file, place, remark.code, remark.text)

    def unread(self, file: str, code: str, text: str) -> None:
        """Count a file that could not be read at all."""
        self.unread_files.append(file)
        self.show(file, "", code, text)

    def show(self, file: str, place: str, code: str, text: str) -> None:
        """Count a finding, and keep the first ones."""
        self.findings[code] += 1
        if len(self.first) < FINDINGS_SHOWN_MAX:
            self.first.append(Shown(file, place, code, text))
