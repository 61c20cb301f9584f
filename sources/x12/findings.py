"""What is wrong with an X12 file: where, under which code, in words for the sender."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EdiFinding:
    """A finding: number of the segment in the file (from 1), position such as CLM05-2, a code, and what to do.

    `fatal`: the claim or transaction it stands in could not be made a record. `segment_name` is such as CLM,
    `in_transaction` the position counted from ST = 1 (0 outside), `loop` such as 2300 (empty where it is unknown).
    Texts quote no personal data. What a code means to whoever answers stands in sources/x12/catalog.py.
    """

    segment: int
    position: str
    code: str
    text: str
    fatal: bool = False
    segment_name: str = ""
    in_transaction: int = 0
    loop: str = ""


def shown(text: str, most: int = 6) -> str:
    """A number as a finding may quote it: whatever is no short number may be a name, where elements are misplaced."""
    return text if text.isascii() and text.isdigit() and len(text) <= most else "(no number)" if text else "(empty)"


class X12StructureError(ValueError):
    """A file, or what is left of it, that cannot be cut into segments."""

    def __init__(self, segment: int, code: str, text: str) -> None:
        super().__init__(text)
        self.segment = segment
        self.code = code
