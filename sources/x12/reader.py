"""An X12 file as a stream of envelopes, claims and findings."""

from collections.abc import Iterator
from typing import BinaryIO

from sources.x12.claim import ClaimRead, Terms
from sources.x12.findings import EdiFinding, X12StructureError
from sources.x12.segments import blocks
from sources.x12.stream import Begins, Ends
from sources.x12.transaction import Read, Walk

__all__ = ["Begins", "ClaimRead", "EdiFinding", "Ends", "Read", "Terms", "read_file"]


def read_file(file: BinaryIO, terms: Terms) -> Iterator[Read]:
    """Everything in the file in its order: envelopes, claims as they end, findings of the file between them.

    A file that cannot be read on ends with a fatal finding. A claim that the end of the file cut off is not sent.
    """
    walk = Walk(terms)
    number = 0
    try:
        for block in blocks(file):
            yield from walk.block(block)
            number = block.last
        if number == 0:
            yield EdiFinding(0, "ISA", "EMPTY", "the file is empty", fatal=True)
    except X12StructureError as error:
        yield EdiFinding(error.segment, "", error.code, f"{error}; nothing after it was read", fatal=True)
        number = error.segment
    yield from walk.end(number)
