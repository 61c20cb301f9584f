"""A claim with nothing in it but its form and kind of care: what rules look at when they are asked about a plan."""

from schemas.claim import MemberReference, ProviderReference, SubmittedClaim
from schemas.vocabulary import Form, ServiceType


def blank_claim(form: Form, service_type: ServiceType) -> SubmittedClaim:
    """A claim without ids, people, lines and amounts."""
    return SubmittedClaim(
        claim_id="",
        root_id="",
        submitter_id="",
        claim_control_number=None,
        idempotency_key=None,
        form=form,
        settlement="cashless",
        service_type=service_type,
        currency="",
        frequency_code="1",
        original_reference=None,
        member=MemberReference(None, (), None, None, None, None),
        provider=ProviderReference(None, (), None),
        other_providers=(),
        payee=None,
        payer_id=None,
        service_from=0,
        service_to=0,
        admission_date=None,
        discharge_date=None,
        place_of_service=None,
        bill_type=None,
        drg=None,
        room_class=None,
        diagnoses=(),
        lines=(),
        total_charge=0,
        authorization_number=None,
        referral_number=None,
        other_payers=(),
        attachments=(),
        attributes={},
        channel="generator",
        correlation_id=None,
        accepted_at=0,
    )
