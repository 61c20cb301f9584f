"""The public sample of a pharmacy claim, where the shared data is there."""

from pathlib import Path

import pytest

from tests.sources.ncpdp.small import read


@pytest.mark.shared_data
def test_a_sample_that_nobody_here_wrote(shared_data: Path) -> None:
    [found], codes = read((shared_data / "x12/ncpdp/cosyte/pbm-person-code.ncpdp").read_bytes())
    assert found.claim is not None
    [line] = found.claim.lines
    assert (line.service_code, line.units_milli, line.service_from) == ("00093505601", 30_000, found.claim.service_from)
    assert found.claim.attributes["person_code"] == "03"
    # It has no pricing segment, and its number is made up.
    assert codes == ["PRICING_MISSING", "NPI_CHECKDIGIT"]
