"""Makes one claim from a template: who, when, which lines at which charge."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from schemas.claim import ClaimLine, Identifier, MemberReference, Payee, SubmittedClaim
from schemas.identifiers import claim_id
from sources.generate import medicine
from sources.generate.catalog import Offer
from sources.generate.codes import is_room
from sources.generate.people import Family, Person, guarantee_of
from sources.generate.spec import SERVICE_DAYS_BACK, Spec
from sources.generate.templates import Template

_NIGHTS_MAX = 6
_PACK_UNITS = (5, 10, 14, 20, 30)
_PARTIAL_SHARE = 0.04
_BY_NIK_SHARE = 0.5
_MODIFIED_SHARE = 0.05


class Maker:
    """Holds what all claims of a run share; `random` is the one source of chance."""

    def __init__(self, spec: Spec, random: Random) -> None:
        self._spec = spec
        self._pick = random.random
        self._factors = medicine.price_factors(spec.seed)
        self._line_counts = medicine.table_of(medicine.LINE_SHARES)
        self._prefix = f"G{spec.seed}-{spec.day}-"

    def claim(
        self, number: int, template: Template, family: Family, accepted_at: int, earliest: int | None = None
    ) -> SubmittedClaim:
        """Claim `number` of the run, for one of the family; services lie on or after `earliest`.

        It names a letter of guarantee where the family has them and a stay may need one.
        """
        pick = self._pick
        person = self._patient(template, family)
        first, last = self._stay(template, earliest)
        diagnoses = template.diagnoses[int(pick() * len(template.diagnoses))]
        lines = self._lines(template, first, last, len(diagnoses))
        reimbursed = pick() < template.reimbursed_share
        control_number = f"{self._prefix}{number:08d}"
        own_id = claim_id(self._spec.submitter_id, control_number, None, "")
        setting = template.setting
        return SubmittedClaim(
            own_id, own_id, self._spec.submitter_id, control_number, None,
            setting.form, "reimbursement" if reimbursed else "cashless", setting.service_type,
            template.plan.currency, "1", None,
            self._member(person, template),
            template.providers[int(pick() * len(template.providers))],
            (), self._payee(family) if reimbursed else None, template.plan.payer_id,
            first, last,
            first if template.inpatient else None, last if template.inpatient else None,
            template.place_of_service, template.bill_type, None,
            medicine.ROOM_CLASSES[int(pick() * 4)] if template.has_room_class else None,
            diagnoses, lines, sum([line.charge for line in lines]),
            guarantee_of(person) if template.needs_authorization and family.guaranteed else None,
            None, (), (), {}, "generator", f"{control_number}-1", accepted_at,
        )  # fmt: skip

    def renumbered(self, first: SubmittedClaim, number: int, accepted_at: int) -> SubmittedClaim:
        """The same services as claim `number`: billed again, by mistake or not."""
        control_number = f"{self._prefix}{number:08d}"
        own_id = claim_id(self._spec.submitter_id, control_number, None, "")
        return replace(
            first,
            claim_id=own_id,
            root_id=own_id,
            claim_control_number=control_number,
            correlation_id=f"{control_number}-1",
            accepted_at=accepted_at,
        )

    def _patient(self, template: Template, family: Family) -> Person:
        """Anyone of the family; a woman for maternity, where there is one."""
        people: Sequence[Person] = family.people
        if template.setting.service_type == "maternity":
            people = [one for one in people if one.sex == "F" and one.relationship != "child"] or people
        return people[int(self._pick() * len(people))]

    def _stay(self, template: Template, earliest: int | None) -> tuple[int, int]:
        """First and last day of service; a stay has nights, anything else is one day."""
        oldest = max(self._spec.day - SERVICE_DAYS_BACK, template.plan.effective_from, earliest or 0)
        span = max(0, self._spec.day - oldest)
        first = min(self._spec.day, oldest) + int(self._pick() * (span + 1))
        if not template.inpatient:
            return first, first
        return first, min(self._spec.day, first + 1 + int(self._pick() * _NIGHTS_MAX))

    def _lines(self, template: Template, first: int, last: int, diagnoses: int) -> tuple[ClaimLine, ...]:
        pick, offers = self._pick, template.offers
        count = min(self._line_counts[int(pick() * len(self._line_counts))], len(offers))
        # Neighbours in the schedule from a random start: no code twice, at the cost of one pick.
        start = int(pick() * len(offers))
        chosen = [offers[(start + step) % len(offers)] for step in range(count)]
        if template.extras and pick() < _PARTIAL_SHARE:
            chosen.append(template.extras[int(pick() * len(template.extras))])
        return tuple([
            self._line(number, offer, template, first, last, diagnoses) for number, offer in enumerate(chosen, start=1)
        ])  # fmt: skip

    def _line(self, number: int, offer: Offer, template: Template, first: int, last: int, diagnoses: int) -> ClaimLine:
        pick = self._pick
        system = offer.code_system
        units = 1
        if system == "NDC":
            units = _PACK_UNITS[int(pick() * 5)]
        elif last > first and is_room(system, offer.code):
            units = last - first
        step = template.rounded_to
        factor = self._factors[int(pick() * 4096)]
        charge = max(step, offer.fee * units * factor // 1000 // step * step)
        modified = system == "HC" and pick() < _MODIFIED_SHARE
        return ClaimLine(
            number, offer.code, system, offer.code if system == "RC" else None, ("25",) if modified else (),
            units * 1000, charge, first, last if is_room(system, offer.code) else first,
            (1,) if diagnoses == 1 else (1 + int(pick() * diagnoses),),
            template.place_of_service, None, medicine.tooth_of(system, offer.code, factor), {},
        )  # fmt: skip

    def _member(self, person: Person, template: Template) -> MemberReference:
        """Named by our id, by NIK, or on an X12-style claim by the payer's member number."""
        if template.by_member_number:
            identifiers = (Identifier("member_number", person.member_number),)
        elif self._pick() < _BY_NIK_SHARE:
            identifiers = (Identifier("nik", person.nik),)
        else:
            return MemberReference(
                person.member_id, (), person.name, person.birth_date, person.sex, person.relationship
            )
        return MemberReference(None, identifiers, person.name, person.birth_date, person.sex, person.relationship)

    def _payee(self, family: Family) -> Payee:
        bank = medicine.BANKS[family.number % len(medicine.BANKS)]
        return Payee(family.people[0].name, bank, f"{1_000_000_000 + family.number * 7919 % 8_999_999_999}")
