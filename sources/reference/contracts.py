"""What providers and networks are paid, from contracts.yaml; the file may be absent.

Without a contract a plan's own fee schedule and lesser-of count.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple, get_args

from schemas.dates import text_of
from schemas.reference import Contract, ContractTerm
from schemas.vocabulary import Method
from sources.reference.benefits import FORMS, SERVICE_TYPES
from sources.reference.entries import entries_of
from sources.reference.fields import Fields
from sources.reference.patterns import patterns_of
from sources.reference.people import Terms
from sources.reference.problems import Problems
from sources.reference.rows import Columns, Row, rows_of

CONTRACTS = Columns(
    ("contract_id", "currency", "effective_from", "terms"),
    (
        "provider_id", "network_id", "plan_ids", "effective_to", "lesser_of", "multiple_procedure_codes",
        "multiple_procedure_rates",
    ),
)  # fmt: skip
TERMS = Columns(
    ("term_id", "method"),
    ("service_types", "forms", "codes", "drgs", "amount", "rate", "fee_schedule_id", "carve_out"),
)
METHODS: tuple[Method, ...] = get_args(Method)
# What a method needs, and what it may have besides; the rest is refused.
NEEDED: Mapping[Method, str | None] = {
    "fee_schedule": None,
    "per_diem": "amount",
    "case_rate": "amount",
    "percent_of_charge": "rate",
    "per_visit": "amount",
}
TERMS_MAX = 500
PLANS_MAX = 200
RANKS_MAX = 20

ContractKey = tuple[str, int]


class Known(NamedTuple):
    """What contracts and edits may name: providers, networks, plans with their terms, fee schedules with currency."""

    providers: Collection[str]
    networks: Collection[str]
    plans: Mapping[str, Terms]
    schedules: Mapping[str, str]


def contracts_of(folder: Path, known: Known, problems: Problems) -> dict[ContractKey, Contract]:
    """Contracts by id and first day."""
    found: dict[ContractKey, Contract] = {}
    by_id: dict[str, list[Contract]] = defaultdict(list)
    by_party: dict[tuple[str, str], list[Contract]] = defaultdict(list)
    for row in rows_of(folder, "contracts", CONTRACTS, problems, needed=False):
        fields = Fields(row, problems)
        contract = _contract(fields, row, known, problems)
        _refuse_unknown(contract, known, fields)
        _refuse_clash(contract, by_id[contract.contract_id], fields)
        party = (contract.provider_id or "", contract.network_id or "")
        _refuse_rivals(contract, by_party[party], fields)
        by_id[contract.contract_id].append(contract)
        by_party[party].append(contract)
        found[(contract.contract_id, contract.effective_from)] = contract
    return found


def _contract(fields: Fields, row: Row, known: Known, problems: Problems) -> Contract:
    currency = fields.currency("currency")
    first_day, last_day = fields.period()
    codes = patterns_of(fields, "multiple_procedure_codes")
    rates = fields.rates("multiple_procedure_rates", RANKS_MAX)
    if bool(codes) != bool(rates):
        lacking = "rates" if codes else "codes"
        fields.bad(f"multiple_procedure_{lacking}", "is empty; a reduction needs its codes and its rates by rank")
    terms = _terms(row, currency, known, problems)
    if any(term.carve_out for term in terms) and not any(term.method == "case_rate" for term in terms):
        fields.bad("terms", "a carve_out is priced apart from a case_rate, and no term is one; leave carve_out out")
    return Contract(
        release=0,
        removed=False,
        contract_id=fields.id("contract_id"),
        provider_id=fields.id("provider_id") or None,
        network_id=fields.id("network_id") or None,
        plan_ids=fields.ids("plan_ids", PLANS_MAX),
        currency=currency,
        effective_from=first_day,
        effective_to=last_day,
        lesser_of=fields.flag("lesser_of", default=True),
        multiple_procedure_codes=codes,
        multiple_procedure_rates=rates,
        terms=terms,
    )


def _terms(row: Row, currency: str, known: Known, problems: Problems) -> tuple[ContractTerm, ...]:
    terms: dict[str, ContractTerm] = {}
    for fields in entries_of(row, "terms", TERMS, TERMS_MAX, problems):
        term = ContractTerm(
            term_id=fields.id("term_id"),
            service_types=fields.words("service_types", SERVICE_TYPES),
            forms=fields.words("forms", FORMS),
            codes=patterns_of(fields),
            drgs=patterns_of(fields, "drgs"),
            method=fields.word("method", METHODS),
            amount=fields.amount_or_none("amount", currency),
            rate=fields.rate_or_none("rate"),
            fee_schedule_id=fields.id("fee_schedule_id") or None,
            carve_out=fields.flag("carve_out", default=False),
        )
        if term.term_id in terms:
            fields.bad("term_id", f"{term.term_id} stands twice in this contract")
        _refuse_method(term, fields)
        if term.fee_schedule_id is not None:
            refuse_currency(fields, "fee_schedule_id", term.fee_schedule_id, known.schedules, "fees", currency)
        terms[term.term_id] = term
    return tuple(terms.values())


def _refuse_method(term: ContractTerm, fields: Fields) -> None:
    """Each method has what it needs and nothing that it would not look at."""
    needed = NEEDED[term.method]
    for column in ("amount", "rate", "fee_schedule_id"):
        if column == needed and not fields.given(column):
            fields.bad(column, f"is empty; the method {term.method} needs one")
        optional = column == "fee_schedule_id" and term.method == "fee_schedule"
        if column != needed and not optional and fields.given(column):
            fields.bad(column, f"means nothing to the method {term.method}; leave it out")
    if term.carve_out and term.method == "case_rate":
        fields.bad("carve_out", "is priced apart from a case rate and cannot be one; choose another method")


def _refuse_unknown(contract: Contract, known: Known, fields: Fields) -> None:
    if (contract.provider_id is None) == (contract.network_id is None):
        fields.bad("provider_id", "a contract is for one provider_id or one network_id; give one of the two")
    if contract.provider_id is not None and known.providers and contract.provider_id not in known.providers:
        fields.bad("provider_id", f"{contract.provider_id} is not in providers")
    if contract.network_id is not None and known.networks and contract.network_id not in known.networks:
        fields.bad("network_id", f"{contract.network_id} has no provider in networks")
    currencies = {plan_id: terms.currency for plan_id, terms in known.plans.items()}
    for plan_id in contract.plan_ids:
        refuse_currency(fields, "plan_ids", plan_id, currencies, "plans", contract.currency)


def refuse_currency(
    fields: Fields, column: str, name: str, currencies: Mapping[str, str], file: str, currency: str | None
) -> None:
    """What a row names must be in its file, and in the row's currency where it has one."""
    if not currencies:
        return  # The file as a whole is the problem.
    other = currencies.get(name)
    if other is None:
        fields.bad(column, f"{name} is not in {file}")
    elif currency is not None and other != currency:
        fields.bad(column, f"{name} is in {other}, this row in {currency}")


def _refuse_clash(contract: Contract, others: list[Contract], fields: Fields) -> None:
    """Versions of a contract follow one another: a later one ends an open one."""
    for other in others:
        earlier, later = sorted((contract, other), key=lambda one: one.effective_from)
        begin = text_of(earlier.effective_from)
        if later.effective_from == earlier.effective_from:
            fields.bad("effective_from", f"{contract.contract_id} has a version from {begin} already")
        elif earlier.effective_to is not None and later.effective_from <= earlier.effective_to:
            until = text_of(earlier.effective_to)
            fields.bad("effective_from", f"overlaps the version of {contract.contract_id} from {begin} to {until}")


def _refuse_rivals(contract: Contract, others: list[Contract], fields: Fields) -> None:
    """Two contracts of one party for the same plans on the same days: which one counts would be chance."""
    for other in others:
        same_plans = set(contract.plan_ids) & set(other.plan_ids) or not (contract.plan_ids or other.plan_ids)
        meets = (other.effective_to is None or contract.effective_from <= other.effective_to) and (
            contract.effective_to is None or other.effective_from <= contract.effective_to
        )
        if other.contract_id != contract.contract_id and other.currency == contract.currency and same_plans and meets:
            text = f"{other.contract_id} is for the same plans of {contract.provider_id or contract.network_id}"
            fields.bad("effective_from", f"{text} on some of these days; end one, or name other plan_ids")
