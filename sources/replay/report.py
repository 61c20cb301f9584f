"""What became of the files of a run: counts, findings, and the report as JSON."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from config.limits import FINDINGS_REPORTED_MAX, FINDINGS_SHOWN_MAX
from schemas.json_values import moment_json
from sources.replay.items import Item, Remark

# sent: every claim; incomplete: some claims were not sent; unreadable: the file or a part of it could not be read;
# unconfirmed: the broker did not confirm everything; stopped: the run was ended within the file.
Status = Literal["sent", "incomplete", "unreadable", "unconfirmed", "stopped"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as a person reads it: the file, where in it, and what to do."""

    file: str
    place: str
    code: str
    text: str


@dataclass
class FileReport:
    """A file: its claims, those an earlier run had sent before it was interrupted, those that could not be sent."""

    name: str
    digest: str = ""
    size: int = 0
    received_at: int | None = None
    formats: list[str] = field(default_factory=list)
    claims: int = 0
    sent: int = 0
    sent_before: int = 0
    unsent: int = 0
    unreadable: bool = False
    unconfirmed: bool = False
    stopped: bool = False
    findings: Counter[str] = field(default_factory=Counter)
    quoted: list[tuple[str, str, Remark]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """What became of it, the gravest first."""
        if self.stopped:
            return "stopped"
        if self.unconfirmed:
            return "unconfirmed"
        if self.unreadable:
            return "unreadable"
        return "incomplete" if self.unsent else "sent"

    def note(self, document: str, word: str, item: Item) -> None:
        """Count an item of a document; `word` is what places in it are called."""
        if item.is_claim:
            self.claims += 1
            if item.claim is None:
                self.unsent += 1
        if item.fatal:
            self.unreadable = True
        for remark in item.remarks:
            self.remark(document, word, remark)

    def remark(self, document: str, word: str, remark: Remark) -> None:
        """Count a finding, and keep the first ones."""
        self.findings[remark.code] += 1
        if len(self.quoted) < FINDINGS_REPORTED_MAX:
            self.quoted.append((document, word, remark))

    def unread(self, document: str, code: str, text: str) -> None:
        """The file, or this document of it, cannot be read."""
        self.unreadable = True
        self.remark(document, "", Remark(0, "", code, text))

    def shown(self) -> list[Shown]:
        """The first findings for a person."""
        return [
            Shown(document, _place(word, remark), remark.code, remark.text)
            for document, word, remark in self.quoted[:FINDINGS_SHOWN_MAX]
        ]

    def as_json(self) -> dict[str, Any]:
        """The file's part of the report."""
        return {
            "name": self.name,
            "status": self.status,
            "bytes": self.size,
            "digest": self.digest,
            "receivedAt": None if self.received_at is None else moment_json(self.received_at),
            "formats": self.formats,
            "claims": self.claims,
            "sent": self.sent,
            "sentBefore": self.sent_before,
            "notSent": self.unsent,
            "findings": dict(self.findings.most_common()),
            "quoted": [remark_as_json(document, word, remark) for document, word, remark in self.quoted],
            "answers": self.answers,
        }


def remark_as_json(document: str, word: str, remark: Remark) -> dict[str, Any]:
    """A finding for a program; `word` (line, segment) names what the place counts."""
    made = {
        "file": document,
        "channel": remark.channel or None,
        "severity": remark.severity,
        word or "place": remark.place or None,
        "position": remark.position or None,
        "code": remark.code,
        "text": remark.text,
    }
    return {name: value for name, value in made.items() if value is not None}


def _place(word: str, remark: Remark) -> str:
    return f"{word} {remark.place}".strip() + (f", {remark.position}" if remark.position else "") if word else ""


@dataclass
class Summary:
    """Counts of a run. `unsent` claims could not be read as a record; `failed` ones were sent and not confirmed."""

    dry_run: bool = False
    files: int = 0
    claims: int = 0
    sent: int = 0
    sent_before: int = 0
    unsent: int = 0
    failed: int = 0
    seconds: float = 0.0
    unread_files: list[str] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    first: list[Shown] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    answers_failed: Counter[str] = field(default_factory=Counter)
    reports: list[FileReport] = field(default_factory=list)
    _quoted: int = 0

    @property
    def delivered(self) -> int:
        """Claims that the broker confirmed."""
        return self.sent - self.failed

    @property
    def complete(self) -> bool:
        """Whether every claim of every file was read and delivered."""
        return not (self.unsent or self.failed or self.answers_failed or self.unread_files)

    def add(self, report: FileReport) -> None:
        """Count a file that is done; the report of a run quotes as many findings in all as that of one file."""
        self.files += 1
        self.claims += report.claims
        self.sent_before += report.sent_before
        self.unsent += report.unsent
        self.findings.update(report.findings)
        if report.unreadable:
            self.unread_files.append(report.name)
        self.first += report.shown()[: FINDINGS_SHOWN_MAX - len(self.first)]
        del report.quoted[FINDINGS_REPORTED_MAX - self._quoted :]
        self._quoted += len(report.quoted)
        self.reports.append(report)

    def as_json(self) -> dict[str, Any]:
        """The report of the run; docs/edi.md says what each field means."""
        return {
            "dryRun": self.dry_run,
            "complete": self.complete,
            "files": self.files,
            "claims": self.claims,
            "sent": 0 if self.dry_run else self.sent,
            "confirmed": self.delivered,
            "sentBefore": self.sent_before,
            "notSent": self.unsent,
            "notConfirmed": self.failed,
            "failures": dict(self.failures),
            "answersNotConfirmed": dict(self.answers_failed),
            "seconds": self.seconds,
            "findings": dict(self.findings.most_common()),
            "perFile": [report.as_json() for report in self.reports],
        }
