"""The status that a submitter sees, by the state of the claim behind it."""

from schemas.vocabulary import Status, Substatus

STATUS_OF: dict[Substatus, Status] = {
    "received": "submitted",
    "front_end_rejected": "rejected",
    "accepted": "processing",
    "in_process": "processing",
    "pended": "processing",
    "denied": "rejected",
    "partially_approved": "approved",
    "approved": "approved",
    "paid": "paid",
    "voided": "rejected",
    "replaced": "rejected",
    "appealed": "appealed",
    "upheld": "rejected",
    "overturned": "approved",
}
