"""Room classes of inpatient stays: the room is paid up to the entitled class, a better room may reduce the whole stay.

Indonesian market practice (no regulation sets it; policies call it prorata): the daily limit of the entitled class
bounds room and board, whichever room was taken. Where the plan says pro rata, a better class than the entitled one
reduces every line of the stay by entitled daily amount / actual daily room charge, since hospitals charge all services
by class. The excess is the patient's: CARC 78, group PR.
"""

from collections.abc import Sequence

from agents.lines import OpenLine, amount_text, units_text
from schemas.claim import SubmittedClaim
from schemas.envelope import Adjustment
from schemas.money import round_half_up
from schemas.reference import Plan, RoomClass

RULE = "P-ROOM-CLASS"


def limit_rooms(lines: Sequence[OpenLine], claim: SubmittedClaim, plan: Plan) -> None:
    """Reduce allowed amounts to the class of rooms that the plan entitles to."""
    rooms = [one for one in lines if one.benefit.room]
    entitled = _class_of(plan.room_class, plan)
    if not rooms or entitled is None or entitled.daily_amount is None:
        return
    daily = entitled.daily_amount
    taken = _class_of(claim.room_class, plan)
    if plan.room_pro_rata and taken is not None and taken.rank > entitled.rank:
        _whole_stay(lines, rooms, daily, plan)
        return
    for one in rooms:
        limit = round_half_up(daily * one.units_milli, 1000)
        detail = f"class {entitled.name}: {amount_text(daily, plan.currency)} x {units_text(one.units_milli)} days"
        _limit(one, limit, detail)


def _class_of(name: str | None, plan: Plan) -> RoomClass | None:
    if name is None:
        return None
    return next((one for one in plan.room_classes if one.name == name), None)


def _whole_stay(lines: Sequence[OpenLine], rooms: Sequence[OpenLine], daily: int, plan: Plan) -> None:
    """Every line times the entitled amount of the room's days over what the room was charged."""
    charged = sum(room.covered for room in rooms)
    days_milli = sum(room.units_milli for room in rooms)
    # Thousandths on both sides: entitled / charged is (daily x days) / room charge.
    entitled = daily * days_milli
    if entitled >= charged * 1000:
        return
    detail = f"pro rata {amount_text(daily, plan.currency)} x {units_text(days_milli)} days / "
    detail += amount_text(charged, plan.currency)
    for one in lines:
        _limit(one, round_half_up(one.allowed * entitled, charged * 1000), detail)


def _limit(one: OpenLine, allowed: int, detail: str) -> None:
    if allowed < one.allowed:
        one.reduce(allowed, Adjustment("PR", "78", one.allowed - allowed, RULE, None), detail)
