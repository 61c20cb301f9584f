"""Keys go where the other clients of Kafka put them."""

import pytest

from streams.partitioning import partition_of

# From the tests of the Java client (UtilsTest.testMurmur2): key and signed hash.
JAVA = [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829), (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107)]  # fmt: skip


@pytest.mark.parametrize(("key", "signed"), JAVA)
def test_as_the_java_client_hashes(key: bytes, signed: int) -> None:
    assert partition_of(key, 1 << 31) == signed & 0x7FFFFFFF
