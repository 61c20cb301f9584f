"""Made-up members: valid ids, believable families, the same for the same seed."""

from schemas.dates import calendar_of
from schemas.identity import nik_is_valid
from sources.generate.people import families

PEOPLE = [person for family in families(7, 3000, [1]) for person in family.people]


def test_as_many_as_wanted_in_families_of_one_to_five() -> None:
    made = list(families(7, 3000, [3, 1]))
    sizes = [len(family.people) for family in made]
    assert sum(sizes) == 3000
    assert set(sizes) == {1, 2, 3, 4, 5}
    assert {family.plan for family in made} == {0, 1}


def test_every_nik_is_valid_and_nobody_shares_one() -> None:
    assert all(nik_is_valid(person.nik) for person in PEOPLE)
    assert len({person.nik for person in PEOPLE}) == len(PEOPLE)


def test_a_nik_says_when_and_as_what_one_was_born() -> None:
    for person in PEOPLE:
        born = calendar_of(person.birth_date)
        day = born.day + (40 if person.sex == "F" else 0)
        assert person.nik[6:12] == f"{day:02d}{born.month:02d}{born.year % 100:02d}"


def test_children_are_younger_than_the_first_of_the_family() -> None:
    for family in families(7, 3000, [1]):
        first, *others = family.people
        assert first.relationship == "self"
        assert all(one.birth_date > first.birth_date for one in others if one.relationship == "child")


def test_the_same_seed_makes_the_same_people_and_more_members_only_add_to_them() -> None:
    few, many = list(families(7, 500, [1])), list(families(7, 3000, [1]))
    assert few[:-1] == many[: len(few) - 1]
    assert [family.people for family in families(8, 500, [1])] != [family.people for family in few]
