"""Whatever bytes come: a replay tells what is wrong with them and never fails."""

import bz2
import gzip
import io
import lzma
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from sources.replay.run import Options, replay
from tests.sources.ncpdp import small as ncpdp
from tests.sources.x12.small import WHOLE


def zipped(data: bytes) -> bytes:
    """An archive with two members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.edi", data)
        archive.writestr("b.gz", gzip.compress(data))
    return made.getvalue()


PHARMACY = ncpdp.batch(ncpdp.body(ncpdp.WHOLE))
WHOLE_ONES = [
    way(data) for data in (WHOLE, PHARMACY, b'{"claimNumber": "A"}\n')
    for way in (bytes, gzip.compress, bz2.compress, lzma.compress, zipped)
]  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A whole file with a few bytes changed, cut or put in."""
    data = bytearray(draw(st.sampled_from(WHOLE_ONES)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 8))
        data[place : place + length] = draw(st.binary(max_size=8))
    return bytes(data[: draw(st.integers(len(data) // 2, len(data)))] if draw(st.booleans()) else data)


@given(spoiled() | st.binary(max_size=200))
def test_every_file_is_read_or_told(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        summary = replay([path], Settings(), Options(dry_run=True))
    assert summary.files == 1
    assert summary.claims or summary.findings, "claims, or why there are none"
    assert bool(summary.reports[0].as_json()["formats"]) or summary.unread_files == ["file"]
