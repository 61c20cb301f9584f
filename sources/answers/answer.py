"""An answer with its name: the same answer has the same id, name and bytes however often it is given."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from config.limits import ANSWER_CONTENT_BYTES_MAX
from schemas.edi import EdiAnswered, EdiEnvelope

Kind = Literal["TA1", "999", "277CA"]
NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a04")
_UNFIT = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as bytes; `accepted` and `rejected` count groups (TA1), transactions (999) or claims (277CA).

    `interim` is a 277CA that a complete one will follow. `transaction_control` is None but of a 277CA.
    """

    answer_id: str
    kind: Kind
    envelope: EdiEnvelope
    submitter_id: str
    received_at: int
    transaction_id: str | None
    accepted: int
    rejected: int
    content: bytes
    interim: bool = False

    @property
    def file_name(self) -> str:
        """Name of its file: who gets it, what it answers, and its id, so that no two answers share one."""
        of = self.envelope
        numbers = [of.sender_id, of.interchange_control]
        if self.kind != "TA1":
            numbers.append(of.group_control)
        if self.kind == "277CA":
            numbers.append(of.transaction_control)
        named = "-".join(_UNFIT.sub("", number)[:15] or "0" for number in numbers)
        ending = f"interim.{self.kind.lower()}" if self.interim else self.kind.lower()
        return f"{named}-{self.answer_id.replace('-', '')[-12:]}.{ending}.edi"

    def records(self) -> Iterator[EdiAnswered]:
        """The answer as records of edi.answered, none larger than a topic takes."""
        size = ANSWER_CONTENT_BYTES_MAX
        parts = max(1, -(-len(self.content) // size))
        for part in range(1, parts + 1):
            yield EdiAnswered(
                self.answer_id, self.kind, self.interim, self.transaction_id, self.submitter_id, self.received_at,
                self.envelope.interchange_control,
                None if self.kind == "TA1" else self.envelope.group_control,
                self.envelope.transaction_control if self.kind == "277CA" else None,
                self.accepted, self.rejected, self.file_name, part, parts,
                self.content[(part - 1) * size : part * size],
            )  # fmt: skip


def derived_id(*names: str) -> str:
    """An id out of names: a UUID of version 5."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(names)))
