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
    Row("EMPTY", "TA1", "error", interchange="023"),
    Row("NO_ISA", "TA1", "error", interchange="022"),
    Row("ISA_SHORT", "TA1", "error", interchange="022"),
    Row("ISA_DELIMITERS", "TA1", "error", interchange="027"),
    Row("SEGMENT_LONG", "TA1", "error", interchange="004"),
    Row("SEGMENT_CUT", "TA1", "error", interchange="023"),
    Row("ISA_VERSION", "TA1", "warning", interchange="003"),
    Row("DUP_ISA13", "TA1", "error", interchange="025"),
    Row("ISA_MISSING", "TA1", "error", interchange="022"),
    Row("IEA_MISSING", "TA1", "error", interchange="023"),
    Row("IEA_COUNT", "TA1", "error", interchange="021"),
    Row("IEA_CONTROL", "TA1", "error", interchange="001"),
    # Groups and transactions.
    Row("GS_MISSING", "999", "error", interchange="024"),
    Row("GE_MISSING", "999", "error", group="3"),
    Row("GE_COUNT", "999", "error", group="5"),
    Row("GE_CONTROL", "999", "error", group="4"),
    Row("ST_MISSING", "999", "error", group="5"),
    Row("SE_MISSING", "999", "error", transaction="2"),
    Row("SE_COUNT", "999", "error", transaction="4"),
    Row("SE_CONTROL", "999", "error", transaction="3"),
    Row("DUP_ST02", "999", "error", transaction="23"),
    Row("TRANSACTION_UNREAD", "999", "error", transaction="1"),
    Row("VERSION_UNSUPPORTED", "999", "error", transaction="I6"),
    Row("HL_DUP", "999", "error", element="7"),
    Row("HL_PARENT", "999", "error", element="7"),
    Row("HL_LEVEL", "999", "error", element="7"),
    Row("NM1_TWICE", "999", "error", segment="5"),
    # Claims that break the guide.
    Row("TRUNCATED", "999", "error", transaction="2", status=("A3", "684", "")),
    Row("CLAIM_LONG", "999", "error", segment="4", status=("A3", "684", "")),
    Row("CLM01_MISSING", "999", "error", element="1", status=("A6", "478", "")),
    Row("CLM05_MISSING", "999", "error", element="1", status=("A6", "249", "")),
    Row("CLM05_1_BAD", "999", "error", element="7", status=("A7", "249", "")),
    Row("CLM05_2", "999", "error", element="1", status=("A6", "567", "")),
    Row("SBR09", "999", "warning", element="1", status=("A6", "480", "IL")),
    Row("NO_SUBSCRIBER", "999", "error", segment="3", status=("A6", "125", "IL")),
    Row("NO_PATIENT", "999", "error", segment="3", status=("A6", "125", "QC")),
    Row("NO_BILLING_NPI", "999", "error", element="1", status=("A6", "562", "85")),
    Row("NO_DX", "999", "error", segment="3", status=("A6", "255", "")),
    Row("DX_EMPTY", "999", "error", element="1", status=("A6", "255", "")),
    Row("MULTI_PRINCIPAL", "999", "error", element="7", status=("A7", "254", "")),
    Row("HI_QUALIFIER", "999", "error", element="7", status=("A7", "255", "")),
    Row("NO_LINES", "999", "error", segment="3", status=("A6", "454", "")),
    Row("LINES_MIXED", "999", "error", segment="2", status=("A7", "481", "")),
    Row("WRONG_SV", "999", "error", segment="2", status=("A7", "481", "")),
    Row("LX_MISSING", "999", "error", segment="3", status=("A3", "684", "")),
    Row("LX_TWICE", "999", "error", segment="7", status=("A3", "684", "")),
    Row("SV1_MISSING", "999", "error", segment="3", status=("A6", "454", "")),
    Row("CODE_MISSING", "999", "error", element="1", status=("A6", "454", "")),
    Row("NO_SERVICE_DATE", "999", "error", segment="3", status=("A6", "187", "")),
    Row("DATE_MISSING", "999", "error", segment="3", status=("A6", "187", "")),
    Row("DATE", "999", "error", element="8", status=("A7", "187", "")),
    Row("AMOUNT", "999", "error", element="6", status=("A7", "178", "")),
    Row("UNITS", "999", "error", element="6", status=("A7", "476", "")),
    Row("ELEMENT_LONG", "999", "error", element="5", status=("A7", "512", "")),
    # Claims that are well formed and odd.
    Row("BALANCE", "277CA", "error", status=("A8", "400", "")),
    Row("DUP_CLM01", "277CA", "warning", status=("A8", "478", "")),
    Row("DX_DOT", "277CA", "warning", status=("A7", "255", "")),
    Row("DX_POINTER", "277CA", "error", status=("A7", "477", "")),
    Row("DX_MANY", "277CA", "error", status=("A7", "255", "")),
    Row("ICD9_AFTER_2015", "277CA", "error", status=("A7", "508", "")),
    Row("NPI_CHECKDIGIT", "277CA", "warning", status=("A7", "562", "85")),
    Row("NPI_QUAL", "277CA", "error", status=("A7", "562", "85")),
    Row("NO_MEMBER_NUMBER", "277CA", "error", status=("A6", "164", "IL")),
    Row("PREDETERMINATION", "277CA", "error", status=("A3", "481", "")),
    Row("LINES_MANY", "277CA", "error", status=("A3", "121", "")),
    Row("PAYERS_MANY", "277CA", "error", status=("A7", "171", "")),
    Row("PROVIDERS_MANY", "277CA", "warning", status=("A7", "153", "82")),
    Row("ATTACHMENTS_MANY", "277CA", "warning", status=("A7", "489", "")),
    Row("ATTRIBUTES_MANY", "277CA", "warning", status=("A7", "481", "")),
    Row("MODIFIERS_MANY", "277CA", "warning", status=("A7", "453", "")),
    Row("PAYER_ID", "277CA", "warning", status=("A7", "153", "PR")),
    Row("PAYER_UNKNOWN", "277CA", "warning", status=("A3", "116", "")),
    Row("CURRENCY", "277CA", "error", status=("A7", "178", "")),
    Row("ENCOUNTER", "277CA", "warning", status=("A7", "481", "")),
    Row("FINDINGS_MANY", "277CA", "warning", status=("A7", "481", "")),
    # What the strict check finds (sources/strict): a code for each one of IK304, IK403 and IK502.
    *(Row(f"STRICT_SEGMENT_{code}", "999", "error", segment=str(code)) for code in range(1, 9)),
    *(Row(f"STRICT_ELEMENT_{code}", "999", "error", element=str(code)) for code in range(1, 11)),
    *(Row(f"STRICT_TRANSACTION_{code}", "999", "error", transaction=str(code)) for code in range(1, 8)),
    Row("NOT_JUDGED_STRICTLY", "999", "warning"),
)
CATALOG: Mapping[str, Row] = {row.code: row for row in ROWS}
