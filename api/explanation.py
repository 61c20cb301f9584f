"""The receipt of a decision in words: which rules fired on each line, with which amounts, and what would change it."""

from collections.abc import Sequence
from decimal import Decimal

from agents.catalog import GROUPS, STATES, reason_in_words, rule_in_words
from agents.texts import remedy_in_language, text_in_language
from agents.words import Language
from api.places import Places
from api.queries import StoredClaim
from api.representation import amount, places_of, stored_findings
from schemas.dates import moment_of, text_of
from schemas.decision import DecidedLine, Decision
from schemas.envelope import Adjustment, Finding, Step
from schemas.money import decimal_of
from schemas.vocabulary import Substatus

Json = dict[str, object]


def explanation_of(decision: Decision, language: Language) -> Json:
    """The explanation of a decision. Amounts are decimals of the claim's currency."""
    d, money = decision, _Money(decision.currency)
    places = Places(line.line_number for line in d.lines or d.reversal)
    return {
        "id": d.claim_id,
        "claimNumber": d.claim_number,
        "version": d.version,
        "revision": d.revision,
        "status": d.status,
        "substatus": d.substatus,
        "words": STATES[d.substatus].in_language(language),
        "language": language,
        "currency": d.currency,
        "reference": {
            "release": d.release,
            "planId": d.plan_id,
            "planFrom": _day(d.plan_from),
            "contractId": d.contract_id,
        },
        "totals": {
            "charged": money(d.charged),
            "allowed": money(d.allowed),
            "paid": money(d.paid),
            "memberResponsibility": money(d.member_share),
            "paidOut": money(d.paid_out),
        },
        "pend": _pend(d, language),
        "appeal": None if d.appeal is None else {"at": _moment(d.appeal.at), "dueDate": _day(d.appeal.due_on)},
        # Persons' words on the pended claim; who said what in which words stands in the audit trail.
        "approvals": [{"at": _moment(a.at), "kind": a.kind, "role": a.role} for a in d.approvals],
        "findings": [_finding(finding, language, places) for finding in d.findings],
        "lines": [_line(line, money, language, places) for line in d.lines],
        # What the version said before it was voided or replaced.
        "reversed": [_line(line, money, language, places) for line in d.reversal],
    }


def explanation_without_decision(stored: StoredClaim, language: Language) -> Json:
    """Of a claim that nothing was decided about: received only, or rejected at the front end, with what to mend."""
    row = stored.claim
    substatus: Substatus = row["substatus"]
    found = [
        Finding(str(one["code"]), str(one.get("place", "")), str(one.get("text", "")), one.get("remedy"))
        for one in stored_findings(row["findings"])
        if "code" in one
    ]
    return {
        "id": str(row["id"]),
        "claimNumber": row["claim_number"],
        "version": row["version"],
        "revision": row["revision"],
        "status": row["status"],
        "substatus": substatus,
        "words": STATES[substatus].in_language(language),
        "language": language,
        "currency": row["currency"],
        "reference": None,
        "totals": {"charged": amount(row["total_charged"], row["currency"])},
        "pend": None,
        "appeal": None,
        "approvals": [],
        "findings": [_finding(finding, language, places_of(stored)) for finding in found],
        "lines": [],
        "reversed": [],
    }


class _Money:
    """Minor units of a currency as decimals."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def __call__(self, minor: int) -> Decimal:
        return decimal_of(minor, self._currency)


def _pend(d: Decision, language: Language) -> Json | None:
    if d.pend is None:
        return None
    words = rule_in_words(d.pend.code, language)
    return {
        "code": d.pend.code, "words": words, "queue": d.pend.queue, "dueDate": _day(d.pend.due_on),
        "text": text_in_language(d.pend.code, d.pend.text, language),
    }  # fmt: skip


def _line(line: DecidedLine, money: _Money, language: Language, places: Places) -> Json:
    return {
        "lineNumber": line.line_number,
        "serviceCode": line.service_code,
        "codeSystem": line.code_system,
        "serviceDate": _day(line.service_from),
        "quantity": units_of(line.units_milli),
        "quantityDenied": units_of(line.units_denied_milli),
        "verdict": line.verdict,
        "benefitId": line.benefit_id,
        "authorizationNumber": line.authorization_number,
        "charged": money(line.charge),
        "allowed": money(line.allowed),
        "paid": money(line.paid),
        "memberResponsibility": money(line.member_share),
        "otherPaid": money(line.other_paid),
        "steps": [_step(step, money, language) for step in line.steps],
        "adjustments": [_adjustment(adjustment, money, language) for adjustment in line.adjustments],
        "findings": [_finding(finding, language, places) for finding in line.findings],
        "whatWouldChangeIt": remedies(line.findings, language),
    }


def _step(step: Step, money: _Money, language: Language) -> Json:
    return {
        "rule": step.rule,
        "version": step.version,
        "words": rule_in_words(step.rule, language),
        "before": money(step.before),
        "after": money(step.after),
        "detail": None if step.detail is None else text_in_language(step.rule, step.detail, language),
    }


def _adjustment(adjustment: Adjustment, money: _Money, language: Language) -> Json:
    return {
        "code": f"{adjustment.group}-{adjustment.reason}",
        "group": adjustment.group,
        "reason": adjustment.reason,
        "words": reason_in_words(adjustment.reason, language) or rule_in_words(adjustment.rule, language),
        "who": GROUPS[adjustment.group].in_language(language),
        "amount": money(adjustment.amount),
        "rule": adjustment.rule,
        "remark": adjustment.remark,
        "quantity": None if adjustment.quantity_milli is None else units_of(adjustment.quantity_milli),
    }


def _finding(finding: Finding, language: Language, places: Places) -> Json:
    return {
        "code": finding.code,
        "words": rule_in_words(finding.code, language),
        "place": places.shown(finding.place),
        "text": text_in_language(finding.code, finding.text, language),
        "remedy": _remedy(finding, language),
    }


def _remedy(finding: Finding, language: Language) -> str | None:
    return None if finding.remedy is None else remedy_in_language(finding.code, finding.remedy, language)


def remedies(found: Sequence[Finding], language: Language) -> list[str]:
    """What would change the answer, each once."""
    return list(dict.fromkeys(remedy for finding in found if (remedy := _remedy(finding, language))))


def units_of(milli: int) -> Decimal:
    """Thousandths of units as units: 1000 is 1, 2500 is 2.5."""
    whole, rest = divmod(milli, 1000)
    return Decimal(whole) if rest == 0 else Decimal(milli).scaleb(-3).normalize()


def _day(day: int | None) -> str | None:
    return None if day is None else text_of(day)


def _moment(at: int) -> str:
    return moment_of(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
