"""What a worker takes for the newest release while it reads reference data, and afterwards."""

from types import SimpleNamespace
from typing import Any

from confluent_kafka import KafkaError

from config.settings import KafkaSettings
from schemas import topics
from schemas.codec import Codec
from schemas.reference import ReferenceRelease
from streams.references import REFERENCE_TOPICS, ReferenceFeed

CODEC = Codec()


def message(topic: str, key: str = "", value: bytes | None = None, error: int | None = None) -> Any:
    """A message as the consumer gives it."""
    return SimpleNamespace(
        topic=lambda: topic,
        key=key.encode,
        value=lambda: value,
        error=lambda: None if error is None else KafkaError(error),
    )


def release(number: int) -> Any:
    """A release of nothing."""
    return message(topics.REFERENCE_RELEASES, str(number), CODEC.encode(ReferenceRelease(number, 0, "a folder", {})))


def test_no_release_is_the_newest_before_all_topics_were_read_to_their_end() -> None:
    """Else a worker that starts would decide its first claims by the oldest of a thousand releases."""
    feed = ReferenceFeed(KafkaSettings(bootstrap_servers="unused:1"), CODEC)
    seen = []
    for number in (1, 2, 3):
        feed._take(release(number))
        seen.append(feed.latest())
    for topic in REFERENCE_TOPICS:
        seen.append(feed.latest())
        feed._take(message(topic, error=KafkaError._PARTITION_EOF))
    assert set(seen) == {None}
    assert feed.latest() == 3
    feed._take(message(topics.REFERENCE_MEMBERS, error=KafkaError._TRANSPORT))
    feed._take(release(4))
    assert feed.latest() == 4


def test_a_pinned_release_is_there_before_that() -> None:
    """An envelope of before the restart needs no newest release."""
    feed = ReferenceFeed(KafkaSettings(bootstrap_servers="unused:1"), CODEC)
    feed._take(release(1))
    assert feed.at(1) is not None
    assert feed.at(2) is None
