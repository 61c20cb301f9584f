"""Which claim a transaction is: what reverses or replaces it finds it, and nothing else bears its name."""

from tests.sources.ncpdp.small import CLAIM, HEADER, PRICING, WHOLE, one


def test_a_reversal_voids_the_same_fill_and_a_rebill_replaces_it() -> None:
    first = one(*WHOLE)
    reversal = one("AM07|EM1|D2700123|E103|D700093015001|D31", header=HEADER.replace("D0B1", "D0B2"), shared=())
    rebill = one(CLAIM, PRICING.replace("DU1270{", "DU1000{"), header=HEADER.replace("D0B1", "D0B3"))
    other = one(CLAIM, PRICING.replace("DU1270{", "DU1100{"), header=HEADER.replace("D0B1", "D0B3"))
    assert (reversal.frequency_code, reversal.root_id) == ("8", first.claim_id)
    assert (rebill.frequency_code, rebill.root_id) == ("7", first.claim_id)
    assert len({first.claim_id, reversal.claim_id, rebill.claim_id, other.claim_id}) == 4
    assert one(CLAIM, PRICING.replace("DU1270{", "DU1000{"), header=HEADER.replace("D0B1", "D0B3")) == rebill
    assert reversal.total_charge == 0


def test_a_service_is_another_claim_than_the_drug_of_the_same_number() -> None:
    drug, rebilled = one(*WHOLE), one(*WHOLE, header=HEADER.replace("D0B1", "D0B3"))
    service, again = (one(*WHOLE, header=HEADER.replace("D0B1", code)) for code in ("D0S1", "D0S3"))
    reversal = one("AM07|EM2|D2700123|E103|D700093015001|D31", header=HEADER.replace("D0B1", "D0S2"), shared=())
    assert service.claim_control_number == "1234567893-700123-S01-20260511"
    assert {service.claim_id} == {service.root_id, reversal.root_id, again.root_id}
    assert len({drug.claim_id, service.claim_id, reversal.claim_id, again.claim_id, rebilled.claim_id}) == 5
