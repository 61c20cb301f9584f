"""Who looked at what: one record for each read that showed, or refused to show, what is personal."""

from dataclasses import dataclass
from typing import Literal

from schemas.quick_init import quick_init

# What was looked at, and of which thing the ids of the record are.
View = Literal[
    "claim", "timeline", "events", "explanation", "claim_audit", "claim_list", "claim_search", "work_queue",
    "document", "document_list", "member", "member_list", "provider", "provider_list",
]  # fmt: skip
THING_OF: dict[View, str] = {
    "claim": "claim", "timeline": "claim", "events": "claim", "explanation": "claim", "claim_audit": "claim",
    "claim_list": "claim", "claim_search": "claim", "work_queue": "claim", "document": "document",
    "document_list": "document", "member": "member", "member_list": "member", "provider": "provider",
    "provider_list": "provider",
}  # fmt: skip
# "refused": it is none of the caller's, who was told that it does not exist (of a person, whether it does or not).
Outcome = Literal["shown", "refused"]


@quick_init
@dataclass(frozen=True, slots=True)
class AuditRead:
    """A read. `subject`, `roles` and the ids beside them are those of the token; `at` is in milliseconds.

    `ids` are of the thing that `view` shows (THING_OF); `claim_id` is the claim of a document. A list has one record
    with what it showed; `left_out` counts what was shown beyond the bound of `ids`. Keyed by the first id.
    """

    event_id: str
    at: int
    subject: str
    roles: tuple[str, ...]
    provider_id: str | None
    member_id: str | None
    view: str
    ids: tuple[str, ...]
    left_out: int
    claim_id: str | None
    outcome: str
    correlation_id: str
