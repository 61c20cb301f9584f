"""What is left of an authorization: units and money that it grants are counted down over the claims of the member.

CARC 198, group CO: the provider went beyond what was authorized. Counted are paid units and allowed amounts, whatever
the member's share of them.
"""

from collections.abc import Iterable, Mapping

from agents.ledger import Ledger, authorization_account
from agents.lines import OpenLine, amount_text, units_text
from agents.periods import LIFETIME
from schemas.envelope import Adjustment, Finding, Grant

RULE = "P-AUTHORIZATION-USED"


def grants_by_number(grants: Iterable[Grant]) -> dict[str, Grant]:
    """Grants by the number of their authorization."""
    return {grant.authorization_number: grant for grant in grants}


def limit_units(one: OpenLine, grants: Mapping[str, Grant], member_id: str, ledger: Ledger) -> None:
    """Deny units of the line beyond those that its authorization has left; nothing is entered yet."""
    grant = grants.get(one.authorization_number or "")
    if grant is None or grant.units_milli is None:
        return
    number = grant.authorization_number
    used = ledger.used(authorization_account(number, "units"), member_id, LIFETIME)
    over = min(one.units_milli, one.units_milli - max(0, grant.units_milli - used))
    if over > 0:
        text = f"authorization {number} grants {units_text(grant.units_milli)} units, {units_text(used)} were used"
        one.take(over, one.units_milli, "CO", "198", RULE, text, f"an authorization for {units_text(over)} more units")


def enter_units(one: OpenLine, grants: Mapping[str, Grant], member_id: str, ledger: Ledger) -> None:
    """Enter the units of the line that are left."""
    grant = grants.get(one.authorization_number or "")
    if grant is not None and grant.units_milli is not None:
        account = authorization_account(grant.authorization_number, "units")
        ledger.enter(one.line.line_number, account, member_id, LIFETIME, one.units_milli)


def limit_money(one: OpenLine, grants: Mapping[str, Grant], member_id: str, ledger: Ledger, currency: str) -> None:
    """Lower the allowed amount to the money that the authorization has left, and enter it."""
    grant = grants.get(one.authorization_number or "")
    if grant is None or grant.amount is None:
        return
    number = grant.authorization_number
    account = authorization_account(number, "amount")
    used = ledger.used(account, member_id, LIFETIME)
    left = max(0, grant.amount - used)
    if one.allowed > left:
        over = one.allowed - left
        granted, before = amount_text(grant.amount, currency), amount_text(used, currency)
        text = f"authorization {number} grants {granted}, {before} was used"
        remedy = f"an authorization for {amount_text(over, currency)} more"
        one.findings.append(Finding(RULE, one.place, text, remedy))
        one.reduce(left, Adjustment("CO", "198", over, RULE, None), text)
    ledger.enter(one.line.line_number, account, member_id, LIFETIME, one.allowed)
