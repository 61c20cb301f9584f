"""Does the plan cover the line: its benefit, exclusions, age and sex of the patient, diagnosis, network?

Reason codes (X12 external code list 139): 204 no benefit of the plan for it, 96 not covered, 6 age, 7 sex, 11 the
diagnosis does not fit the service, 242 not by a provider of the network. 204 and 96 are the member's (PR), and so is
242: the plan never promised to pay outside of its network; 6, 7 and 11 are about how the provider coded (CO).
"""

from functools import lru_cache

from agents.contract import Reference
from agents.rules.line_edits import COVERAGE, EditedLine, Hit
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import text_of
from schemas.envelope import Finding
from schemas.reference import Benefit, Member, Plan, Provider
from schemas.vocabulary import GroupCode

REMEMBERED = 65_536


class Patient:
    """Who was treated, and by whom, as the release knows them; looked up when an edit asks."""

    def __init__(self, member_id: str, provider_id: str | None, reference: Reference) -> None:
        self._member_id = member_id
        self._provider_id = provider_id
        self._reference = reference

    def member(self) -> Member:
        """The patient."""
        member = self._reference.member(self._member_id)
        assert member is not None, "validate found this member in the same release"
        return member

    def provider(self) -> Provider | None:
        """The provider; None for one we do not know."""
        return None if self._provider_id is None else self._reference.provider(self._provider_id)


def find_uncovered(edited: EditedLine, claim: SubmittedClaim, plan: Plan, patient: Patient) -> None:
    """Add every edit of coverage that fires, in their order."""
    benefit = edited.benefit
    if plan.excluded_diagnoses:
        _excluded_diagnoses(edited, claim, plan)
    if benefit is None:
        code = edited.line.service_code
        text = f"plan {plan.plan_id} has no benefit for {code} as {claim.service_type}"
        _deny(edited, 0, "PR", "204", "D-NO-BENEFIT", text, f"a service that plan {plan.plan_id} has a benefit for")
        return
    if not benefit.covered:
        text = f"plan {plan.plan_id} excludes {edited.line.service_code} ({benefit.benefit_id})"
        _deny(edited, 0, "PR", "96", "D-EXCLUDED", text, f"a service that plan {plan.plan_id} does not exclude")
        return
    if benefit.age_from is not None or benefit.age_to is not None:
        _age(edited, benefit, patient)
    if benefit.sex is not None:
        _sex(edited, benefit, patient)
    if benefit.diagnoses:
        _diagnosis(edited, benefit, claim)
    if benefit.network_only:
        _network(edited, benefit, plan, patient)


def pointed(line: ClaimLine, claim: SubmittedClaim) -> tuple[str, ...]:
    """Codes of the diagnoses that the line points to in its order; of a line that points to none, the principal one."""
    if line.diagnosis_pointers:
        return tuple(claim.diagnoses[pointer - 1].code for pointer in line.diagnosis_pointers)
    principal = next((one for one in claim.diagnoses if one.role == "principal"), None)
    return (principal.code,) if principal is not None else tuple(one.code for one in claim.diagnoses[:1])


@lru_cache(maxsize=REMEMBERED)
def diagnosis_fits(code: str, patterns: tuple[str, ...]) -> bool:
    """Whether a diagnosis is in the list: codes, prefixes ending in *, or ranges, with or without their dots.

    A range of categories such as F10-F19 holds what stands below them, as the blocks of ICD-10 do.
    """
    for given in patterns:
        pattern = given.replace(".", "").upper()
        first, dash, last = pattern.partition("-")
        if dash:
            if len(first) == len(last) and first <= code[: len(first)] <= last:
                return True
        elif code == pattern or (pattern.endswith("*") and code.startswith(pattern[:-1])):
            return True
    return False


def completed_years(birth_day: int, day: int) -> int:
    """Age on a day; who was born on 29 February is a year older from 1 March on in other years."""
    born, today = text_of(birth_day), text_of(day)
    return int(today[:4]) - int(born[:4]) - (today[5:] < born[5:])


def in_network(provider: Provider | None, plan: Plan, day: int) -> bool:
    """Whether the provider belongs to a network of the plan, of whatever tier, on that day; an unknown one does not."""
    return provider is not None and any(
        (segment.network_id == plan.network_id or segment.network_id in plan.further_network_ids)
        and segment.effective_from <= day
        and (segment.effective_to is None or day <= segment.effective_to)
        for segment in provider.networks
    )


def _excluded_diagnoses(edited: EditedLine, claim: SubmittedClaim, plan: Plan) -> None:
    """The first diagnosis of a line is why it was done: it decides. A further one is only told."""
    for place, code in enumerate(pointed(edited.line, claim)):
        if not diagnosis_fits(code, plan.excluded_diagnoses):
            continue
        text = f"plan {plan.plan_id} excludes diagnosis {code}"
        if place == 0:
            remedy = "a first diagnosis of the line that is not excluded, where the record says so"
            _deny(edited, 1, "PR", "96", "D-EXCLUDED-DIAGNOSIS", text, remedy)
            return
        finding = Finding("D-EXCLUDED-DIAGNOSIS", edited.place, f"{text}; it is not the first of the line")
        edited.add(Hit("warn", (COVERAGE, 1, ""), "PR", "96", "D-EXCLUDED-DIAGNOSIS", finding))
        return


def _age(edited: EditedLine, benefit: Benefit, patient: Patient) -> None:
    years = completed_years(patient.member().birth_date, edited.line.service_from)
    low, high = benefit.age_from, benefit.age_to
    if (low is None or low <= years) and (high is None or years <= high):
        return
    ages = f"from {low}" if high is None else f"up to {high}" if low is None else f"from {low} to {high}"
    text = f"benefit {benefit.benefit_id} is for ages {ages}; the patient was {years} on {_day(edited)}"
    _deny(edited, 2, "CO", "6", "D-AGE", text, f"a service for the patient's age on {_day(edited)}")


def _sex(edited: EditedLine, benefit: Benefit, patient: Patient) -> None:
    sex = patient.member().sex
    if sex in ("U", benefit.sex):
        return
    text = f"benefit {benefit.benefit_id} is for sex {benefit.sex}; the member's record says {sex}"
    _deny(edited, 3, "CO", "7", "D-SEX", text, "a corrected record of the member, or another code")


def _diagnosis(edited: EditedLine, benefit: Benefit, claim: SubmittedClaim) -> None:
    codes = pointed(edited.line, claim)
    if any(diagnosis_fits(code, benefit.diagnoses) for code in codes):
        return
    wanted = ", ".join(benefit.diagnoses)
    text = f"benefit {benefit.benefit_id} is for diagnoses {wanted}; the line points to {', '.join(codes) or 'none'}"
    _deny(edited, 4, "CO", "11", "D-DIAGNOSIS", text, f"a pointer to a diagnosis in {wanted}")


def _network(edited: EditedLine, benefit: Benefit, plan: Plan, patient: Patient) -> None:
    if in_network(patient.provider(), plan, edited.line.service_from):
        return
    text = f"plan {plan.plan_id} covers {benefit.benefit_id} in its network only; the provider is outside of it"
    remedy = f"a provider of network {plan.network_id} on {_day(edited)}"
    _deny(edited, 5, "PR", "242", "D-NETWORK", text, remedy)


def _day(edited: EditedLine) -> str:
    return text_of(edited.line.service_from)


def _deny(
    edited: EditedLine, place: int, group: GroupCode, reason: str, rule: str, text: str, remedy: str | None
) -> None:
    finding = Finding(rule, edited.place, text, remedy)
    edited.add(Hit("deny", (COVERAGE, place, ""), group, reason, rule, finding))
