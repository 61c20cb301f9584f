"""The payer of a case: its inline reference data with small defaults, written as a folder and read as one.

A case says only what matters to it. The defaults: member M1 of coverage FAM, covered since 2015 by the first plan;
providers P1 and P2 in network NET and OUT in none; a plan PLAN with one benefit that pays everything; fees in schedule
FEES, which the plans then use; a contract of P1.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from cli.conformance_cases import Case, CaseError
from sources.offline.start import Start, start_of
from sources.reference.authorizations import authorizations_of
from sources.reference.problems import Problems, ReferenceDataError

if TYPE_CHECKING:
    from schemas.codec import Codec
    from schemas.events import AuthorizationEvent

SINCE = "2015-01-01"
SCHEDULE = "FEES"
COVERAGE = "FAM"
FIRST_MEMBER = "M1"
FIRST_PROVIDER = "P1"
PROVIDERS = {"P1": "1234567893", "P2": "1000000012", "OUT": "1000000004"}
Rows = list[dict[str, Any]]


def payer_of(case: Case, codec: "Codec") -> Start:
    """Reference data and opening balances of a case. Raises CaseError with all that is wrong with them."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as name:
        folder = Path(name)
        for file, rows in rows_of(case).items():
            _write(folder, file, rows)
        try:
            return start_of(folder, None, codec)
        except ReferenceDataError as error:
            raise CaseError(f"{case.place}, reference: {_without(error, folder)}") from error


def authorization_of(row: Mapping[str, Any], case: Case, start: Start) -> "AuthorizationEvent":
    """An authorization that arrives in the course of a case, in the words of the reference format."""
    known = start.folder
    problems = Problems()
    with tempfile.TemporaryDirectory(prefix="conformance-") as name:
        folder = Path(name)
        _write(folder, "authorizations", _authorizations([dict(row)], case))
        members = {key.partition("|")[0] for key in known.records["reference.members"]}
        providers = {key.partition("|")[0] for key in known.records["reference.providers"]}
        events = authorizations_of(folder, members, providers, problems)
        try:
            problems.raise_if_any(name)
        except ReferenceDataError as error:
            raise CaseError(f"{case.place}, authorization: {_without(error, folder)}") from error
    return next(iter(events.values()))


def rows_of(case: Case) -> dict[str, Rows]:
    """The files of the folder, by name."""
    given = case.reference
    members = _members(given)
    plans = _plans(given, case.currency)
    rows: dict[str, Rows] = {
        "members": members,
        "coverages": _coverages(given, members, plans),
        "providers": _providers(given),
        "networks": _networks(given),
        "plans": plans,
        "fees": _fees(given, case.currency),
        "contracts": [
            _contract(row, number, case.currency) for number, row in enumerate(_given(given, "contracts"), 1)
        ],
        "edits": [_edit(row, number, case.currency) for number, row in enumerate(_given(given, "edits"), 1)],
        "authorizations": _authorizations(_given(given, "authorizations"), case),
        "history": [{**_earlier_line(case), **row} for row in _given(given, "history")],
        "opening": [{"coverage_id": COVERAGE, **row} for row in case.opening],
    }
    return {file: listed for file, listed in rows.items() if listed}


def first_member(case: Case) -> str:
    """The member whom a claim is about that names none."""
    return str(_members(case.reference)[0]["member_id"])


def _given(reference: Mapping[str, Any], file: str) -> Rows:
    return [dict(row) for row in reference.get(file) or ()]


def _members(reference: Mapping[str, Any]) -> Rows:
    rows = reference.get("members") or [FIRST_MEMBER]
    named = [{"member_id": row} if isinstance(row, str) else dict(row) for row in rows]
    return [
        {
            "name": f"Member {row.get('member_id')}",
            "birth_date": "1985-06-15",
            "sex": "F",
            "relationship": "self" if number == 0 else "other",
            **row,
        }
        for number, row in enumerate(named)
    ]


def _coverages(reference: Mapping[str, Any], members: Rows, plans: Rows) -> Rows:
    """A row that names no member is for all of them; a member without a row is covered throughout."""
    default = {"coverage_id": COVERAGE, "plan_id": plans[0]["plan_id"], "effective_from": SINCE}
    given = _given(reference, "coverages")
    rows = [
        {**default, "member_id": member["member_id"], **row}
        for row in given
        for member in members
        if row.get("member_id", member["member_id"]) == member["member_id"]
    ]
    named = {row["member_id"] for row in rows}
    rows += [{**default, "member_id": one["member_id"]} for one in members if one["member_id"] not in named]
    return rows


def _providers(reference: Mapping[str, Any]) -> Rows:
    rows = _given(reference, "providers")
    named = {row.get("provider_id") for row in rows}
    defaults = [
        {"provider_id": name, "identifiers": f"npi:{npi}"} for name, npi in PROVIDERS.items() if name not in named
    ]
    return [{"name": f"Provider {row.get('provider_id')}", "kind": "clinic", **row} for row in (*defaults, *rows)]


def _networks(reference: Mapping[str, Any]) -> Rows:
    rows = _given(reference, "networks")
    named = {row.get("provider_id") for row in rows}
    defaults = [{"provider_id": name, "network_id": "NET"} for name in ("P1", "P2") if name not in named]
    return [{"effective_from": SINCE, **row} for row in (*defaults, *rows)]


def _plans(reference: Mapping[str, Any], currency: str) -> Rows:
    default = {
        "plan_id": "PLAN",
        "name": "A plan",
        "payer_id": "PAYER",
        "currency": currency,
        "network_id": "NET",
        "effective_from": SINCE,
        "benefits": [{"benefit_id": "care"}],
    }
    if reference.get("fees"):
        default["fee_schedule_id"] = SCHEDULE
    return [{**default, **row} for row in _given(reference, "plans") or [{}]]


def _fees(reference: Mapping[str, Any], currency: str) -> Rows:
    """Rows, or a mapping from procedure code to amount."""
    fees = reference.get("fees") or ()
    if isinstance(fees, Mapping):
        fees = [{"service_code": code, "amount": amount} for code, amount in fees.items()]
    default = {"fee_schedule_id": SCHEDULE, "code_system": "HC", "currency": currency, "effective_from": SINCE}
    return [{**default, **row} for row in fees]


def _contract(row: Mapping[str, Any], number: int, currency: str) -> dict[str, Any]:
    party = {} if "network_id" in row else {"provider_id": FIRST_PROVIDER}
    return {"contract_id": f"CONTRACT-{number}", "currency": currency, "effective_from": SINCE, **party, **row}


def _edit(row: Mapping[str, Any], number: int, currency: str) -> dict[str, Any]:
    money = {"currency": currency} if "amount" in row else {}
    return {"edit_id": f"EDIT-{number}", "severity": "deny", "effective_from": SINCE, **money, **row}


def _earlier_line(case: Case) -> dict[str, Any]:
    member, currency = first_member(case), case.currency
    return {"member_id": member, "provider_id": FIRST_PROVIDER, "code_system": "HC", "currency": currency}


def _authorizations(rows: Sequence[Mapping[str, Any]], case: Case) -> Rows:
    return [
        {"member_id": first_member(case), **({"currency": case.currency} if "amount" in row else {}), **row}
        for row in rows
    ]


def _write(folder: Path, file: str, rows: Rows) -> None:
    (folder / f"{file}.yaml").write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")


def _without(error: ReferenceDataError, folder: Path) -> str:
    """The message without the name of a folder that nobody ever sees."""
    return str(error).replace(str(folder), "the inline records").replace(folder.name, "the inline records")
