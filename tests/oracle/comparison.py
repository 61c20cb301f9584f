"""What the chain decided otherwise than the oracle: one line for each difference, none when they agree."""

import re
from collections.abc import Iterable, Mapping

from agents.tables import BALANCES
from schemas import topics
from schemas.decision import DecidedLine, Decision
from schemas.reference import Plan
from schemas.state import Balances
from streams.driver import Driver
from tests.oracle.book import Book
from tests.oracle.figures import ANY, FAMILY, Row, Version

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ENDS = ("voided", "replaced")


def differences(book: Book, chain: Driver) -> list[str]:
    """Every difference in outcome, lines, front-end rejections and final balances."""
    decisions: dict[tuple[str, int], list[Decision]] = {}
    for decision in chain.read(topics.CLAIMS_DECIDED):
        decisions.setdefault((decision.claim_id, decision.version), []).append(decision)
    found = []
    for version in book.all():
        number = version.claim.claim_control_number
        made = decisions.get((version.claim.claim_id, version.number), [])
        found += [f"claim {number} version {version.number}: {text}" for text in _version(version, made)]
    rejected = {one.claim_id for one in chain.read(topics.CLAIMS_REJECTED)}
    if rejected != book.rejected:
        found.append(f"rejected at the front end: {sorted(rejected)}, expected {sorted(book.rejected)}")
    expected, stored = balances_of(book), stored_balances(book, chain)
    keys = sorted(expected.keys() | stored.keys())
    return found + [
        f"balance {key}: {stored.get(key, 0)}, expected {expected.get(key, 0)}"
        for key in keys
        if stored.get(key, 0) != expected.get(key, 0)
    ]


def _version(version: Version, made: list[Decision]) -> Iterable[str]:
    live = [one for one in made if one.substatus not in ENDS]
    if not live:
        yield "no decision"
        return
    if version.ended and made[-1].substatus != version.ended:
        yield f"is {made[-1].substatus}, expected {version.ended}"
    if not version.ended and made[-1].substatus in ENDS:
        yield f"is {made[-1].substatus}, expected {version.outcome}"
    decided = live[-1]
    if decided.substatus != version.outcome:
        yield f"was {decided.substatus}, expected {version.outcome}"
    elif version.outcome != "pended":
        for row, line in zip(version.rows, decided.lines, strict=True):
            yield from (f"line {line.line_number}: {text}" for text in _line(row, line))


def _line(row: Row, line: DecidedLine) -> Iterable[str]:
    reasons = adjustments_of(line)
    if row.denied != (line.verdict == "denied"):
        yield f"{line.verdict} {reasons}, expected {'denied ' + str(row.denials) if row.denied else row.adjustments}"
        return
    if row.denied:
        if ANY in row.denials:
            if line.paid or sum(reasons.values()) != line.charge:
                yield f"denied by a person, but {line.paid} paid and {reasons}"
        elif line.paid or not any(reasons == _denied_for(reason, row) for reason in row.denials):
            yield f"denied with {reasons}, expected {row.adjustments} and one of {row.denials}"
        return
    given = (line.allowed, line.paid, reasons)
    wanted = (row.allowed, row.paid, {reason: row.adjustments[reason] for reason in sorted(row.adjustments)})
    if given != wanted:
        yield f"allowed, paid, adjustments {given}, expected {wanted}"


def _denied_for(reason: str, row: Row) -> dict[str, int]:
    """Units that went before, and the rest of the charge for the reason of the denial."""
    sums = {**row.adjustments, reason: row.adjustments.get(reason, 0) + row.covered}
    return {key: sums[key] for key in sorted(sums) if sums[key]}


def adjustments_of(line: DecidedLine) -> dict[str, int]:
    """Adjustments summed by group and reason, those of 0 left out."""
    sums: dict[str, int] = {}
    for one in line.adjustments:
        key = f"{one.group}-{one.reason}"
        sums[key] = sums.get(key, 0) + one.amount
    return {key: sums[key] for key in sorted(sums) if sums[key]}


def balances_of(book: Book) -> Mapping[str, int]:
    """The oracle's balances that a limit of the plan reads, by coverage, period, account and who."""
    sums: dict[str, int] = {}
    for version in book.all():
        for account, who, when, amount in version.postings:
            if limited(book.payer.plan, account, who) and amount and not when.startswith("claim "):
                key = f"{version.coverage}:{when}:{account}:{who}"
                sums[key] = sums.get(key, 0) + amount
    return sums


def stored_balances(book: Book, chain: Driver) -> Mapping[str, int]:
    """The same from the state of the stage price."""
    sums = {}
    for key, value in chain.stores["price"].data.items():
        if key.startswith(BALANCES.prefix):
            coverage, _, period = key[len(BALANCES.prefix) :].decode().rpartition(":")
            for name, amount in chain.codec.decode(Balances, value).amounts.items():
                account, when, who = _read(name, period)
                if limited(book.payer.plan, account, who) and amount:
                    sums[f"{coverage}:{when}:{account}:{who}"] = amount
    return sums


def _read(name: str, period: str) -> tuple[str, str, str]:
    """Account, when and who of a balance; one of a limit of a day names its day."""
    account, _, who = name.removeprefix("limit:").rpartition(":")
    limit, _, day = account.rpartition(":")
    return (limit, day, who) if DAY.fullmatch(day) else (account, period, who)


def limited(plan: Plan, account: str, who: str) -> bool:
    """Whether a limit of the plan reads this balance; what else an engine counts is its own affair."""
    if account == "deductible":
        own = plan.deductible_individual and plan.deductible_family_limit == "embedded"
        return bool(plan.deductible_family if who == FAMILY else own)
    if account == "out_of_pocket":
        own_maximum = plan.out_of_pocket_individual is not None and plan.out_of_pocket_family_limit == "embedded"
        return plan.out_of_pocket_family is not None if who == FAMILY else own_maximum
    return account.startswith("authorization:") or any(limit.limit_id == account for limit in plan.limits)
