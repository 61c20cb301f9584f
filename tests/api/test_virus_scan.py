"""The scanner by clamd's INSTREAM: what its answers mean, and that no answer means nothing is known."""

from pathlib import Path

import pytest

from api.virus_scan import Clamd, NoScanner, ScannerAway, scanner_of
from tests.api.document_fakes import fake_clamd

ANSWERS: list[tuple[bytes, str | None]] = [
    (b"stream: OK\0", None),
    (b"stream: Eicar-Test-Signature FOUND\0", "Eicar-Test-Signature"),
]
NO_ANSWERS: list[bytes] = [
    b"INSTREAM size limit exceeded. ERROR\0",
    b"stream: lstat() failed: No such file or directory. ERROR\0",
    b"stream: OK",
    b"",
    b"x" * 5_000,
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of several chunks."""
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 1_000)
    return path


@pytest.mark.parametrize(("answer", "finding"), ANSWERS)
async def test_an_answer(tmp_path: Path, file: Path, answer: bytes, finding: str | None) -> None:
    async with fake_clamd(tmp_path / "clamd", answer) as seen:
        assert await Clamd(f"unix:{tmp_path / 'clamd'}").finding(file) == finding
    assert seen == [file.read_bytes()]


@pytest.mark.parametrize("answer", NO_ANSWERS)
async def test_what_is_no_answer_is_no_finding(tmp_path: Path, file: Path, answer: bytes) -> None:
    async with fake_clamd(tmp_path / "clamd", answer):
        with pytest.raises(ScannerAway):
            await Clamd(f"unix:{tmp_path / 'clamd'}").finding(file)


async def test_a_scanner_that_is_not_there_or_does_not_answer(tmp_path: Path, file: Path) -> None:
    with pytest.raises(ScannerAway):
        await Clamd(f"unix:{tmp_path / 'nowhere'}").finding(file)
    with pytest.raises(ScannerAway):
        await Clamd("127.0.0.1:1").finding(file)
    async with fake_clamd(tmp_path / "clamd", b"", silent=True):
        with pytest.raises(ScannerAway):
            await Clamd(f"unix:{tmp_path / 'clamd'}", seconds=0.2).finding(file)


def test_the_settings_name_the_scanner() -> None:
    assert isinstance(scanner_of(None), NoScanner)
    assert isinstance(scanner_of("unix:/run/clamd.sock"), Clamd)
