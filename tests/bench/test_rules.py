"""The bench of the rules measures what it says: two runs, one with Avro and one without, come to the same bytes."""

from collections import Counter

from schemas.codec import Codec
from schemas.decision import Decision
from tests.bench.rules import Chain, PlayedCodec, RecordingCodec, load, reference


def test_both_runs_decide_alike() -> None:
    plain = Codec()
    claims = [(one, plain.encode(one)) for one in load(200)]
    view = reference(plain)
    recording = RecordingCodec()
    first = Chain(recording, view)
    first.run(claims)
    again = Chain(PlayedCodec(recording.made), view)
    again.run(claims)
    assert again.decided == first.decided
    assert set(again.spent) == {"validate", "authorize", "adjudicate", "price"}
    assert recording.spent.keys() == {"encode", "decode"}
    decisions = [plain.decode(Decision, raw) for raw in first.decided]
    assert Counter(len(decision.lines) for decision in decisions) == {4: 200}
    accounts = {entry.account for decision in decisions for entry in decision.ledger}
    assert accounts == {"deductible", "out_of_pocket", "limit:VISITS"}
    reasons = {f"{a.group}-{a.reason}" for d in decisions for one in d.lines for a in one.adjustments}
    assert reasons >= {"PR-1", "PR-2", "CO-45", "OA-18"}, "deductible, coinsurance, fees and duplicates are at work"


def test_the_load_has_repeats_and_duplicates() -> None:
    claims = load(400)
    repeats = len(claims) - len({one.claim_id for one in claims})
    services = {(one.member, one.service_from, tuple((n.service_code, n.charge) for n in one.lines)) for one in claims}
    copies = len({one.claim_id for one in claims}) - len(services)
    assert (repeats, copies) == (10, 10)
