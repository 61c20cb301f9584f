"""What `claims explain` writes around an explanation, in the languages that it comes in."""

from decimal import Decimal

from agents.words import Language, Words

TEXTS = {
    "title": Words("Claim {number}, version {version} ({substatus})", "Klaim {number}, versi {version} ({substatus})"),
    "reference": Words("reference release {release}, plan {plan}", "rilis data acuan {release}, program {plan}"),
    "since": Words(" (from {day})", " (mulai {day})"),
    "contract": Words(", contract {contract}", ", kontrak {contract}"),
    "none": Words("none", "tidak ada"),
    "pend": Words("waits for {queue} until {day}: {text} ({code})", "menunggu {queue} sampai {day}: {text} ({code})"),
    "approval": Words("{kind} by a {role} at {at}", "{kind} oleh {role} pada {at}"),
    "line": Words("line {line}: {code}, {quantity}, {verdict}", "baris {line}: {code}, {quantity}, {verdict}"),
    "reversed": Words("reversed: ", "dibalik: "),
    "unit": Words("{count} unit", "{count} satuan"),
    "units": Words("{count} units", "{count} satuan"),
    "units_denied": Words(", {count} denied", ", {count} ditolak"),
    "amounts": Words(
        "{currency}: charged {charged}, allowed {allowed}, paid {paid}, member {member}",
        "{currency}: tagihan {charged}, diakui {allowed}, dibayar {paid}, bagian peserta {member}",
    ),
    "remedy": Words("what would change it: {remedy}", "yang dapat mengubahnya: {remedy}"),
}
# Of codes that the JSON keeps as they are; those that are not here are told as they are.
CODES = {
    "passed": Words("passed", "disetujui"),
    "denied": Words("denied", "ditolak"),
    "pended": Words("pended", "menunggu"),
    "approve": Words("approve", "persetujuan"),
    "deny": Words("deny", "penolakan"),
    "uphold": Words("uphold", "penolakan keberatan"),
    "overturn": Words("overturn", "penerimaan keberatan"),
}
STEP_HEADINGS = (
    Words("rule", "aturan"),
    Words("what it says", "bunyinya"),
    Words("before", "sebelum"),
    Words("after", "sesudah"),
    Words("with", "dengan"),
)
ADJUSTMENT_HEADINGS = (
    Words("code", "kode"),
    Words("amount", "jumlah"),
    Words("why", "alasan"),
    Words("who bears it", "yang menanggung"),
    Words("rule", "aturan"),
)


class Speaker:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, name: str, /, **values: object) -> str:
        """The text of that name with its values."""
        return TEXTS[name].in_language(self.language).format(**values)

    def code(self, code: str) -> str:
        """A code in words."""
        words = CODES.get(code)
        return code if words is None else words.in_language(self.language)

    def headings(self, words: tuple[Words, ...]) -> list[str]:
        """Headings of a table."""
        return [heading.in_language(self.language) for heading in words]

    def amount(self, amount: Decimal) -> str:
        """`1,250.50`, in Indonesian `1.250,50`."""
        text = f"{amount:,}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "id" else text

    def units(self, count: Decimal) -> str:
        """`1 unit`, `2.5 units`."""
        return self("unit" if count == 1 else "units", count=self.amount(count))
