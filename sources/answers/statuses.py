"""What a 277CA says of a claim: category, status code and entity of its STC, for every code that speaks against one.

Category codes: A1 received, A2 accepted for adjudication, A3 returned as unprocessable, A6 rejected for missing, A7 for
invalid information, A8 for information that contradicts other information. Status codes and entity codes are numbers of
X12's public lists; their texts are copyrighted and stay there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from config.limits import ANSWER_LINES_MAX, ANSWER_STATUSES_MAX
from sources.x12.catalog import CATALOG


class Status(NamedTuple):
    """A composite of an STC; `entity` is empty where the status needs none."""

    category: str
    code: str
    entity: str = ""


ACCEPTED = Status("A2", "20")
RECEIVED = Status("A1", "19", "PR")
# An STC has three statuses (STC01, STC10, STC11), and may name the payer in the first alone.
_COMPOSITES, _PAYER = 3, "PR"
# Besides: it is about the claim whose number of ours (REF*F8) it names, and may wait for that one.
ABOUT_ORIGINAL = Status("A1", "464")
# Something is wrong with the claim for which no code of the lists is exact.
UNPROCESSABLE = Status("A3", "481")

# Rules of the front end (agents/rules/front_end.py, agents/rules/identity.py, agents/amendments.py and
# agents/validate.py).
OF_VALIDATE: Mapping[str, Status] = {
    "V-ADMISSION": Status("A7", "189"),
    "V-AFTER-DISCHARGE": Status("A8", "190"),
    "V-BIRTH-DATE": Status("A7", "158", "QC"),
    "V-CODE-FORMAT": Status("A7", "454"),
    "V-CODE-SYSTEM": Status("A7", "454"),
    "V-COVERAGE-NONE": Status("A3", "97", "PR"),
    "V-CURRENCY": Status("A7", "178"),
    "V-CURRENCY-OF-PLAN": Status("A8", "178"),
    "V-DIAGNOSES-MANY": Status("A7", "255"),
    "V-DIAGNOSIS-FORMAT": Status("A7", "255"),
    "V-DIAGNOSIS-MISSING": Status("A6", "255"),
    "V-DISCHARGE": Status("A7", "190"),
    "V-FREQUENCY": Status("A7", "535"),
    "V-LINE-CHARGE": Status("A7", "583"),
    "V-LINE-DATES": Status("A8", "187"),
    "V-LINE-NUMBER": Status("A7", "584"),
    "V-LINE-UNITS": Status("A7", "476"),
    "V-LINES-MISSING": Status("A6", "454"),
    "V-MEMBER-BIRTH-DATE": Status("A7", "158", "QC"),
    "V-MEMBER-SEX": Status("A7", "157", "QC"),
    "V-MEMBER-UNKNOWN": Status("A3", "33"),
    "V-MODIFIER": Status("A7", "453"),
    "V-NPI-CHECK-DIGIT": Status("A7", "562", "85"),
    "V-ORIGINAL-MISSING": Status("A6", "464"),
    "V-ORIGINAL-OTHERS": Status("A3", "464"),
    "V-ORIGINAL-REJECTED": Status("A3", "464"),
    "V-ORIGINAL-VOIDED": Status("A3", "464"),
    "V-OTHER-PAYER-AMOUNT": Status("A8", "672"),
    "V-OTHER-PAYER-GROUP": Status("A7", "521"),
    "V-OTHER-PAYER-LINE": Status("A8", "171"),
    "V-OTHER-PAYERS-MANY": Status("A7", "171"),
    "V-PAYEE-MISSING": Status("A6", "125", "87"),
    "V-PLACE-OF-SERVICE": Status("A7", "249"),
    "V-POINTER": Status("A7", "477"),
    "V-PROVIDER-UNKNOWN": Status("A3", "26", "85"),
    "V-REVENUE-CODE": Status("A7", "455"),
    "V-ROOT-ID": Status("A7", "464"),
    "V-SERVICE-DATES": Status("A7", "187"),
    "V-SERVICE-FUTURE": Status("A7", "510"),
    "V-SERVICE-TOO-OLD": Status("A3", "187"),
    "V-TOTAL-CHARGE": Status("A8", "400"),
}
# Claims that the engine set aside, and one that could not be sent: codes of agents/validate.py, agents/rules/sizes.py
# and of the feed.
OF_SET_ASIDE: Mapping[str, Status] = {
    "wrong_key": UNPROCESSABLE,
    "bad_claim_id": UNPROCESSABLE,
    "bad_time": UNPROCESSABLE,
    "bad_date": Status("A7", "187"),
    "conflict": Status("A3", "478"),
    "too_many_versions": Status("A3", "535"),
    "too_many_waiting": Status("A3", "464"),
    "too_large_waiting": Status("A3", "464"),
    "too_many_lines": Status("A3", "121"),
    "too_many": UNPROCESSABLE,
    "too_long": Status("A7", "512"),
    "CLAIM_TOO_LARGE": Status("A3", "121"),
}


def status_of(code: str) -> Status:
    """Of one code, whoever gave it."""
    row = CATALOG.get(code)
    if row is not None and row.status is not None:
        return Status(*row.status)
    return OF_VALIDATE.get(code) or OF_SET_ASIDE.get(code) or UNPROCESSABLE


def statuses_of(codes: Iterable[str]) -> tuple[Status, ...]:
    """Of all codes against a claim, each status once, at most ANSWER_STATUSES_MAX; never none."""
    found = tuple(dict.fromkeys(status_of(code) for code in codes))
    return found[:ANSWER_STATUSES_MAX] or (UNPROCESSABLE,)


def statuses_of_lines(codes: Mapping[int, Sequence[str]]) -> tuple[tuple[int, tuple[Status, ...]], ...]:
    """The same of lines by their numbers, of the first ANSWER_LINES_MAX."""
    return tuple((number, statuses_of(codes[number])) for number in sorted(codes)[:ANSWER_LINES_MAX])


def by_segment(statuses: Iterable[Status]) -> list[list[Status]]:
    """Statuses as STC segments have room for them."""
    found: list[list[Status]] = []
    for status in statuses:
        if not found or len(found[-1]) == _COMPOSITES or status.entity == _PAYER:
            found.append([])
        found[-1].append(status)
    return found


def composite(status: Status) -> str:
    """A status as an element."""
    return ":".join(part for part in status if part)
