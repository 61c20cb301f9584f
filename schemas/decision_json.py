"""What leaves the chain as JSON, in the format claims-decision/1: decision.schema.json beside this file says what is
in it, docs/decision-format.md what it means.

Amounts and units are decimal strings: amounts in the currency of the record, units with up to three decimals. Every
field is always there, null where there is nothing.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from schemas.dates import text_of
from schemas.decision import Appeal, DecidedLine, Decision, LedgerEntry
from schemas.envelope import Adjustment, Approval, Pend
from schemas.json_values import FORMAT, amount_json, day_json, findings_json, moment_json, units_json
from schemas.vocabulary import Measure

_NO_LIMITS: Mapping[str, Measure] = {}


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of the format."""
    return (files("schemas") / "decision.schema.json").read_text(encoding="utf-8")


def decision_json(decision: Decision, limits: Mapping[str, Measure] = _NO_LIMITS) -> dict[str, Any]:
    """A decision; `limits` are the measures of the limits that its ledger entries may name, by id."""
    currency = decision.currency
    return {
        "format": FORMAT,
        "type": "decision",
        "claimId": decision.claim_id,
        "claimNumber": decision.claim_number,
        "rootId": decision.root_id,
        "version": decision.version,
        "revision": decision.revision,
        "status": decision.status,
        "substatus": decision.substatus,
        "frequencyCode": decision.frequency_code,
        "replaces": decision.replaces,
        "coverageId": decision.coverage_id,
        "memberId": decision.member_id,
        "providerId": decision.provider_id,
        "submitterId": decision.submitter_id,
        "form": decision.form,
        "settlement": decision.settlement,
        "serviceType": decision.service_type,
        "currency": currency,
        "serviceDate": text_of(decision.service_from),
        "serviceDateTo": text_of(decision.service_to),
        "channel": decision.channel,
        "correlationId": decision.correlation_id,
        "acceptedAt": moment_json(decision.accepted_at),
        "reference": {
            "release": decision.release,
            "planId": decision.plan_id,
            "planFrom": day_json(decision.plan_from),
            "contractId": decision.contract_id,
        },
        "charged": amount_json(decision.charged, currency),
        "allowed": amount_json(decision.allowed, currency),
        "paid": amount_json(decision.paid, currency),
        "memberShare": amount_json(decision.member_share, currency),
        "paidOut": amount_json(decision.paid_out, currency),
        "lines": [line_json(line, currency) for line in decision.lines],
        "findings": findings_json(decision.findings),
        "ledger": [_entry(entry, currency, limits) for entry in decision.ledger],
        "pend": _pend(decision.pend),
        "approvals": [_approval(approval) for approval in decision.approvals],
        "appeal": _appeal(decision.appeal),
        "superseded": [
            {"account": one.account, "amount": amount_json(one.amount, currency)} for one in decision.superseded
        ],
        "reversal": [line_json(line, currency) for line in decision.reversal],
    }


def line_json(line: DecidedLine, currency: str) -> dict[str, Any]:
    """A decided line with its adjustments, findings and receipt."""
    return {
        "lineNumber": line.line_number,
        "serviceCode": line.service_code,
        "codeSystem": line.code_system,
        "modifiers": list(line.modifiers),
        "diagnosisCode": line.diagnosis_code,
        "serviceDate": day_json(line.service_from),
        "units": units_json(line.units_milli),
        "unitsDenied": units_json(line.units_denied_milli),
        "verdict": line.verdict,
        "benefitId": line.benefit_id,
        "authorizationNumber": line.authorization_number,
        "charged": amount_json(line.charge, currency),
        "allowed": amount_json(line.allowed, currency),
        "paid": amount_json(line.paid, currency),
        "memberShare": amount_json(line.member_share, currency),
        "otherPaid": amount_json(line.other_paid, currency),
        "adjustments": [_adjustment(adjustment, currency) for adjustment in line.adjustments],
        "findings": findings_json(line.findings),
        "receipt": [
            {
                "rule": step.rule,
                "version": step.version,
                "before": amount_json(step.before, currency),
                "after": amount_json(step.after, currency),
                "detail": step.detail,
            }
            for step in line.steps
        ],
    }


def _adjustment(adjustment: Adjustment, currency: str) -> dict[str, Any]:
    quantity = adjustment.quantity_milli
    return {
        "group": adjustment.group,
        "reason": adjustment.reason,
        "amount": amount_json(adjustment.amount, currency),
        "units": None if quantity is None else units_json(quantity),
        "rule": adjustment.rule,
        "remark": adjustment.remark,
    }


def _entry(entry: LedgerEntry, currency: str, limits: Mapping[str, Measure]) -> dict[str, Any]:
    unit = unit_of(entry.account, limits)
    amount = str(entry.amount)
    if unit == "money":
        amount = amount_json(entry.amount, currency)
    elif unit == "units":
        amount = units_json(entry.amount)
    return {
        "sequence": entry.sequence,
        "lineNumber": entry.line_number,
        "account": entry.account,
        "who": entry.who,
        "period": entry.period,
        "amount": amount,
        "unit": unit,
    }


def unit_of(account: str, limits: Mapping[str, Measure]) -> str:
    """What an account of the ledger counts: money, units, visits or days; `recorded` for one that nobody explains."""
    kind, _, name = account.partition(":")
    if kind in ("deductible", "out_of_pocket"):
        return "money"
    if kind == "limit":
        # A limit of a day names it behind the id, and tranches count what was allowed.
        return limits.get(name.partition(":")[0], "recorded")
    if kind == "authorization":
        return {"units": "units", "amount": "money"}.get(name.rpartition(":")[2], "recorded")
    return "recorded"


def _pend(pend: Pend | None) -> dict[str, Any] | None:
    if pend is None:
        return None
    return {
        "code": pend.code,
        "queue": pend.queue,
        "stage": pend.stage,
        "dueOn": text_of(pend.due_on),
        "text": pend.text,
        "group": pend.group,
        "reason": pend.reason,
    }


def _approval(approval: Approval) -> dict[str, Any]:
    return {
        "commandId": approval.command_id,
        "kind": approval.kind,
        "actor": approval.actor,
        "role": approval.role,
        "reason": approval.reason,
        "at": moment_json(approval.at),
    }


def _appeal(appeal: Appeal | None) -> dict[str, Any] | None:
    if appeal is None:
        return None
    return {
        "at": moment_json(appeal.at),
        "actor": appeal.actor,
        "role": appeal.role,
        "reason": appeal.reason,
        "dueOn": text_of(appeal.due_on),
    }
