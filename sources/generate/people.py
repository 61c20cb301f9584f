"""Members in families of one to five, the same for the same seed and number: who they are and what covers them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from schemas.dates import calendar_of, day_of
from sources.generate.names import FAMILY, MEN, WOMEN
from sources.generate.regions import REGIONS

# Shares of families by their size, 1 to 5; three on average.
_SIZES = (16, 20, 26, 24, 14)
# One family in this many lost its coverage early.
ENDED_EVERY = 50
# One family in this many has letters of guarantee: prior authorizations for whatever wants one.
GUARANTEED_EVERY = 20
# Ages are counted on a fixed day: a member keeps the birth date whenever the generator runs.
_AGES_ON = day_of(date(2026, 1, 1))
_CUMULATED_REGIONS = list(accumulate(region.weight for region in REGIONS))


@dataclass(frozen=True, slots=True)
class Person:
    """A member; `birth_date` in days since 1970-01-01, `number` counts from 0 over all families."""

    number: int
    member_id: str
    coverage_id: str
    name: str
    birth_date: int
    sex: str
    relationship: str
    nik: str
    member_number: str


@dataclass(frozen=True, slots=True)
class Family:
    """People under one coverage. `plan` is a position in the list of plans; `ended`: their coverage has ended."""

    number: int
    plan: int
    ended: bool
    people: tuple[Person, ...]

    @property
    def guaranteed(self) -> bool:
        """Whether every member has a letter of guarantee."""
        return self.number % GUARANTEED_EVERY == 0


def guarantee_of(person: Person) -> str:
    """Number of the person's letter of guarantee, where the family has them."""
    return f"LG-{person.member_id}"


def families(seed: int, members: int, plan_weights: Sequence[int]) -> Iterator[Family]:
    """Families until `members` people are made; each gets a plan by weight."""
    random = Random(f"people {seed}")
    cumulated = list(accumulate(plan_weights))
    made = number = 0
    while made < members:
        size = min(random.choices((1, 2, 3, 4, 5), _SIZES)[0], members - made)
        plan = random.choices(range(len(cumulated)), cum_weights=cumulated)[0]
        people = tuple(_people(random, seed, number, made, size))
        yield Family(number, plan, number % ENDED_EVERY == ENDED_EVERY - 1, people)
        made += size
        number += 1


def _people(random: Random, seed: int, family: int, first: int, size: int) -> Iterator[Person]:
    surname = random.choice(FAMILY)
    region = random.choices(REGIONS, cum_weights=_CUMULATED_REGIONS)[0]
    district = random.randint(region.first_district, region.last_district)
    age = random.randint(24, 62)
    for position in range(size):
        relationship = "self" if position == 0 else "spouse" if position == 1 else "child"
        years = age if position == 0 else age + random.randint(-6, 4) if position == 1 else random.randint(0, age - 20)
        birth_date = _AGES_ON - max(years, 0) * 365 - random.randint(1, 364)
        sex = random.choice("FM")
        number = first + position
        yield Person(
            number=number,
            member_id=f"M{seed}-{number:07d}",
            coverage_id=f"C{seed}-{family:07d}",
            name=f"{random.choice(WOMEN if sex == 'F' else MEN)} {surname}",
            birth_date=birth_date,
            sex=sex,
            relationship=relationship,
            nik=_nik(f"{region.code}{district:02d}", birth_date, sex, number),
            member_number=f"W{seed % 1000:03d}{number:07d}",
        )


def _nik(district: str, birth_date: int, sex: str, number: int) -> str:
    """District, day (40 more for a woman), month, two digits of the year, and a serial that is never 0000."""
    born = calendar_of(birth_date)
    day = born.day + (40 if sex == "F" else 0)
    return f"{district}{day:02d}{born.month:02d}{born.year % 100:02d}{number % 9999 + 1:04d}"
