"""Where people live: first digits of a NIK (regency or city and district) and how many live there.

A selection of our own from the codes of Kepmendagri 300.2.2-2430 of 2025, one or two for each of the 38 provinces;
weights are rough shares of the population.
"""

from typing import NamedTuple


class Region(NamedTuple):
    """A regency or city: the first four digits, its first and last district in use (no gap between), and a weight."""

    code: str
    first_district: int
    last_district: int
    weight: int


REGIONS = (
    Region("1101", 1, 18, 5), Region("1171", 1, 9, 5), Region("1207", 19, 28, 15), Region("1271", 1, 21, 18),
    Region("1306", 1, 16, 6), Region("1371", 1, 11, 8), Region("1401", 1, 21, 7), Region("1471", 1, 15, 8),
    Region("1505", 1, 11, 5), Region("1571", 1, 11, 5), Region("1602", 17, 24, 7), Region("1671", 1, 18, 9),
    Region("1708", 1, 8, 3), Region("1771", 1, 9, 3), Region("1801", 4, 10, 9), Region("1871", 1, 20, 8),
    Region("1901", 1, 8, 3), Region("2171", 1, 12, 5), Region("3171", 1, 8, 12), Region("3172", 1, 6, 15),
    Region("3173", 1, 8, 20), Region("3174", 1, 10, 20), Region("3175", 1, 10, 22), Region("3201", 1, 40, 40),
    Region("3204", 25, 40, 28), Region("3216", 1, 23, 24), Region("3273", 1, 30, 20), Region("3302", 1, 27, 13),
    Region("3322", 1, 13, 11), Region("3374", 1, 16, 14), Region("3402", 1, 17, 8), Region("3404", 1, 17, 9),
    Region("3471", 1, 14, 4), Region("3507", 1, 33, 20), Region("3515", 1, 18, 17), Region("3578", 1, 31, 22),
    Region("3603", 1, 20, 25), Region("3671", 1, 13, 15), Region("5103", 1, 6, 5), Region("5171", 1, 4, 6),
    Region("5201", 12, 15, 6), Region("5271", 1, 6, 4), Region("5301", 16, 28, 4), Region("5371", 1, 6, 4),
    Region("6101", 1, 19, 5), Region("6171", 1, 6, 5), Region("6201", 1, 6, 3), Region("6271", 1, 5, 3),
    Region("6303", 1, 20, 5), Region("6371", 1, 5, 5), Region("6402", 1, 20, 5), Region("6472", 1, 10, 6),
    Region("6501", 1, 10, 2), Region("7106", 1, 10, 2), Region("7171", 1, 11, 4), Region("7208", 1, 23, 4),
    Region("7271", 1, 8, 3), Region("7306", 1, 18, 6), Region("7371", 1, 15, 9), Region("7405", 1, 25, 3),
    Region("7471", 1, 11, 3), Region("7501", 16, 24, 2), Region("7571", 1, 9, 2), Region("7602", 1, 4, 3),
    Region("8101", 11, 17, 3), Region("8171", 1, 5, 3), Region("8271", 1, 8, 2), Region("9103", 1, 19, 2),
    Region("9171", 1, 5, 2), Region("9202", 31, 35, 1), Region("9301", 1, 22, 1), Region("9401", 1, 15, 1),
    Region("9501", 1, 40, 1), Region("9604", 1, 29, 1),
)  # fmt: skip
