"""The accounts of the trial balance: what a decision says of the money of its lines, by account.

`charged` is what was billed, `paid` what the plan pays, and one account for each group and reason (`CO-45`, `PR-1`)
takes what was adjusted; so charged = paid + adjusted holds for any sum of decisions (the claim balancing rule of
the X12 835 remittance: charge less payment is the sum of the adjustments).

A decision posts the accounts of its lines less what it supersedes: the last word on a claim is what stands.
"""

from collections.abc import Iterable, Mapping

from schemas.decision import AccountAmount, DecidedLine, Decision

CHARGED = "charged"
PAID = "paid"


def accounts_of(lines: Iterable[DecidedLine]) -> dict[str, int]:
    """Minor units by account in the order of their names; accounts of 0 are left out."""
    charged = paid = 0
    adjusted: dict[str, int] = {}
    for line in lines:
        charged += line.charge
        paid += line.paid
        for adjustment in line.adjustments:
            account = f"{adjustment.group}-{adjustment.reason}"
            adjusted[account] = adjusted.get(account, 0) + adjustment.amount
    # Capital letters sort before small ones: the groups come first, then charged and paid.
    made = {account: adjusted[account] for account in sorted(adjusted) if adjusted[account]}
    if charged:
        made[CHARGED] = charged
    if paid:
        made[PAID] = paid
    return made


def amounts_of(accounts: Mapping[str, int]) -> tuple[AccountAmount, ...]:
    """Accounts as a decision carries them in `superseded`."""
    return tuple(AccountAmount(account, amount) for account, amount in accounts.items())


def posted_by(decision: Decision) -> dict[str, int]:
    """What a decision changes in the trial balance: the accounts of its lines less what it supersedes."""
    posted = accounts_of(decision.lines)
    if not decision.superseded:
        return posted
    for gone in decision.superseded:
        posted[gone.account] = posted.get(gone.account, 0) - gone.amount
    return {account: posted[account] for account in sorted(posted) if posted[account]}


def difference(accounts: Mapping[str, int]) -> int:
    """Charged less paid less adjusted, which must be 0."""
    adjusted = sum(amount for account, amount in accounts.items() if account not in (CHARGED, PAID))
    return accounts.get(CHARGED, 0) - accounts.get(PAID, 0) - adjusted
