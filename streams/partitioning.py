"""Which partition a key belongs to. Everything that produces must agree, or families split over partitions."""

from aiokafka.partitioner import murmur2


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key, as the Java clients and librdkafka's murmur2 partitioner choose it."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)
