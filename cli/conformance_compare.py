"""What a case expects against what the engine came to: differences in words and money."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from cli.conformance_cases import Case, CaseError, listed, refuse_unknown
from schemas.decision import DecidedLine, Decision
from schemas.envelope import Adjustment, Finding
from schemas.money import MoneyError, decimal_of, minor_of

# Values of a decision, and of a line: words as they are, money in the case's currency, quantities of units.
CLAIM_WORDS = ("status", "substatus", "version")
CLAIM_MONEY = ("charged", "allowed", "paid", "member_share", "paid_out")
LINE_WORDS = {"verdict": "verdict", "benefit": "benefit_id", "authorization": "authorization_number"}
LINE_MONEY = ("charge", "allowed", "paid", "member_share", "other_paid")
LINE_UNITS = {"units": "units_milli", "units_denied": "units_denied_milli"}
LINE = frozenset({*LINE_WORDS, *LINE_MONEY, *LINE_UNITS, "adjustments", "quantities", "findings"})
OF_DECISION = frozenset({*CLAIM_WORDS, *CLAIM_MONEY, "findings", "pend", "lines", "reversal"})
PEND = frozenset({"queue", "code", "reason"})


class Money(NamedTuple):
    """Amounts of a case as a person reads them."""

    case: Case

    def minor(self, text: str) -> int:
        """Minor units of an amount of the case."""
        try:
            return minor_of(text, self.case.currency)
        except MoneyError as error:
            raise CaseError(f"{self.case.place}: {text!r}: {error}") from error

    def shown(self, minor: int) -> str:
        """An amount with its currency."""
        return f"{decimal_of(minor, self.case.currency):,} {self.case.currency}"


def differences(expect: Mapping[str, Any], decision: Decision, money: Money) -> Iterator[str]:
    """Where a decision is not what is expected of it; names that mean nothing to a decision are not looked at."""
    for name in CLAIM_WORDS:
        if name in expect and expect[name] != str(getattr(decision, name)):
            yield _unlike(name, getattr(decision, name), expect[name])
    for name in CLAIM_MONEY:
        if name in expect:
            yield from _money(name, getattr(decision, name), expect[name], money)
    if "findings" in expect:
        lines = [finding for line in decision.lines for finding in line.findings]
        yield from _findings(expect["findings"], [*decision.findings, *lines])
    if "pend" in expect:
        yield from _pend(expect["pend"], decision, money.case)
    for name, found in (("lines", decision.lines), ("reversal", decision.reversal)):
        for number, wanted in (expect.get(name) or {}).items():
            yield from _line(f"{name[:-1] if name == 'lines' else name} {number}", wanted, number, found, money)


def _line(place: str, wanted: Any, number: str, lines: Sequence[DecidedLine], money: Money) -> Iterator[str]:
    line = next((one for one in lines if str(one.line_number) == number), None)
    if line is None:
        yield f"{place} is not there"
        return
    refuse_unknown(wanted, LINE, f"{money.case.place}, {place}")
    for name, field in LINE_WORDS.items():
        if name in wanted and wanted[name] != str(getattr(line, field)):
            yield f"{place}: {_unlike(name, getattr(line, field), wanted[name])}"
    for name in LINE_MONEY:
        if name in wanted:
            for text in _money(name, getattr(line, name), wanted[name], money):
                yield f"{place}: {text}"
    for name, field in LINE_UNITS.items():
        if name in wanted and _thousandths(wanted[name], money.case) != getattr(line, field):
            yield f"{place}: {_unlike(name, Decimal(getattr(line, field)) / 1000, wanted[name])}"
    if "adjustments" in wanted:
        for text in _adjustments(wanted["adjustments"] or {}, line, money):
            yield f"{place}: {text}"
    if "quantities" in wanted:
        for text in _quantities(wanted["quantities"], line, money.case):
            yield f"{place}: {text}"
    if "findings" in wanted:
        for text in _findings(wanted["findings"], line.findings):
            yield f"{place}: {text}"


def _adjustments(wanted: Mapping[str, str], line: DecidedLine, money: Money) -> Iterator[str]:
    """All adjustments of a line by group and reason: none missing, none more."""
    found = _by_code(line.adjustments, lambda one: one.amount)
    expected = {code: money.minor(amount) for code, amount in wanted.items()}
    for code in [*expected, *(code for code in found if code not in expected)]:
        have, want = found.get(code, 0), expected.get(code, 0)
        if have != want:
            yield f"{code} is {money.shown(have)}, expected {money.shown(want)} ({money.shown(have - want)} off)"


def _quantities(wanted: Mapping[str, str], line: DecidedLine, case: Case) -> Iterator[str]:
    found = _by_code(line.adjustments, lambda one: one.quantity_milli or 0)
    for code, units in wanted.items():
        if found.get(code, 0) != _thousandths(units, case):
            yield _unlike(f"quantity of {code}", Decimal(found.get(code, 0)) / 1000, units)


def _by_code(adjustments: Sequence[Adjustment], value: Callable[[Adjustment], int]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in adjustments:
        found[f"{one.group}-{one.reason}"] += value(one)
    return found


def _findings(wanted: Any, found: Sequence[Finding]) -> Iterator[str]:
    codes = [finding.code for finding in found]
    for code in listed(wanted):
        if code not in codes:
            yield f"no finding {code}; there are {', '.join(codes) or 'none'}"


def _pend(wanted: Mapping[str, str], decision: Decision, case: Case) -> Iterator[str]:
    refuse_unknown(wanted, PEND, f"{case.place}, pend")
    pend = decision.pend
    if pend is None:
        yield "it does not wait"
        return
    found = {"queue": pend.queue, "code": pend.code, "reason": f"{pend.group}-{pend.reason}"}
    for name, value in wanted.items():
        if found[name] != value:
            yield _unlike(f"pend {name}", found[name], value)


def _money(name: str, have: int, wanted: str, money: Money) -> Iterator[str]:
    want = money.minor(wanted)
    if have != want:
        yield f"{name} is {money.shown(have)}, expected {money.shown(want)} ({money.shown(have - want)} off)"


def _unlike(name: str, have: object, wanted: object) -> str:
    return f"{name} is {have}, expected {wanted}"


def _thousandths(text: str, case: Case) -> int:
    try:
        return int(Decimal(text) * 1000)
    except InvalidOperation:
        raise CaseError(f"{case.place}: {text!r} is no quantity") from None
