"""A claim of a file for a person: who, when, what for how much, and each finding at the line it stands at."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.counted import counted
from schemas.dates import text_of
from schemas.intake import to_json
from schemas.json_values import units_json
from schemas.money import decimal_of
from sources.replay.items import Item, Remark
from sources.replay.reading import Found
from sources.x12.claim import ClaimRead
from sources.x12.subject import subject_of

# A pipe has no width; long lines are its reader's business.
_PIPE_COLUMNS = 10_000
# Shown by name below, or a part of what is.
_SHOWN = frozenset((
    "claimNumber", "memberId", "providerId", "serviceDate", "serviceDateTo", "claimType", "settlement", "serviceType",
    "currency", "member", "provider", "diagnoses", "items", "totalCharge",
))  # fmt: skip
_STYLES = {"error": "red", "warning": "yellow"}


class Shower:
    """Prints what it is shown; colours on a terminal alone. `complete` until something could not be read."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = _PIPE_COLUMNS
        self.complete = True
        self._claims = self._findings = 0

    def show(self, found: Found) -> None:
        """A claim with its findings, or findings between claims."""
        item = found.item
        self.complete = self.complete and not item.fatal and not (item.is_claim and item.claim is None)
        self._findings += len(item.remarks)
        if item.is_claim:
            self._claims += 1
            self._claim(found)
        else:
            for remark in item.remarks:
                self._print(_finding(remark, found.word, _plain_text(found.document)))

    def end(self) -> None:
        """How much it was."""
        self._print(f"{counted(self._claims, 'claim')}, {counted(self._findings, 'finding')}")

    def _print(self, line: str) -> None:
        self._console.print(line, soft_wrap=True)

    def _claim(self, found: Found) -> None:
        item = found.item
        claim, note = item.claim, ""
        if claim is None and isinstance(item.found, ClaimRead) and item.found.predetermination is not None:
            claim, note = item.found.predetermination, "; a predetermination, which is not sent"
        place = f"{_plain_text(found.document)}, {found.word} {item.place}"
        self._print(f"[bold]claim {_plain_text(item.control_number or '(no number)')}[/bold]  ({place}{note})")
        if claim is None:
            self._print("  [red]not sent: it could not be made a claim[/red]")
            for name, value in _as_written(item):
                self._print(f"  {name:<12} {_plain_text(value)}")
            self._remarks(item.remarks, found.word)
        else:
            for name, value in _head(claim):
                self._print(f"  {name:<12} {_plain_text(value)}")
            self._lines(claim, item, found.word)
        self._print("")

    def _lines(self, claim: SubmittedClaim, item: Item, word: str) -> None:
        starts = _line_starts(item)
        at_claim = [remark for remark in item.remarks if _line_of(remark, starts) is None]
        self._remarks(at_claim, word)
        for place, line in enumerate(claim.lines):
            self._print(f"  line {_plain_text(_line(line, claim.currency))}")
            self._remarks([remark for remark in item.remarks if _line_of(remark, starts) == place], word)

    def _remarks(self, remarks: "list[Remark] | tuple[Remark, ...]", word: str) -> None:
        for remark in remarks:
            self._print(f"    {_finding(remark, word)}")


def _finding(remark: Remark, word: str, document: str = "") -> str:
    place = f"{word} {remark.place}" if word and remark.place else ""
    where = " ".join(part for part in (document, place, _plain_text(remark.position)) if part)
    channel = f" {remark.channel}" if remark.channel else ""
    style = _STYLES.get(remark.severity, "red")
    return f"[{style}]! {remark.severity}{channel} {remark.code}[/{style}] {where}: {_plain_text(remark.text)}"


def _line_starts(item: Item) -> list[int]:
    """Numbers of the segments that the lines of an X12 claim begin with; none of another format."""
    if not isinstance(item.found, ClaimRead):
        return []
    loop = item.found.loop
    heads = [service.number or service.service for service in loop.services]
    return [loop.number_of(head) for head in heads if head is not None]


def _line_of(remark: Remark, starts: list[int]) -> int | None:
    """The line, from 0, that a finding stands at; None for the claim as a whole."""
    before = [place for place, start in enumerate(starts) if start <= remark.place]
    return before[-1] if before else None


def _head(claim: SubmittedClaim) -> Iterator[tuple[str, str]]:
    """What stands above the lines; whatever has no line of its own comes under the name that JSON gives it."""
    yield "what", f"{claim.form}, {claim.service_type}, {claim.settlement}"
    yield "charge", _money(claim.total_charge, claim.currency)
    yield "service", _days(claim.service_from, claim.service_to)
    yield "patient", _party(to_json(claim).get("member", {}), claim.member.member_id)
    yield "provider", _party(to_json(claim).get("provider", {}), claim.provider.provider_id)
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        yield f"diagnosis {number}", f"{diagnosis.code} ({diagnosis.role}, {diagnosis.system})"
    for name, value in to_json(claim).items():
        if name not in _SHOWN:
            yield from _of_any(name, value)


def _as_written(item: Item) -> Iterator[tuple[str, str]]:
    """What a claim of X12 says that is none: texts as they stand in the file."""
    if isinstance(item.found, ClaimRead):
        subject = subject_of(item.found.loop)
        yield "charge", subject.charge
        yield "patient", " ".join(part for part in subject.patient[3:10] if part)
        for line in subject.lines:
            yield "line", f"{line.number}: {line.service}  {line.charge}"


def _of_any(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value of any shape on lines of its own."""
    if isinstance(value, list):
        for one in value:
            yield from _of_any(name, one)
    elif isinstance(value, Mapping):
        yield name, _flat(value)
    else:
        yield name, str(value)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(inner)}" for name, inner in value.items())
    return "; ".join(map(_flat, value)) if isinstance(value, list) else str(value)


def _party(party: Mapping[str, Any], own_id: str | None) -> str:
    named = {"id": own_id} if own_id else {}
    named |= {one["system"]: one["value"] for one in party.get("identifiers", ())}
    rest = {name: value for name, value in party.items() if name not in ("name", "identifiers")}
    return "  ".join(part for part in (str(party.get("name", "")), _flat(named), _flat(rest)) if part)


def _line(line: ClaimLine, currency: str) -> str:
    parts = [
        f"{line.line_number}: {line.code_system} {line.service_code}",
        *line.modifiers,
        f"x {units_json(line.units_milli)}",
        _money(line.charge, currency),
        _days(line.service_from, line.service_to),
    ]
    more = {
        "revenue": line.revenue_code, "tooth": line.tooth, "place": line.place_of_service,
        "authorization": line.authorization_number, "diagnoses": " ".join(map(str, line.diagnosis_pointers)),
        **line.attributes,
    }  # fmt: skip
    return "  ".join(parts + [f"{name} {value}" for name, value in more.items() if value])


def _plain_text(text: str) -> str:
    """A text of a sender: no markup, and nothing that a terminal obeys."""
    return escape("".join(c if c.isprintable() else "?" for c in text))


def _money(minor: int, currency: str) -> str:
    return f"{decimal_of(minor, currency):,} {currency}"


def _days(first: int, last: int) -> str:
    return text_of(first) if first == last else f"{text_of(first)} to {text_of(last)}"
