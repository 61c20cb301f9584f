"""Members and providers whom nobody knows: the front end says so, and which identifier cannot be anybody's."""

from dataclasses import replace

import pytest

from schemas.claim import Identifier
from tests.agents.test_validate import GOOD, NOBODY, UNKNOWN_PROVIDER, rejection

# Identifiers of a member whom nobody knows; what is said of them beside that.
MEMBERS: list[tuple[list[tuple[str, str]], list[tuple[str, str]]]] = [
    ([("nik", "317401120384001")], [("member.identifiers[1].value", "is no NIK: 16 digits")]),
    ([("nik", "3174011203840009")], []),
    ([("member_number", "317401120384001")], []),
    ([("member_number", "77"), ("npwp", "1234")], [("member.identifiers[2].value", "is no NPWP")]),
    ([("NIK", "3174011203840009")], [("member.identifiers[1].system", "must be small letters")]),
    ([("nikk", "3174011203840009")], [("member.identifiers[1].system", "is no system that we know")]),
]


@pytest.mark.parametrize(("identifiers", "expected"), MEMBERS)
def test_an_unknown_member(identifiers: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    named = replace(NOBODY, member_id=None, identifiers=tuple(Identifier(*pair) for pair in identifiers))
    first, *others = rejection(replace(GOOD, member=named)).findings
    assert (first.code, first.place) == ("V-MEMBER-UNKNOWN", "member")
    assert [(one.code, one.place) for one in others] == [("V-MEMBER-UNKNOWN", place) for place, _ in expected]
    assert all(one.text.startswith(text) for one, (_, text) in zip(others, expected, strict=True))
    assert not any(value in one.text for one in others for _, value in identifiers)


def test_identifiers_beside_an_unknown_id_are_not_looked_at() -> None:
    named = replace(NOBODY, member_id="M-NONE", identifiers=(Identifier("nik", "1"),))
    assert [one.place for one in rejection(replace(GOOD, member=named)).findings] == ["member"]


def test_an_unknown_provider() -> None:
    named = replace(UNKNOWN_PROVIDER, provider_id=None, identifiers=(Identifier("npi", "123"),))
    findings = rejection(replace(GOOD, provider=named)).findings
    assert [one.place for one in findings] == ["provider", "provider.identifiers[1].value"]
