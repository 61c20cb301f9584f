"""Places of findings: kept in the words of records, shown in the words of the API."""

import pytest

from api.places import Places
from schemas.json_text import parse_json
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakeStore, stored_claim

# The submitter numbered the lines itself.
NUMBERS = [10, 20]
SHOWN = [
    # in the record                   of lines   in answers
    ("lines[1].charge",               [1, 2],    "items[0].chargedAmount"),
    ("lines[2].units",                [1, 2],    "items[1].quantity"),
    ("lines[20].service_code",        NUMBERS,   "items[1].serviceCode"),
    ("lines[3]",                      [],        "items[2]"),
    ("lines",                         [],        "items"),
    ("service_from",                  [1],       "serviceDate"),
    ("service_to",                    [1],       "serviceDateTo"),
    ("total_charge",                  [1],       "totalCharge"),
    ("diagnoses[1]",                  [1],       "diagnoses[0]"),
    ("other_payers[2].adjustments",   [1],       "otherPayers[1].adjustments"),
    ("provider.identifiers[1]",       [1],       "provider.identifiers[0]"),
    ("member.birth_date",             [1],       "member.birthDate"),
    ("",                              [1],       ""),
    ("Somewhere else",                [1],       "Somewhere else"),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "numbers", "shown"), SHOWN)
def test_the_place_of_a_finding(stored: str, numbers: list[int], shown: str) -> None:
    assert Places(numbers).shown(stored) == shown


@pytest.mark.parametrize("path", ["", "/explanation"])
async def test_a_rejected_claim_says_where_in_the_words_in_which_it_was_sent(
    client: Client, store: FakeStore, path: str
) -> None:
    negative = '[{"code": "V-LINE-CHARGE", "place": "lines[1].charge", "text": "must be 0 or more"}]'
    store.stored[CLAIM_ID] = stored_claim(substatus="front_end_rejected", status="rejected", findings=negative)
    found = parse_json(await (await client.get(f"/api/v1/claims/{CLAIM_ID}{path}", headers=ADMIN)).read())
    assert isinstance(found, dict)
    assert [finding["place"] for finding in found["findings"]] == ["items[0].chargedAmount"]
