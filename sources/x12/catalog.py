"""Every code of a finding: who is told, how grave it is, and with which codes of X12 it is answered.

Channels: TA1 answers an interchange, 999 a transaction, 277CA a claim. An error in a TA1 or 999 says that the
interchange or transaction was refused only where the finding is fatal; a claim that could be read is always emitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Channel = Literal["TA1", "999", "277CA"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Row:
    """A code and its answers; an answer code that does not apply is empty.

    `interchange` is TA105; `group` AK905, `transaction` IK502, `segment` IK304 and `element` IK403 of a 999;
    `status` the category, status code and entity of STC in a 277CA.
    """

    code: str
    channel: Channel
    severity: Severity
    interchange: str = ""
    group: str = ""
    transaction: str = ""
    segment: str = ""
    element: str = ""
    status: tuple[str, str, str] | None = None


ROWS: tuple[Row, ...] = (
    # Files and interchanges.
    Row("EMPTY", "TA1", "error"),
    Row("NO_ISA", "TA1", "error"),
    Row("ISA_SHORT", "TA1", "error"),
    Row("ISA_DELIMITERS", "TA1", "error"),
    Row("SEGMENT_LONG", "TA1", "error"),
    Row("ISA_VERSION", "TA1", "warning"),
    Row("DUP_ISA13", "TA1", "error"),
    Row("ISA_MISSING", "TA1", "error"),
    Row("IEA_MISSING", "TA1", "error"),
    Row("IEA_COUNT", "TA1", "error"),
    Row("IEA_CONTROL", "TA1", "error"),
    # Groups and transactions.
    Row("GS_MISSING", "999", "error"),
    Row("GE_MISSING", "999", "error"),
    Row("GE_COUNT", "999", "error"),
    Row("GE_CONTROL", "999", "error"),
    Row("ST_MISSING", "999", "error"),
    Row("SE_MISSING", "999", "error"),
    Row("SE_COUNT", "999", "error"),
    Row("SE_CONTROL", "999", "error"),
    Row("DUP_ST02", "999", "error"),
    Row("TRANSACTION_UNREAD", "999", "error"),
    Row("VERSION_UNSUPPORTED", "999", "error"),
    Row("HL_DUP", "999", "error"),
    Row("HL_PARENT", "999", "error"),
    Row("HL_LEVEL", "999", "error"),
    Row("NM1_TWICE", "999", "error"),
    # Claims that break the guide.
    Row("TRUNCATED", "999", "error"),
    Row("CLAIM_LONG", "999", "error"),
    Row("CLM01_MISSING", "999", "error"),
    Row("CLM05_MISSING", "999", "error"),
    Row("CLM05_1_BAD", "999", "error"),
    Row("CLM05_2", "999", "error"),
    Row("SBR09", "999", "warning"),
    Row("NO_SUBSCRIBER", "999", "error"),
    Row("NO_PATIENT", "999", "error"),
    Row("NO_BILLING_NPI", "999", "error"),
    Row("NO_DX", "999", "error"),
    Row("DX_EMPTY", "999", "error"),
    Row("MULTI_PRINCIPAL", "999", "error"),
    Row("HI_QUALIFIER", "999", "error"),
    Row("NO_LINES", "999", "error"),
    Row("LINES_MIXED", "999", "error"),
    Row("WRONG_SV", "999", "error"),
    Row("LX_MISSING", "999", "error"),
    Row("LX_TWICE", "999", "error"),
    Row("SV1_MISSING", "999", "error"),
    Row("CODE_MISSING", "999", "error"),
    Row("NO_SERVICE_DATE", "999", "error"),
    Row("DATE_MISSING", "999", "error"),
    Row("DATE", "999", "error"),
    Row("AMOUNT", "999", "error"),
    Row("UNITS", "999", "error"),
    Row("ELEMENT_LONG", "999", "error"),
    # Claims that are well formed and odd.
    Row("BALANCE", "277CA", "error"),
    Row("DUP_CLM01", "277CA", "warning"),
    Row("DX_DOT", "277CA", "warning"),
    Row("DX_POINTER", "277CA", "error"),
    Row("DX_MANY", "277CA", "error"),
    Row("ICD9_AFTER_2015", "277CA", "error"),
    Row("NPI_CHECKDIGIT", "277CA", "warning"),
    Row("NPI_QUAL", "277CA", "error"),
    Row("NO_MEMBER_NUMBER", "277CA", "error"),
    Row("PREDETERMINATION", "277CA", "error"),
    Row("CLAIM_UNREAD", "277CA", "error"),
    Row("LINES_MANY", "277CA", "error"),
    Row("PAYERS_MANY", "277CA", "error"),
    Row("PROVIDERS_MANY", "277CA", "warning"),
    Row("ATTACHMENTS_MANY", "277CA", "warning"),
    Row("ATTRIBUTES_MANY", "277CA", "warning"),
    Row("MODIFIERS_MANY", "277CA", "warning"),
    Row("PAYER_ID", "277CA", "warning"),
    Row("PAYER_UNKNOWN", "277CA", "warning"),
    Row("CURRENCY", "277CA", "error"),
)
CATALOG: Mapping[str, Row] = {row.code: row for row in ROWS}
