"""Phrases within the texts of rules, in both languages (agents/catalog_texts.py)."""

from agents.catalog_texts import ASKED_BEFOREHAND
from agents.words import Words

PHRASES: dict[str, tuple[Words, ...]] = {
    "ages": (
        Words("from {low} to {high}", "{low} sampai {high}"),
        Words("from {low}", "mulai {low}"),
        Words("up to {high}", "sampai {high}"),
    ),
    "code_format": (
        Words("5 characters, such as 99213 or J1100", "5 karakter, seperti 99213 atau J1100"),
        Words("D and 4 digits, such as D1110", "D dan 4 angka, seperti D1110"),
        Words("11 digits", "11 angka"),
        Words("4 digits, such as 0120", "4 angka, seperti 0120"),
        Words(
            "up to 30 capitals, digits, dots and hyphens",
            "paling banyak 30 huruf besar, angka, titik, dan tanda hubung",
        ),
    ),
    "codes": (Words("none", "tidak satu pun"), Words("{codes:any}", "{codes}")),
    "differs": (
        Words("provider", "penyedia"),
        Words("last day", "hari terakhir"),
        Words("modifiers", "pengubah kode"),
        Words("units", "satuan"),
        Words("charge", "tagihan"),
    ),
    "either": (Words("{modifier}", "{modifier}"),),
    "form": (Words("professional", "profesional"), Words("institutional", "institusional")),
    "group": (Words("", ""), Words(", group {group:any}", ", kelompok {group}")),
    "measure": (Words("visits", "kunjungan"), Words("units", "satuan"), Words("days", "hari")),
    "outcome": (Words("voided", "dibatalkan"), Words("replaced", "digantikan")),
    "period": (
        Words("claim", "per klaim"),
        Words("day", "per hari"),
        Words("period", "per periode"),
        Words("lifetime", "seumur hidup"),
    ),
    "scope": (
        Words("line", "per baris"),
        Words("visit", "per kunjungan"),
        Words("day", "per hari"),
        Words("admission", "per rawat inap"),
    ),
    "service": (
        Words("{code} on {day}", "{code} pada {day}"),
        Words("{code} from {first} to {last}", "{code} dari {first} sampai {last}"),
    ),
    "service_type": (
        Words("inpatient", "rawat inap"),
        Words("outpatient", "rawat jalan"),
        Words("dental", "gigi"),
        Words("optical", "optik"),
        Words("maternity", "persalinan"),
        Words("emergency", "gawat darurat"),
    ),
    "tranches": (Words("{rate} up to {until}", "{rate} sampai {until}"),),
    "wanted": (*ASKED_BEFOREHAND, Words("{one:asked} and {more} more", "{one} dan {more} lagi")),
    "asked": ASKED_BEFOREHAND,
    "where": (
        Words("line {line} of this claim", "baris {line} klaim ini"),
        Words("line {line} of claim {claim}", "baris {line} klaim {claim}"),
    ),
    "with_number": (Words("", ""), Words(" with the number {number:any}", " bernomor {number}")),
}
# What stands between the parts of a phrase that is a list.
LISTS: dict[str, Words] = {
    "differs": Words(", ", ", "),
    "either": Words(" or ", " atau "),
    "tranches": Words(", ", ", "),
    "wanted": Words(", ", ", "),
}
