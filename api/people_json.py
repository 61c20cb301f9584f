"""Members and providers between the API's JSON and their records."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from api.models.people_given import ContactGiven, MemberGiven, ProviderGiven
from config.sealing import Sealer
from schemas.claim import Identifier, Payee
from schemas.dates import day_of, text_of
from schemas.intake_model import IdentifierIntake, PayeeIntake
from schemas.people_names import identifier_text
from schemas.reference import Contact, CoverageSegment, Member, NetworkSegment, Provider
from schemas.reference_changes import PersonRecord

_SHOWN_DIGITS = 4


def member_of(given: MemberGiven, member_id: str) -> Member:
    """The record of a member as it was given, of no release yet; ends whatever `endedOn` there was."""
    segments = sorted(given.coverages, key=lambda one: one.effective_from)
    return Member(
        release=0,
        removed=False,
        member_id=member_id,
        identifiers=identifiers_of(given),
        name=given.name or f"{given.first_name} {given.last_name}",
        birth_date=day_of(given.birth_date),
        sex=given.sex,
        relationship=given.relationship,
        coverages=tuple(
            CoverageSegment(
                s.coverage_id, s.plan_id, day_of(s.effective_from), _day(s.effective_to), s.other_payer_first,
                _day(s.enrolled_from),
            )
            for s in segments
        ),
        contact=_contact(given.contact),
        account=_account(given.account),
    )  # fmt: skip


def provider_of(given: ProviderGiven, provider_id: str) -> Provider:
    """The record of a provider as it was given, of no release yet."""
    segments = sorted(given.networks, key=lambda one: (one.effective_from, one.network_id))
    return Provider(
        release=0,
        removed=False,
        provider_id=provider_id,
        identifiers=identifiers_of(given),
        name=given.name,
        kind=given.kind,
        networks=tuple(NetworkSegment(s.network_id, day_of(s.effective_from), _day(s.effective_to)) for s in segments),
        contact=_contact(given.contact),
        account=_account(given.account),
    )


def identifiers_of(given: MemberGiven | ProviderGiven) -> tuple[Identifier, ...]:
    """What the person is known by elsewhere, the NIK or NPWP first."""
    if isinstance(given, MemberGiven):
        return _identifiers(given.identifiers, "nik", given.national_id)
    return _identifiers(given.identifiers, "npwp", given.tax_id)


def id_given(given: MemberGiven | ProviderGiven, sealer: Sealer) -> str:
    """The id of a person as it was given, or made of the first identifier: whoever sends them again means the same.

    It is made under the index key. Ids are not sealed, and a plain digest of a NIK is found by trying all of them.
    """
    own = given.member_id if isinstance(given, MemberGiven) else given.provider_id
    if own is not None:
        return own
    prefix, table = ("M", "members") if isinstance(given, MemberGiven) else ("P", "providers")
    first = identifiers_of(given)[0]
    index = sealer.index(identifier_text(first.system, first.value), f"{table}.made_id")
    return f"{prefix}-{index.hex()[:32]}"


def given_json(record: PersonRecord) -> dict[str, Any]:
    """The record as it would be given: what a merge patch is applied to."""
    found: dict[str, Any] = {
        "name": record.name,
        "identifiers": [{"system": one.system, "value": one.value} for one in record.identifiers],
        "contact": _contact_json(record.contact),
        "account": _account_json(record.account, hidden=False),
    }
    if isinstance(record, Member):
        own = {"birthDate": text_of(record.birth_date), "sex": record.sex, "relationship": record.relationship}
        return found | own | {"memberId": record.member_id, "coverages": _coverages(record)}
    return found | {"providerId": record.provider_id, "kind": record.kind, "networks": _networks(record)}


def shown_json(record: PersonRecord, account_hidden: bool) -> dict[str, Any]:
    """The record as it is told of."""
    found = given_json(record)
    if account_hidden:
        found["account"] = _account_json(record.account, hidden=True)
    ended = None if record.ended_on is None else text_of(record.ended_on)
    return found | {"status": _standing(record), "endedOn": ended, "release": record.release}


def eligibility_json(member: Member) -> dict[str, Any]:
    """What a provider is shown of a member."""
    return {
        "memberId": member.member_id,
        "name": member.name,
        "status": _standing(member),
        "coverages": _coverages(member),
        "release": member.release,
    }


def _standing(record: PersonRecord) -> str:
    return "active" if record.ended_on is None else "ended"


def _day(day: date | None) -> int | None:
    return None if day is None else day_of(day)


def _text(day: int | None) -> str | None:
    return None if day is None else text_of(day)


def _identifiers(given: Sequence[IdentifierIntake], system: str, value: str | None) -> tuple[Identifier, ...]:
    own = (Identifier(system, value),) if value is not None else ()
    return own + tuple(Identifier(one.system, one.value) for one in given)


def _contact(given: ContactGiven | None) -> Contact | None:
    made = None if given is None else Contact(**given.model_dump())
    return None if made == Contact() else made


def _account(given: PayeeIntake | None) -> Payee | None:
    return None if given is None else Payee(given.name, given.bank_code, given.account_number)


def _contact_json(contact: Contact | None) -> dict[str, Any] | None:
    if contact is None:
        return None
    c = contact
    return {
        "email": c.email, "phone": c.phone, "address": c.address, "city": c.city, "province": c.province,
        "postalCode": c.postal_code,
    }  # fmt: skip


def _account_json(account: Payee | None, hidden: bool) -> dict[str, Any] | None:
    if account is None:
        return None
    number = account.account_number
    if hidden and number is not None:
        number = "*" * max(len(number) - _SHOWN_DIGITS, _SHOWN_DIGITS) + number[-_SHOWN_DIGITS:][: len(number) // 2]
    return {"name": account.name, "bankCode": account.bank_code, "accountNumber": number}


def _coverages(member: Member) -> list[dict[str, Any]]:
    return [
        {
            "coverageId": s.coverage_id, "planId": s.plan_id, "effectiveFrom": text_of(s.effective_from),
            "effectiveTo": _text(s.effective_to), "otherPayerFirst": s.other_payer_first,
            "enrolledFrom": _text(s.enrolled_from),
        }
        for s in member.coverages
    ]  # fmt: skip


def _networks(provider: Provider) -> list[dict[str, Any]]:
    return [
        {"networkId": s.network_id, "effectiveFrom": text_of(s.effective_from), "effectiveTo": _text(s.effective_to)}
        for s in provider.networks
    ]
