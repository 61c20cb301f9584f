"""Member share of a line: deductible, copay, coinsurance, and what an out-of-pocket maximum gives back.

Codes (X12 external code list 139): PR-1 deductible, PR-2 coinsurance, PR-3 copay. An individual limit inside a family's
is embedded; an aggregate one is the family's alone, and an individual amount beside it counts for nothing. The maximum
on out-of-pocket spending applies to the amount that crosses it (45 CFR 156.130): coinsurance is given back first, then
copay, then deductible, of the kinds that count. A cap of coinsurance a claim is what Indonesian plans must have
(SEOJK 7/SEOJK.05/2025: at most Rp 300,000 outpatient and Rp 3,000,000 inpatient unless agreed otherwise).
"""

from fractions import Fraction

from agents.ledger import DEDUCTIBLE, FAMILY, OUT_OF_POCKET, Ledger
from agents.lines import OpenLine, amount_text
from schemas.claim import SubmittedClaim
from schemas.dates import text_of
from schemas.money import ratio_of, round_half_up
from schemas.reference import Plan
from schemas.vocabulary import ShareKind

ALL_KINDS: tuple[ShareKind, ...] = ("deductible", "copay", "coinsurance")


class Shares:
    """The share settings of a plan while one claim is priced, and what its lines took so far."""

    __slots__ = (
        "_cap",
        "_coinsured",
        "_copays",
        "_counts_all",
        "_deductible",
        "_ledger",
        "_maximum",
        "_member_id",
        "_plan",
    )

    def __init__(self, plan: Plan, claim: SubmittedClaim, member_id: str, ledger: Ledger) -> None:
        self._plan = plan
        self._member_id = member_id
        self._ledger = ledger
        # 0 is no deductible, None no maximum.
        aggregate = plan.deductible_family_limit == "aggregate" and plan.deductible_family
        self._deductible = 0 if aggregate else plan.deductible_individual
        aggregate = plan.out_of_pocket_family_limit == "aggregate" and plan.out_of_pocket_family is not None
        self._maximum = None if aggregate else plan.out_of_pocket_individual
        self._counts_all = plan.out_of_pocket_counts == ALL_KINDS
        self._copays: dict[tuple[str, int], int] = {}
        self._cap = None
        self._coinsured = 0
        for cap in plan.coinsurance_caps:
            if not cap.service_types or claim.service_type in cap.service_types:
                self._cap = cap.amount
                break

    def take(self, one: OpenLine, recognised: int) -> None:
        """Set the parts of the member's share of what is recognised, and what the plan pays."""
        plan, benefit = self._plan, one.benefit
        one.paid = recognised
        copay_first = plan.share_order == "copay_first"
        if benefit.copay and copay_first:
            self._take_copay(one)
        if benefit.deductible_applies:
            self._take_deductible(one)
        if benefit.copay and not copay_first:
            self._take_copay(one)
        self._take_coinsurance(one)
        if self._maximum is not None or plan.out_of_pocket_family is not None:
            self._give_back(one)
        # What the maximum gave back was not taken: a cap or a copay of a visit or day is charged on for later lines.
        if self._cap is not None:
            self._coinsured += one.coinsurance
        if one.copay and benefit.copay_scope != "line":
            self._count_copay(one)
        assert one.paid + one.deductible + one.copay + one.coinsurance == recognised

    def enter(self, one: OpenLine) -> None:
        """Enter what remains with the member, for member and family."""
        counted = self._counted(one)
        number, period, ledger = one.line.line_number, one.period, self._ledger
        if one.deductible:
            ledger.enter(number, DEDUCTIBLE, self._member_id, period, one.deductible)
            ledger.enter(number, DEDUCTIBLE, FAMILY, period, one.deductible)
        if counted:
            ledger.enter(number, OUT_OF_POCKET, self._member_id, period, counted)
            ledger.enter(number, OUT_OF_POCKET, FAMILY, period, counted)

    def _take_deductible(self, one: OpenLine) -> None:
        plan = self._plan
        left = 0
        if self._deductible:
            left = self._deductible - self._ledger.used(DEDUCTIBLE, self._member_id, one.period)
        if plan.deductible_family:
            family = plan.deductible_family - self._ledger.used(DEDUCTIBLE, FAMILY, one.period)
            left = min(left, family) if self._deductible else family
        deductible = min(left, one.paid)
        if deductible > 0:
            one.deductible = deductible
            one.reduce_payment(one.paid - deductible, "P-DEDUCTIBLE", f"{amount_text(left, plan.currency)} was left")

    def _take_copay(self, one: OpenLine) -> None:
        """The copay of a benefit, charged once for its scope: what one line cannot bear is left for the next."""
        benefit = one.benefit
        scope = benefit.copay_scope
        before = 0
        if scope == "day":
            before = self._ledger.used(_copay_of_day(one), self._member_id, one.period)
        elif scope != "line":
            before = self._copays.get(_copay_of_claim(one), 0)
        copay = min(benefit.copay - before, one.paid)
        if copay <= 0:
            return
        one.copay = copay
        one.reduce_payment(one.paid - copay, "P-COPAY", f"{amount_text(benefit.copay, self._plan.currency)} a {scope}")

    def _count_copay(self, one: OpenLine) -> None:
        """Note what was taken of a copay that is charged once for more than a line."""
        if one.benefit.copay_scope == "day":
            self._ledger.enter(one.line.line_number, _copay_of_day(one), self._member_id, one.period, one.copay)
        else:
            key = _copay_of_claim(one)
            self._copays[key] = self._copays.get(key, 0) + one.copay

    def _take_coinsurance(self, one: OpenLine) -> None:
        rest = one.paid
        rate = self._rate(one)
        if one.tranche is not None:
            exact, detail = self._in_tranches(one, rest, rate)
            coinsurance = round_half_up(exact.numerator, exact.denominator)
        else:
            numerator, denominator = ratio_of(rate)
            coinsurance, detail = round_half_up(rest * numerator, denominator), rate
        if not coinsurance:
            return
        one.reduce_payment(rest - coinsurance, "P-COINSURANCE", detail)
        if self._cap is not None:
            left = max(0, self._cap - self._coinsured)
            if coinsurance > left:
                detail = f"at most {amount_text(self._cap, self._plan.currency)} a claim"
                one.reduce_payment(rest - left, "P-COINSURANCE-CAP", detail)
                coinsurance = left
        one.coinsurance = coinsurance

    def _rate(self, one: OpenLine) -> str:
        """The member's rate: that of the benefit, of the provider's further network, or out of network."""
        benefit, tier = one.benefit, one.tier
        if tier is None:
            given = benefit.out_of_network_coinsurance
            return benefit.coinsurance if given is None else given
        if 0 < tier <= len(benefit.tier_coinsurances):
            return benefit.tier_coinsurances[tier - 1]
        return benefit.coinsurance

    def _in_tranches(self, one: OpenLine, rest: int, rate: str) -> tuple[Fraction, str]:
        """Coinsurance of `rest` by the tranches that the line lies in; past the last the benefit's rate counts.

        Money fills the tranches from below: what deductible and copay took lies below what is left.
        """
        assert one.tranche is not None
        limit, start, size = one.tranche
        end = start + size
        whole = size
        if limit.measure == "money":
            start, whole = end - rest, rest
        exact, details, at = Fraction(0), [], start
        for until, given in (*((tranche.until, tranche.coinsurance) for tranche in limit.tranches), (end, rate)):
            part = min(until, end) - at
            if part > 0:
                exact += Fraction(rest * part, whole) * Fraction(*ratio_of(given))
                details.append(f"{given} up to {until}")
                at += part
        return exact, f"{limit.limit_id}: {', '.join(details)}"

    def _counted(self, one: OpenLine) -> int:
        """What of the share counts toward out-of-pocket."""
        if self._counts_all:
            return one.deductible + one.copay + one.coinsurance
        return sum(getattr(one, kind) for kind in self._plan.out_of_pocket_counts)

    def _give_back(self, one: OpenLine) -> None:
        counted = left = self._counted(one)
        if not counted:
            return
        plan, ledger = self._plan, self._ledger
        if self._maximum is not None:
            left = min(left, self._maximum - ledger.used(OUT_OF_POCKET, self._member_id, one.period))
        if plan.out_of_pocket_family is not None:
            left = min(left, plan.out_of_pocket_family - ledger.used(OUT_OF_POCKET, FAMILY, one.period))
        left = max(0, left)
        if counted > left:
            give_back(one, counted - left, plan.out_of_pocket_counts)
            detail = f"{amount_text(left, plan.currency)} was left, {amount_text(counted, plan.currency)} asked"
            one.reduce_payment(one.paid + counted - left, "P-OOP-MAXIMUM", detail)


def _copay_of_day(one: OpenLine) -> str:
    """Account of a copay of a calendar day of the member, on whichever claims."""
    return f"copay:{one.benefit.benefit_id}:{text_of(one.line.service_from)}"


def _copay_of_claim(one: OpenLine) -> tuple[str, int]:
    """A copay of an admission is one of the claim, one of a visit stands for a day of it."""
    return one.benefit.benefit_id, 0 if one.benefit.copay_scope == "admission" else one.line.service_from


def give_back(one: OpenLine, amount: int, kinds: tuple[ShareKind, ...] = ALL_KINDS) -> None:
    """Take an amount off the member's parts: coinsurance first, then copay, then deductible."""
    if "coinsurance" in kinds:
        back = min(amount, one.coinsurance)
        one.coinsurance -= back
        amount -= back
    if "copay" in kinds:
        back = min(amount, one.copay)
        one.copay -= back
        amount -= back
    if "deductible" in kinds:
        one.deductible -= min(amount, one.deductible)
