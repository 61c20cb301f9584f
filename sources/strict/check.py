"""What a strict reading of the guides finds in a file, beside what our reader finds.

pyx12 knows 005010X222A1 and 005010X223A2 by exactly these names, and no dental guide; what it does not know, takes too
long over or crashes on is a finding NOT_JUDGED_STRICTLY, never a silent pass. It quotes values of the file; we do not.
"""

from collections.abc import Iterator
from typing import BinaryIO

from config.limits import ANSWER_NOTES_MAX
from sources.strict.process import Judge, Target
from sources.strict.transactions import Cut, transactions
from sources.strict.worker import Error, Unjudged, serve
from sources.x12.catalog import CATALOG
from sources.x12.findings import EdiFinding

NOT_JUDGED = "NOT_JUDGED_STRICTLY"
TIMEOUT_SECONDS = 30.0
_REASONS = {
    "version": "its version has no map in the strict check (005010X222A1 and 005010X223A2 have)",
    "timeout": "the strict check took too long and was ended",
    "crash": "the strict check crashed on it",
    "too_long": "it is too long for the strict check",
}
_WORDS = {
    ("segment", "1"): "no segment has this name",
    ("segment", "2"): "the segment does not belong here",
    ("segment", "3"): "a segment that must stand here is missing",
    ("segment", "4"): "the loop comes more often than it may",
    ("segment", "5"): "the segment comes more often than it may",
    ("segment", "6"): "the transaction has no such segment",
    ("segment", "7"): "the segment stands in the wrong place",
    ("segment", "8"): "the segment contradicts others, or has an element in error",
    ("element", "1"): "the element is missing",
    ("element", "2"): "the element is missing; another one requires it",
    ("element", "3"): "there are too many elements",
    ("element", "4"): "the element is too short",
    ("element", "5"): "the element is too long",
    ("element", "6"): "the element has a character that it may not have",
    ("element", "7"): "the element has a value that is none of its codes",
    ("element", "8"): "the element is no date",
    ("element", "9"): "the element is no time",
    ("element", "10"): "the element may not stand beside another one, or not at all",
    ("transaction", "2"): "SE is missing",
    ("transaction", "3"): "SE02 differs from ST02",
    ("transaction", "4"): "SE01 is not the number of segments",
}
_OTHERWISE = "the guide is not kept"


def strict_findings(
    file: BinaryIO, timeout_seconds: float = TIMEOUT_SECONDS, target: Target = serve
) -> Iterator[EdiFinding]:
    """Findings of channel 999 (codes STRICT_...), by transaction in the order of the file.

    The process starts with the first transaction and ends with the last, or when the iterator is closed.
    """
    with Judge(timeout_seconds, target) as judge:
        for cut in transactions(file):
            judged = Unjudged("too_long") if cut.too_long or not cut.text else judge.judge(cut.text)
            yield from findings_of(cut, judged)


def findings_of(cut: Cut, judged: list[Error] | Unjudged) -> list[EdiFinding]:
    """The findings of one transaction, in its order; one that was not judged has one that says so."""
    if isinstance(judged, Unjudged):
        return [_unjudged(cut, judged.reason)]
    return [_finding(cut, error) for error in sorted(judged[:ANSWER_NOTES_MAX], key=_place)]


def _place(error: Error) -> tuple[int, int, int]:
    return error.position, error.element, error.component


def _unjudged(cut: Cut, reason: str) -> EdiFinding:
    words = _REASONS.get(reason, f"the strict check failed on it ({reason})")
    text = f"transaction {cut.control[:9]} was not judged strictly: {words}"
    return EdiFinding(cut.segment, "ST", NOT_JUDGED, text, False, "ST", 1)


def _finding(cut: Cut, error: Error) -> EdiFinding:
    level, number = error.level, error.code
    code = f"STRICT_{level.upper()}_{number}"
    if code not in CATALOG:
        # Codes of pyx12 of its own, such as HL1 and LX: the segment contradicts others.
        level, number = ("transaction", "5") if level == "transaction" else ("segment", "8")
        code = f"STRICT_{level.upper()}_{number}"
    position = error.segment or "ST"
    if level == "element" and error.element:
        position += f"{error.element:02d}" + (f"-{error.component}" if error.component else "")
    text = f"{_WORDS.get((level, number), _OTHERWISE)} (strict check)"
    place = max(1, error.position)
    return EdiFinding(cut.segment + place - 1, position, code, text, False, error.segment or "ST", place)
