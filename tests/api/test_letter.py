"""The letter to the member: what it says, in which words, of whom, and how it looks."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from api.letter import Around, Letter, letter_of
from api.letter_html import html_of
from api.letter_words import MONTHS, amount_in_words, day_in_words
from config.settings import LetterSettings
from schemas.dates import parse_day
from schemas.decision import Decision
from schemas.envelope import Finding
from schemas.reference_changes import PersonRecord
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, CODEC, FakePublisher, FakeStore, bearer, stored_claim
from tests.api.people_fakes import FakePeopleParts
from tests.api.people_samples import BUDI, KLINIK
from tests.sinks import records

PATH = f"/api/v1/claims/{CLAIM_ID}/eob"
PAYER = LetterSettings(
    payer_name="Nusantara", payer_address="Jalan Merdeka 1, Jakarta", appeal_address="keberatan@x.id"
)
AROUND = Around(PAYER, parse_day("2026-08-14"))
MISSING = Finding("A-AUTHORIZATION-MISSING", "lines[2]", "none fits", "an authorization covering 99213 on 2026-03-02")


def decided(**changes: Any) -> Decision:
    return records.partly_denied(MISSING, **changes)


async def get(client: Client, store: FakeStore, query: str, decision: Decision, headers: Any = ADMIN) -> Any:
    written = datetime(2026, 3, 9, 18, tzinfo=UTC)
    store.stored[CLAIM_ID] = stored_claim(substatus=decision.substatus, revision=decision.revision, decided_at=written)
    store.decisions[CLAIM_ID] = CODEC.encode(decision)
    return await client.get(PATH + query, headers=headers)


def test_who_writes_when_and_where_an_appeal_goes() -> None:
    letter = letter_of(decided(), "en", AROUND)
    assert (letter.payer, letter.address) == ("Nusantara", "Jalan Merdeka 1, Jakarta")
    assert letter.date == "Date of this letter: 14 August 2026"
    assert letter_of(decided(), "id", AROUND).date == "Tanggal surat: 14 Agustus 2026"
    assert letter.notes[-1] == "Send your appeal to: keberatan@x.id"


APPEALS: list[tuple[LetterSettings, str, str]] = [
    # what is set, and where an English and an Indonesian letter send an appeal
    (PAYER, "Send your appeal to: keberatan@x.id", "Kirim keberatan Anda ke: keberatan@x.id"),
    (
        LetterSettings(payer_address="Jalan {Merdeka}"),
        "Send your appeal to: Jalan {Merdeka}",
        "Kirim keberatan Anda ke: Jalan {Merdeka}",
    ),
    (
        LetterSettings(),
        "Send your appeal to the address on your member card.",
        "Kirim keberatan Anda ke alamat pada kartu peserta Anda.",
    ),
]


@pytest.mark.parametrize(("payer", "english", "indonesian"), APPEALS)
def test_a_letter_always_says_where_an_appeal_goes(payer: LetterSettings, english: str, indonesian: str) -> None:
    around = Around(payer, AROUND.day)
    assert letter_of(decided(), "en", around).notes[-1] == english
    assert letter_of(decided(), "id", around).notes[-1] == indonesian


def test_a_payer_without_a_name_is_the_plan_of_the_member() -> None:
    around = Around(LetterSettings(), AROUND.day)
    payers = [letter_of(decided(), language, around).payer for language in ("en", "id")]
    assert payers == ["Your health plan", "Program kesehatan Anda"]


AMOUNTS: list[tuple[int, str, str, str]] = [
    # minor units, currency, in English, in Indonesian
    (900_000, "IDR", "IDR 900,000", "Rp 900.000"),
    (-83_298_500, "IDR", "-IDR 83,298,500", "-Rp 83.298.500"),
    (0, "IDR", "IDR 0", "Rp 0"),
    (125_000, "USD", "$1,250.00", "USD 1.250,00"),
    (-5, "USD", "-$0.05", "-USD 0,05"),
    (1_500, "JPY", "¥1,500", "JPY 1.500"),
]


@pytest.mark.parametrize(("minor", "currency", "english", "indonesian"), AMOUNTS)
def test_amounts_are_written_as_their_reader_writes_them(
    minor: int, currency: str, english: str, indonesian: str
) -> None:
    assert amount_in_words(minor, currency, "en") == english
    assert amount_in_words(minor, currency, "id") == indonesian


DAYS: list[tuple[str, str, str]] = [
    ("2026-09-14", "14 September 2026", "14 September 2026"),
    ("2026-03-02", "2 March 2026", "2 Maret 2026"),
    ("2024-02-29", "29 February 2024", "29 Februari 2024"),
    ("2026-12-31", "31 December 2026", "31 Desember 2026"),
]


@pytest.mark.parametrize(("day", "english", "indonesian"), DAYS)
def test_days_are_written_as_in_letters(day: str, english: str, indonesian: str) -> None:
    assert (day_in_words(parse_day(day), "en"), day_in_words(parse_day(day), "id")) == (english, indonesian)
    assert len({month.id for month in MONTHS}) == 12


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_letter_shows_a_day_of_the_iso_calendar(language: Any) -> None:
    text = html_of(letter_of(decided(), language, AROUND))
    assert "2026-0" not in text.replace(decided().claim_number, "")


def test_a_voided_claim_says_that_it_was_and_when() -> None:
    ended = replace(AROUND, ended_on=parse_day("2026-03-10"))
    letter = letter_of(records.voided(decided()), "en", ended)
    no_longer = "What an earlier letter said of it no longer holds."
    assert letter.opening == f"This claim was voided on 10 March 2026. {no_longer}"
    assert (letter.rows, letter.notes) == ((), ())
    assert letter_of(records.voided(decided()), "id", ended).opening.startswith(
        "Klaim ini dibatalkan pada 10 Maret 2026."
    )
    assert letter_of(records.voided(decided()), "en", AROUND).opening == f"This claim was voided. {no_longer}"


@pytest.mark.parametrize(
    ("substatus", "says"),
    [("replaced", "was replaced by a newer one on 10 March 2026"), ("overturned", "appeal succeeded on 10 March 2026")],
)
def test_a_version_that_ended_otherwise_says_how(substatus: Any, says: str) -> None:
    gone = replace(records.voided(decided()), substatus=substatus)
    assert says in letter_of(gone, "en", replace(AROUND, ended_on=parse_day("2026-03-10"))).opening


def test_without_services_there_is_no_table_of_nothing() -> None:
    page = html_of(letter_of(records.voided(decided()), "en", AROUND))
    assert ("$0.00" in page, 'class="lines"' in page) == (False, False)


async def test_the_day_of_a_void_is_that_of_the_payer(client: Client, store: FakeStore) -> None:
    text = await (await get(client, store, "", records.voided(decided()))).text()
    assert "This claim was voided on 10 March 2026." in text


async def test_a_row_of_another_revision_tells_no_day(client: Client, store: FakeStore) -> None:
    await get(client, store, "", records.voided(decided()))
    store.stored[CLAIM_ID].claim["revision"] = 1  # type: ignore[index]  # a dictionary, in this fake
    assert "This claim was voided. " in await (await client.get(PATH, headers=ADMIN)).text()


OWN = bearer("member", sub="budi", member_id="MBR-1")
CLINIC = bearer("provider", sub="clinic", provider_id="PRV-1")
DOCTOR = replace(KLINIK, name="dr. Sari Dewi", kind="physician")
WHO_SEES: list[tuple[str, Any, PersonRecord, str, str, list[str]]] = [
    # who asks,    with,     provider, member in the letter,     provider in the letter,   recorded looks at people
    ("staff",      ADMIN,    KLINIK,   "Budi Santoso (MBR-1)", "Klinik Sehat (PRV-1)",   ["member", "provider"]),
    ("the member", OWN,      KLINIK,   "Budi Santoso (MBR-1)", "Klinik Sehat (PRV-1)",   ["member", "provider"]),
    ("the clinic", CLINIC,   KLINIK,   "MBR-1",                "Klinik Sehat (PRV-1)",   ["provider"]),
    ("staff",      ADMIN,    DOCTOR,   "Budi Santoso (MBR-1)", "dr. Sari Dewi (PRV-1)",  ["member", "provider"]),
    ("the member", OWN,      DOCTOR,   "Budi Santoso (MBR-1)", "PRV-1",                  ["member"]),
    ("the doctor", CLINIC,   DOCTOR,   "MBR-1",                "dr. Sari Dewi (PRV-1)",  ["provider"]),
]  # fmt: skip


@pytest.mark.parametrize(("who", "headers", "provider", "member_text", "provider_text", "views"), WHO_SEES)
async def test_names_are_for_those_who_may_look_them_up(
    client: Client, store: FakeStore, publisher: FakePublisher, person_parts: FakePeopleParts,
    who: str, headers: Any, provider: PersonRecord, member_text: str, provider_text: str, views: list[str],
) -> None:  # fmt: skip
    person_parts.store.put(BUDI, provider)
    decision = decided(member_id="MBR-1", provider_id="PRV-1")
    text = await (await get(client, store, "", decision, headers)).text()
    assert f"<td>{member_text}</td>" in text, who
    assert f"<td>{provider_text}</td>" in text, who
    assert [read.view for read in publisher.reads()] == ["explanation", *views]


async def test_a_letter_without_names_is_given_while_nobody_can_be_looked_up(
    client: Client, store: FakeStore, person_parts: FakePeopleParts
) -> None:
    person_parts.store.put(BUDI, KLINIK)
    person_parts.store.away = "gone"
    response = await get(client, store, "", decided(member_id="MBR-1", provider_id="PRV-1"))
    assert (response.status, "Budi" in await response.text()) == (200, False)


def test_a_person_who_denied_a_pend_leaves_its_remedy() -> None:
    line = replace(decided().lines[1], findings=(Finding("L-DENIED", "claim", "denied"),))
    assert letter_of(records.decision(1, lines=(line,)), "en", AROUND).rows[0].remedies == (
        "an approval (or letter of guarantee) for this service, provider and day",
    )


def test_a_limit_is_told_in_the_words_of_its_rule() -> None:
    line = replace(
        records.line(1), findings=(Finding("P-LIMIT:dental", "lines[1]", "limit dental: 1 a day, 1 was used"),)
    )
    reasons = letter_of(records.decision(1, lines=(line,)), "id", AROUND).rows[0].reasons
    assert reasons[-1] == "Batas manfaat ini dalam program sudah tercapai."


def test_other_insurers_and_denied_units_are_told() -> None:
    line = replace(records.line(1), other_paid=2_500)
    letter = letter_of(records.decision(1, lines=(line,)), "en", AROUND)
    assert letter.others == ("Paid by other insurers, within what was taken off", "$25.00")
    assert "copay (1 unit) (PR-3)" in " ".join(letter.rows[0].reasons)


async def test_the_letter_as_a_page(client: Client, store: FakeStore) -> None:
    response = await get(client, store, "?lang=id", decided())
    text = await response.text()
    assert response.content_type == "text/html"
    assert "script" not in text
    assert "style-src 'sha256-" in response.headers["Content-Security-Policy"]
    for shown in (
        "Penjelasan manfaat",
        "USD 100,00",
        "tanpa persetujuan lebih dulu (CO-197)",
        "persetujuan (atau surat",
    ):
        assert shown in text


def test_a_narrow_screen_has_every_amount_whole_and_under_its_name() -> None:
    page = html_of(letter_of(decided(), "en", AROUND))
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert page.count('<td data-column="You pay">') == 3
    for rule in ("white-space:nowrap", "@media screen and (max-width:46rem)", "content:attr(data-column)"):
        assert rule in page


def test_markup_is_text() -> None:
    around = replace(AROUND, payer=LetterSettings(payer_name="<i>y</i>"), provider_name="<u>z</u>")
    text = html_of(letter_of(decided(member_id="<b>x</b>"), "id", around))
    for shown in ("&lt;b&gt;x&lt;/b&gt;", "&lt;i&gt;y&lt;/i&gt;", "&lt;u&gt;z&lt;/u&gt;"):
        assert shown in text


@pytest.mark.parametrize(
    "member", ["M-1", "Siti Nurhaliza", "王小明", "Łukasz „Ł“", "a\x00b\x07", "<para>&amp;", "😀" * 50]
)
async def test_the_letter_as_pdf_takes_any_name(client: Client, store: FakeStore, member: str) -> None:
    response = await get(client, store, "?format=pdf", decided(member_id=member))
    body = await response.read()
    assert (response.status, response.content_type, body[:5]) == (200, "application/pdf", b"%PDF-")


async def test_the_same_letter_has_the_same_bytes(client: Client, store: FakeStore) -> None:
    one = await (await get(client, store, "?format=pdf", decided())).read()
    other = await (await get(client, store, "?format=pdf", decided())).read()
    assert one == other


def pages(letter: Letter) -> int:
    from api.letter_pdf import pdf_of

    return pdf_of(letter).count(b"/Type /Page\n")


def test_a_long_claim_has_several_pages_and_a_voided_one_a_single_one() -> None:
    lines = tuple(records.line(number, 10_000, 8_000) for number in range(1, 200))
    assert pages(letter_of(records.decision(1, lines=lines), "en", AROUND)) >= 5
    assert pages(letter_of(records.voided(decided()), "id", AROUND)) == 1
