"""What `claims edi read` could not read, for a person: a line a file, whether findings are written or not."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.counted import counted
from sources.replay.reading import Found


@dataclass
class _Document:
    claims: int = 0
    unread: int = 0
    findings: int = 0
    fault: str = ""


class Unread:
    """Listens to what is read. `complete` until a claim or a file could not be."""

    def __init__(self) -> None:
        self.complete = True
        self._documents: dict[str, _Document] = {}

    def see(self, found: Found) -> None:
        """Take the next item."""
        item = found.item
        is_unread = item.is_claim and item.claim is None
        document = self._documents.setdefault(found.document, _Document())
        document.findings += len(item.remarks)
        document.claims += item.is_claim
        document.unread += is_unread
        if item.fatal and not document.fault and item.remarks:
            first = item.remarks[0]
            document.fault = f"{found.word} {first.place}: {first.text}" if found.word else first.text
        self.complete = self.complete and not item.fatal and not is_unread

    def lines(self, hint: str) -> Iterator[str]:
        """A line for each file that something of could not be read; `hint` says where its findings are."""
        for name, document in self._documents.items():
            told = [document.fault] if document.fault else []
            if document.unread:
                told.append(f"{document.unread:,} of {counted(document.claims, 'claim')} could not be read")
            if told:
                yield f"{name}: {'; '.join(told)} ({counted(document.findings, 'finding')}{hint})"
