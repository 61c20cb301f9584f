"""What a letter says around the facts, and how its readers write amounts and days, in English and Indonesian."""

from agents.words import Language, Words
from schemas.dates import calendar_of
from schemas.money import EXPONENTS, decimal_of
from schemas.money_text import format_money
from schemas.vocabulary import Substatus

TITLE = Words("Explanation of benefits", "Penjelasan manfaat")
DATE = Words("Date of this letter", "Tanggal surat")
# Where settings do not name the payer.
PAYER = Words("Your health plan", "Program kesehatan Anda")
NO_BILL = Words(
    "This is not a bill. It tells how your claim was decided.",
    "Ini bukan tagihan. Surat ini menjelaskan keputusan atas klaim Anda.",
)
# Of a version that ended: what became of it, on which day.
ENDED: dict[Substatus, tuple[Words, Words]] = {
    "voided": (
        Words("This claim was voided on {day}.", "Klaim ini dibatalkan pada {day}."),
        Words("This claim was voided.", "Klaim ini sudah dibatalkan."),
    ),
    "replaced": (
        Words(
            "This claim was replaced by a newer one on {day}; that one has a letter of its own.",
            "Klaim ini digantikan oleh klaim yang lebih baru pada {day}; klaim itu mempunyai surat sendiri.",
        ),
        Words(
            "This claim was replaced by a newer one; that one has a letter of its own.",
            "Klaim ini sudah digantikan oleh klaim yang lebih baru; klaim itu mempunyai surat sendiri.",
        ),
    ),
    "overturned": (
        Words(
            "Your appeal succeeded on {day}; the claim is decided anew, and that has a letter of its own.",
            "Keberatan Anda diterima pada {day}; klaim diputuskan kembali, dengan surat tersendiri.",
        ),
        Words(
            "Your appeal succeeded; the claim is decided anew, and that has a letter of its own.",
            "Keberatan Anda diterima; klaim diputuskan kembali, dengan surat tersendiri.",
        ),
    ),
}
NO_LONGER = Words(
    "What an earlier letter said of it no longer holds.", "Isi surat sebelumnya tentang klaim ini tidak berlaku lagi."
)
APPEAL = Words(
    "If you do not agree, you may appeal: tell us the claim number and why. Your plan says until when.",
    "Bila Anda tidak setuju, Anda boleh mengajukan keberatan: sebutkan nomor klaim dan alasannya. Batas waktunya "
    "tertulis dalam program Anda.",
)
APPEAL_TO = Words("Send your appeal to: {address}", "Kirim keberatan Anda ke: {address}")
APPEAL_TO_CARD = Words(
    "Send your appeal to the address on your member card.", "Kirim keberatan Anda ke alamat pada kartu peserta Anda."
)
WHY = Words("Why", "Alasan")
REMEDY = Words("What would change it", "Yang dapat mengubahnya")
UNIT, UNITS = Words("unit", "satuan"), Words("units", "satuan")
HEAD = {
    "claim": Words("Claim", "Klaim"),
    "member": Words("Member", "Peserta"),
    "provider": Words("Provider", "Penyedia layanan"),
    "days": Words("Days of care", "Tanggal perawatan"),
    "plan": Words("Plan", "Program"),
    "outcome": Words("Outcome", "Keputusan"),
}
COLUMNS = (
    Words("Service", "Layanan"),
    Words("Date", "Tanggal"),
    Words("Charged", "Tagihan"),
    Words("Taken off", "Pengurangan"),
    Words("Plan pays", "Dibayar program"),
    Words("You pay", "Bagian Anda"),
)
TOTAL = Words("Total", "Jumlah")
OTHERS = Words("Paid by other insurers, within what was taken off", "Dibayar penjamin lain, dalam pengurangan")
MONTHS = (
    Words("January", "Januari"),
    Words("February", "Februari"),
    Words("March", "Maret"),
    Words("April", "April"),
    Words("May", "Mei"),
    Words("June", "Juni"),
    Words("July", "Juli"),
    Words("August", "Agustus"),
    Words("September", "September"),
    Words("October", "Oktober"),
    Words("November", "November"),
    Words("December", "Desember"),
)


def day_in_words(day: int, language: Language) -> str:
    """A day as days are written in letters: `14 August 2026`, `14 Agustus 2026`."""
    date = calendar_of(day)
    return f"{date.day} {MONTHS[date.month - 1].in_language(language)} {date.year}"


def amount_in_words(minor: int, currency: str, language: Language) -> str:
    """Minor units as the reader writes amounts: `IDR 900,000` and `$1,250.00`; `Rp 900.000` and `USD 1.250,00`.

    A point stands between thousands in Indonesian: `Rp 900.000` is nine hundred to a reader of English.
    """
    amount = decimal_of(minor, currency)
    if (currency == "IDR") == (language == "id"):
        return format_money(amount, currency)
    digits = f"{abs(amount):,.{EXPONENTS.get(currency, 2)}f}"
    if language == "id":
        digits = digits.translate(str.maketrans(",.", ".,"))
    return f"{'-' if minor < 0 else ''}{currency} {digits}"
