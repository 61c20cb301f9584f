"""The closed lists of words that records use."""

from typing import Literal

# What kind of claim form it is.
Form = Literal["professional", "institutional", "dental", "pharmacy"]
# Who is paid: the provider directly (cashless) or the member afterwards (reimbursement).
Settlement = Literal["cashless", "reimbursement"]
# What kind of care was given.
ServiceType = Literal["inpatient", "outpatient", "dental", "optical", "maternity", "emergency"]
# What the envelope carries through the chain.
Kind = Literal["claim", "repeat", "void", "replacement", "authorization", "payment", "adjudication", "command"]
# What a stage or a line came to.
Verdict = Literal["passed", "denied", "pended"]
# Adjustment group: contractual, patient, other, payer initiated.
GroupCode = Literal["CO", "PR", "OA", "PI"]
# The status a submitter sees.
Status = Literal["submitted", "processing", "approved", "rejected", "paid", "appealed"]
# The state of the claim behind its status.
Substatus = Literal[
    "received",
    "front_end_rejected",
    "accepted",
    "in_process",
    "pended",
    "denied",
    "partially_approved",
    "approved",
    "paid",
    "voided",
    "replaced",
    "appealed",
    "upheld",
    "overturned",
]
# What a person or a scheduler asks for.
CommandKind = Literal["approve", "deny", "void", "appeal", "uphold", "overturn", "release"]
# What a plan does with a claim that lacks a required prior authorization.
MissingAuthorization = Literal["deny", "pend"]
