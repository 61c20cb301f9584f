"""Claims onto their topic: key, header, waiting for room, and every failure counted and told."""

import pytest

from schemas.topics import CLAIMS_SUBMITTED
from sources.generate.claims import claims
from sources.generate.spec import Spec
from sources.submitter import BrokerAwayError
from tests.sources.fakes import FakeProducer, submitter

CLAIM = next(claims(Spec(members=10)))


def test_key_and_header() -> None:
    producer = FakeProducer()
    submitter(producer).send(CLAIM)
    [(topic, _, key, headers)] = producer.records
    assert (topic, key) == (CLAIMS_SUBMITTED, CLAIM.root_id.encode())
    assert headers == [("correlation_id", (CLAIM.correlation_id or "").encode())]
    assert producer.claims == [CLAIM]


def test_a_full_queue_is_waited_for() -> None:
    producer = FakeProducer(full=3)
    sender = submitter(producer)
    sender.send(CLAIM)
    assert (len(producer.records), producer.polls, sender.sent) == (1, 3, 1)


def test_what_is_not_confirmed_has_failed() -> None:
    sender = submitter(FakeProducer(left=1))
    sender.send(CLAIM)
    sender.send(CLAIM)
    assert (sender.close(), sender.failed) == (1, 1)
    assert list(sender.failures) == ["not confirmed within 0.01 s"]


@pytest.mark.parametrize(
    ("producer", "words"),
    [(FakeProducer(away=True), "does not answer"), (FakeProducer(topics=()), "claims topics create")],
)
def test_a_broker_that_cannot_take_claims(producer: FakeProducer, words: str) -> None:
    with pytest.raises(BrokerAwayError, match=words):
        submitter(producer).check()
