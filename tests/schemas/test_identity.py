"""Identifiers of people and providers; the cases that the first design had wrong are named."""

import pytest

from schemas.identity import (
    PROVINCES,
    identifier_fault,
    nik_is_valid,
    npi_check_digit_fits,
    npwp_is_valid,
    phone_is_valid,
)

# Province by province, as Kepmendagri 300.2.2-2430 of 2025 numbers them.
ALL_PROVINCES = [
    str(code)
    for first, last in ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 96))
    for code in range(first, last + 1)
]


def test_there_are_38_provinces() -> None:
    """No more and no fewer."""
    assert sorted(PROVINCES) == ALL_PROVINCES
    assert len(PROVINCES) == 38


@pytest.mark.parametrize("province", ALL_PROVINCES)
def test_seed_defect_every_real_province_is_taken(province: str) -> None:
    """Papua Barat Daya (96) and others were refused."""
    assert nik_is_valid(f"{province}74011203840001")


@pytest.mark.parametrize("province", ["00", "10", "20", "22", "30", "37", "54", "66", "77", "83", "90", "97", "99"])
def test_a_province_that_is_none_is_refused(province: str) -> None:
    """Not every number is one."""
    assert not nik_is_valid(f"{province}74011203840001")


@pytest.mark.parametrize(
    ("nik", "why"),
    [
        ("3174013102840001", "31 February"),
        ("3174017102840001", "31 February of a woman"),
        ("3174013104840001", "31 April"),
        ("3174010013840001", "month 13"),
        ("3174010003840001", "day 0"),
        ("3174014003840001", "day 40, neither man nor woman"),
        ("3174017203840001", "day 72"),
        ("3174012902850001", "29 February of 1985, no leap year in either century"),
    ],
)
def test_seed_defect_a_day_that_never_was_is_refused(nik: str, why: str) -> None:
    """31 February was taken."""
    assert not nik_is_valid(nik), why


@pytest.mark.parametrize(
    ("nik", "who"),
    [
        ("3174011203840001", "a man of 12 March 1984"),
        ("3174015203840001", "a woman of 12 March 1984: day + 40"),
        ("3174017103840001", "a woman of 31 March"),
        ("3174012902160001", "29 February 2016"),
        ("3275010101900001", "the example of the first design"),
    ],
)
def test_a_real_number_is_taken(nik: str, who: str) -> None:
    """Men, and women with 40 added to the day."""
    assert nik_is_valid(nik), who


@pytest.mark.parametrize("birth", ["010120", "150524", "311225"])
def test_seed_defect_a_child_is_an_insured_person(birth: str) -> None:
    """Anyone younger than 17 was an error; insured children have a number too."""
    assert nik_is_valid(f"317401{birth}0001")


@pytest.mark.parametrize("nik", ["", "317401120384001", "31740112038400011", "3174011203840000", "317401120384000X"])
def test_a_number_of_another_shape_is_refused(nik: str) -> None:
    """Sixteen digits, the serial from 0001."""
    assert not nik_is_valid(nik)


@pytest.mark.parametrize("npwp", ["0123456789012345", "012345678901234", "01.234.567.8-901.234"])
def test_seed_defect_the_tax_number_has_16_digits_and_the_old_15_stay(npwp: str) -> None:
    """Only the old form with dots was taken."""
    assert npwp_is_valid(npwp)


@pytest.mark.parametrize(
    "npwp", ["", "01234567890123", "01234567890123456", "01.234.567.8.901.234", "O123456789012345"]
)
def test_another_tax_number_is_refused(npwp: str) -> None:
    """Too short, too long, other separators, a letter."""
    assert not npwp_is_valid(npwp)


@pytest.mark.parametrize(("phone", "good"), [("+6281234567890", True), ("0812345678", True), ("12345", False)])
def test_telephone(phone: str, good: bool) -> None:
    """+62, 62 or 0, and 9 to 12 digits."""
    assert phone_is_valid(phone) is good


@pytest.mark.parametrize(
    ("npi", "good"),
    [("1234567893", True), ("1234567890", False), ("123456789", False), ("123456789X", False)],
)
def test_npi_check_digit(npi: str, good: bool) -> None:
    """Luhn over 80840 and the number (45 CFR 162.406)."""
    assert npi_check_digit_fits(npi) is good


FAULTS = [
    # system        value               what is at fault
    ("nik",         "3174011203840001", None),
    ("nik",         "317401120384001",  ("bad_nik", "value")),
    ("npwp",        "123",              ("bad_npwp", "value")),
    ("npi",         "1234567890",       None),
    ("npi",         "12345",            ("bad_npi", "value")),
    ("NIK",         "3174011203840001", ("bad_system", "system")),
    ("n i k",       "3174011203840001", ("bad_system", "system")),
    ("nikk",        "3174011203840001", ("bad_system", "system")),
    # Systems that are none of ours are free, also where they look like one.
    ("nikk",        "K-1",              None),
    ("nip",         "198403122010121001", None),
    ("kk",          "3174011203840001", None),
    ("npwpd",       "P.1.0012345.01.02", None),
    ("member_number", "NUS1",           None),
]  # fmt: skip


@pytest.mark.parametrize(("system", "value", "expected"), FAULTS)
def test_what_is_wrong_with_an_identifier(system: str, value: str, expected: tuple[str, str] | None) -> None:
    fault = identifier_fault(system, value)
    assert (fault and (fault.code, fault.of)) == expected
    assert fault is None or value not in fault.text
