"""A folder of reference data for generated claims: the sample payers with as many members as wanted."""

import csv
import shutil
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from schemas import topics
from schemas.dates import text_of
from schemas.money import decimal_of
from schemas.reference import Member, Plan
from sources.generate.people import Family, guarantee_of
from sources.generate.spec import SAMPLE_REFERENCE
from sources.generate.world import first_day_of, last_day_of_ended, plan_ids, population, read_terms
from sources.reference.folder import ReferenceFolder, read_folder

_COPIED = ("plans", "providers", "networks", "fees", "contracts", "edits")
_SUFFIXES = (".csv", ".yaml", ".yml")
_LAST_DAY_OF_GUARANTEES = "2099-12-31"
MEMBERS = ("member_id", "name", "birth_date", "sex", "relationship", "identifiers")
COVERAGES = (
    "member_id", "coverage_id", "plan_id", "effective_from", "effective_to", "other_payer_first", "enrolled_from",
)  # fmt: skip
AUTHORIZATIONS = ("authorization_number", "member_id", "valid_from", "valid_to")


def write_reference(folder: Path, seed: int, members: int, sample: Path = SAMPLE_REFERENCE) -> int:
    """Write a folder that `claims reference load` takes whole; returns the number of members in it.

    Plans, providers, fees, contracts and edits are those of the sample, its members and authorizations stay; `members`
    more are made for the claims of the same seed. Raises FileExistsError when the folder holds anything,
    ReferenceDataError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; name a new folder, or empty it")
    plans, _, _ = read_terms(sample)
    known = _members_of_sample(sample)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        for suffix in _SUFFIXES:
            if (sample / f"{name}{suffix}").is_file():
                shutil.copyfile(sample / f"{name}{suffix}", folder / f"{name}{suffix}")
    people = [] if known is None else [_of(record) for record in known.records[topics.REFERENCE_MEMBERS].values()]
    made = list(population(seed, members, plans))
    _write(folder / "members.csv", MEMBERS, (*_known_people(people), *_made_people(made, plans)))
    _write(folder / "coverages.csv", COVERAGES, (*_known_coverages(people), *_made_coverages(made, plans)))
    _write(folder / "authorizations.csv", AUTHORIZATIONS_ALL, (*_known_letters(known), *_made_letters(made, plans)))
    return len(people) + members


# All columns of an authorization, for those that the sample brings.
AUTHORIZATIONS_ALL = (*AUTHORIZATIONS, "provider_id", "service_codes", "state", "units", "amount", "currency")


def _members_of_sample(sample: Path) -> ReferenceFolder | None:
    """The sample with its people; None when it has none of its own."""
    if not any((sample / f"members{suffix}").is_file() for suffix in _SUFFIXES):
        return None
    return read_folder(sample)


def _of(record: object) -> Member:
    assert isinstance(record, Member), "the topic of members carries members"
    return record


def _known_people(people: Iterable[Member]) -> Iterator[Sequence[str]]:
    for one in people:
        identifiers = ";".join(f"{identifier.system}:{identifier.value}" for identifier in one.identifiers)
        yield one.member_id, one.name, text_of(one.birth_date), one.sex, one.relationship, identifiers


def _known_coverages(people: Iterable[Member]) -> Iterator[Sequence[str]]:
    for one in people:
        for segment in one.coverages:
            first, last = text_of(segment.effective_from), _day(segment.effective_to)
            other, enrolled = "true" if segment.other_payer_first else "", _day(segment.enrolled_from)
            yield one.member_id, segment.coverage_id, segment.plan_id, first, last, other, enrolled


def _known_letters(known: ReferenceFolder | None) -> Iterator[Sequence[str]]:
    for event in () if known is None else known.authorizations.values():
        yield (
            event.authorization_number, event.member_id, text_of(event.valid_from), text_of(event.valid_to),
            event.provider_id or "", ";".join(event.service_codes), event.state,
            "" if event.units_milli is None else str(Decimal(event.units_milli).scaleb(-3)),
            "" if event.amount is None or event.currency is None else str(decimal_of(event.amount, event.currency)),
            event.currency or "",
        )  # fmt: skip


def _day(day: int | None) -> str:
    return "" if day is None else text_of(day)


def _made_people(made: Iterable[Family], plans: Sequence[Plan]) -> Iterator[Sequence[str]]:
    rupiah = [_currency(plan_id, plans) == "IDR" for plan_id in plan_ids(plans)]
    for family in made:
        for one in family.people:
            identifiers = f"member_number:{one.member_number}"
            if rupiah[family.plan]:
                identifiers = f"nik:{one.nik};{identifiers}"
            yield one.member_id, one.name, text_of(one.birth_date), one.sex, one.relationship, identifiers


def _made_coverages(made: Iterable[Family], plans: Sequence[Plan]) -> Iterator[Sequence[str]]:
    ids = plan_ids(plans)
    firsts = [text_of(first_day_of(plan_id, plans)) for plan_id in ids]
    lasts = [text_of(last_day_of_ended(plan_id, plans)) for plan_id in ids]
    for family in made:
        for one in family.people:
            last = lasts[family.plan] if family.ended else ""
            yield one.member_id, one.coverage_id, ids[family.plan], firsts[family.plan], last, "", ""


def _made_letters(made: Iterable[Family], plans: Sequence[Plan]) -> Iterator[Sequence[str]]:
    firsts = [text_of(first_day_of(plan_id, plans)) for plan_id in plan_ids(plans)]
    for family in made:
        for one in family.people if family.guaranteed and not family.ended else ():
            days = firsts[family.plan], _LAST_DAY_OF_GUARANTEES
            yield guarantee_of(one), one.member_id, *days, "", "", "approved", "", "", ""


def _currency(plan_id: str, plans: Sequence[Plan]) -> str:
    return next(plan.currency for plan in plans if plan.plan_id == plan_id)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
