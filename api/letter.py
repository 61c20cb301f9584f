"""The explanation of benefits as a letter to the member: what was claimed, who pays what and why, in plain words."""

from dataclasses import dataclass

from agents.catalog import STATES, reason_in_words, rule_in_words
from agents.catalog_rules import REMEDIES, REMEDY_OF_REASON
from agents.words import Language, Words
from api.explanation import units_of
from schemas.dates import text_of
from schemas.decision import DecidedLine, Decision
from schemas.envelope import Adjustment, Finding
from schemas.money import decimal_of
from schemas.money_text import format_money
from schemas.vocabulary import Substatus

TITLE = Words("Explanation of benefits", "Penjelasan manfaat")
NO_BILL = Words(
    "This is not a bill. It tells how your claim was decided.",
    "Ini bukan tagihan. Surat ini menjelaskan keputusan atas klaim Anda.",
)
APPEAL = Words(
    "If you do not agree, you may appeal: tell us the claim number and why.",
    "Bila Anda tidak setuju, Anda boleh mengajukan keberatan: sebutkan nomor klaim dan alasannya.",
)
WHY = Words("Why", "Alasan")
REMEDY = Words("What would change it", "Yang dapat mengubahnya")
UNITS = Words("units", "satuan")
_HEAD = {
    "claim": Words("Claim", "Klaim"),
    "member": Words("Member", "Peserta"),
    "provider": Words("Provider", "Penyedia layanan"),
    "days": Words("Days of care", "Tanggal perawatan"),
    "plan": Words("Plan", "Program"),
    "outcome": Words("Outcome", "Keputusan"),
}
COLUMNS = (
    Words("Service", "Layanan"),
    Words("Date", "Tanggal"),
    Words("Charged", "Tagihan"),
    Words("Taken off", "Pengurangan"),
    Words("Plan pays", "Dibayar program"),
    Words("You pay", "Bagian Anda"),
)
TOTAL = Words("Total", "Jumlah")
OTHERS = Words("Paid by other insurers, within what was taken off", "Dibayar penjamin lain, dalam pengurangan")
# A letter is about a decision: what waits for one would read as if it were settled, with nothing to pay.
UNDECIDED: frozenset[Substatus] = frozenset({"received", "accepted", "in_process", "pended"})
# An appeal under way is told as it stands.
APPEALABLE: frozenset[Substatus] = frozenset({"denied", "partially_approved", "approved", "paid"})


@dataclass(frozen=True, slots=True)
class Row:
    """A service: texts in the order of COLUMNS, and the reasons below them."""

    cells: tuple[str, ...]
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything the letter says, in its language; how it looks is another's matter."""

    language: Language
    title: str
    no_bill: str
    head: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[str, ...]
    others: tuple[str, str] | None
    notes: tuple[str, ...]
    why: str
    remedy: str


def letter_of(decision: Decision, language: Language) -> Letter:
    """The letter about a decision, of a claim that waits for none.

    A version that was voided or replaced has no services and no amounts any more.
    """
    d, money = decision, _Amounts(decision.currency)
    others = sum(line.other_paid for line in d.lines)
    notes = [_words_of(finding, language) for finding in d.findings]
    if d.substatus in APPEALABLE:
        notes.append(APPEAL.in_language(language))
    return Letter(
        language=language,
        title=TITLE.in_language(language),
        no_bill=NO_BILL.in_language(language),
        head=tuple((_HEAD[name].in_language(language), text) for name, text in _head(d, language)),
        columns=tuple(column.in_language(language) for column in COLUMNS),
        rows=tuple(_row(line, money, language) for line in d.lines),
        total=(TOTAL.in_language(language), "", *_amounts(d.charged, d.paid, d.member_share, money)),
        others=(OTHERS.in_language(language), money(others)) if others else None,
        notes=tuple(dict.fromkeys(notes)),
        why=WHY.in_language(language),
        remedy=REMEDY.in_language(language),
    )


class _Amounts:
    """Minor units as the member writes amounts."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def __call__(self, minor: int) -> str:
        return format_money(decimal_of(minor, self._currency), self._currency)


def _head(d: Decision, language: Language) -> list[tuple[str, str]]:
    days = " - ".join(text_of(day) for day in sorted({d.service_from, d.service_to}))
    found = [("claim", d.claim_number), ("member", d.member_id), ("provider", d.provider_id or "")]
    found += [("days", days), ("plan", d.plan_id or ""), ("outcome", STATES[d.substatus].in_language(language))]
    return [(name, text) for name, text in found if text]


def _amounts(charged: int, paid: int, share: int, money: _Amounts) -> tuple[str, ...]:
    return money(charged), money(charged - paid - share), money(paid), money(share)


def _row(line: DecidedLine, money: _Amounts, language: Language) -> Row:
    day = "" if line.service_from is None else text_of(line.service_from)
    reasons = [_reason(adjustment, money, language) for adjustment in line.adjustments]
    reasons += [_words_of(finding, language) for finding in line.findings]
    rules = [f.code for f in line.findings] + [REMEDY_OF_REASON.get(a.reason, "") for a in line.adjustments]
    remedies = [REMEDIES[rule].in_language(language) for rule in rules if rule in REMEDIES]
    return Row(
        (line.service_code, day, *_amounts(line.charge, line.paid, line.member_share, money)),
        tuple(dict.fromkeys(reasons)),
        tuple(dict.fromkeys(remedies)),
    )


def _reason(adjustment: Adjustment, money: _Amounts, language: Language) -> str:
    words = reason_in_words(adjustment.reason, language) or rule_in_words(adjustment.rule, language)
    units = ""
    if adjustment.quantity_milli:
        units = f" ({units_of(adjustment.quantity_milli)} {UNITS.in_language(language)})"
    return f"{money(adjustment.amount)}: {words or adjustment.rule}{units} ({adjustment.group}-{adjustment.reason})"


def _words_of(finding: Finding, language: Language) -> str:
    return rule_in_words(finding.code, language) or finding.text
