"""What a claim was before it was voided: the claim itself charges and pays nothing any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.decision import Decision
from schemas.money import decimal_of


@dataclass(frozen=True, slots=True)
class Voided:
    """Amounts that a void took back, in minor units."""

    currency: str
    charged: int
    paid: int
    member_share: int

    def as_plain(self) -> dict[str, Any]:
        """For a program; amounts are decimals."""
        amounts = {"charged": self.charged, "paid": self.paid, "member_share": self.member_share}
        return {"currency": self.currency} | {name: decimal_of(one, self.currency) for name, one in amounts.items()}

    @property
    def line(self) -> str:
        """For a person."""
        told = self.as_plain()
        paid, share = f"{told['paid']:,}", f"{told['member_share']:,}"
        return f"it had charged {told['charged']:,}: the plan paid {paid}, members {share} {self.currency}"


def was_voided(decisions: Sequence[Decision], root_id: str) -> Voided | None:
    """What the void of a claim took back, by the decisions of its coverage; None where there was none."""
    ended = [one for one in decisions if one.root_id == root_id and one.substatus == "voided"]
    if not ended:
        return None
    # A reversal negates what was.
    lines = ended[-1].reversal
    charged, paid = -sum(line.charge for line in lines), -sum(line.paid for line in lines)
    return Voided(ended[-1].currency, charged, paid, -sum(line.member_share for line in lines))
