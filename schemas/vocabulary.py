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
# Which of deductible and copay comes first.
ShareOrder = Literal["deductible_first", "copay_first"]
# Whether individuals of a family have a limit of their own beside the family's.
FamilyLimit = Literal["embedded", "aggregate"]
# A part of the member's share.
ShareKind = Literal["deductible", "copay", "coinsurance"]
# What a copay is charged for once.
CopayScope = Literal["line", "visit", "day", "admission"]
# What a limit counts.
Measure = Literal["money", "visits", "units", "days"]
# The time in which a limit counts.
LimitPeriod = Literal["claim", "day", "period", "lifetime"]
# Whose use a limit counts.
Who = Literal["member", "family"]
# How a contract comes to the rate of a line or claim.
Method = Literal["fee_schedule", "per_diem", "case_rate", "percent_of_charge", "per_visit"]
# What a coding edit looks at.
EditKind = Literal["pair", "units_per_day", "charge_over"]
# What an edit does to what it finds.
Severity = Literal["deny", "pend", "warn"]
# How a plan pays after other payers.
Coordination = Literal["standard", "maintenance", "carve_out", "medicare_secondary"]
# Which allowed amount counts in coordination: the higher of the payers', or our own.
Allowable = Literal["higher", "own"]
# How a version of a claim ends.
Undoing = Literal["voided", "replaced"]
# Whom a payment goes to.
PayeeKind = Literal["provider", "member"]
