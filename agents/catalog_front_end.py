"""Plain words for the rules of the front end: why a claim could not be accepted."""

from agents.words import Words

FRONT_END = {
    "V-ADMISSION": Words(
        "The day of admission is missing or does not fit the stay.",
        "Tanggal masuk rawat tidak ada atau tidak sesuai.",
    ),
    "V-AFTER-DISCHARGE": Words("A service lies after the day of discharge.", "Ada layanan setelah tanggal pulang."),
    "V-BIRTH-DATE": Words("The date of birth is impossible.", "Tanggal lahir tidak mungkin."),
    "V-CODE-FORMAT": Words(
        "The service code is not written as codes of its kind are.",
        "Penulisan kode layanan tidak sesuai jenisnya.",
    ),
    "V-CODE-SYSTEM": Words("The kind of service code is unknown.", "Jenis kode layanan tidak dikenal."),
    "V-CONFLICT": Words(
        "Another claim was accepted under the same number.",
        "Klaim lain sudah diterima dengan nomor yang sama.",
    ),
    "V-COVERAGE-NONE": Words("The member has no coverage on file.", "Peserta tidak mempunyai kepesertaan tercatat."),
    "V-CURRENCY": Words(
        "The currency is unknown, or an amount is too fine for it.",
        "Mata uang tidak dikenal, atau jumlahnya terlalu halus.",
    ),
    "V-CURRENCY-OF-PLAN": Words("The currency is not that of the plan.", "Mata uang bukan mata uang program."),
    "V-DIAGNOSES-MANY": Words("The claim lists too many diagnoses.", "Diagnosis dalam klaim terlalu banyak."),
    "V-DIAGNOSIS-FORMAT": Words("A diagnosis is not written as diagnoses are.", "Penulisan diagnosis tidak benar."),
    "V-DIAGNOSIS-MISSING": Words("The claim names no diagnosis.", "Klaim tidak menyebutkan diagnosis."),
    "V-DISCHARGE": Words(
        "The day of discharge is missing or does not fit the stay.",
        "Tanggal pulang tidak ada atau tidak sesuai.",
    ),
    "V-FREQUENCY": Words(
        "The claim must be an original, a replacement or a void.",
        "Klaim harus berupa klaim baru, pengganti, atau pembatalan.",
    ),
    "V-LINE-CHARGE": Words("The charge of a line is impossible.", "Tagihan pada baris tidak mungkin."),
    "V-LINE-DATES": Words(
        "The days of a line are not within those of the claim.",
        "Tanggal baris di luar tanggal klaim.",
    ),
    "V-LINE-NUMBER": Words("Line numbers must be unique and count from 1.", "Nomor baris harus unik dan mulai dari 1."),
    "V-LINE-UNITS": Words("The quantity of a line is impossible.", "Jumlah satuan pada baris tidak mungkin."),
    "V-LINES-MISSING": Words("The claim has no lines.", "Klaim tidak mempunyai baris."),
    "V-MEMBER-BIRTH-DATE": Words(
        "The date of birth is not that of the member.",
        "Tanggal lahir bukan tanggal lahir peserta.",
    ),
    "V-MEMBER-SEX": Words("The sex is not that of the member.", "Jenis kelamin bukan jenis kelamin peserta."),
    "V-MEMBER-UNKNOWN": Words("No member has this number.", "Tidak ada peserta dengan nomor ini."),
    "V-MODIFIER": Words("A modifier is not written as modifiers are.", "Penulisan pengubah kode tidak benar."),
    "V-NPI-CHECK-DIGIT": Words(
        "The provider's number has a wrong check digit.",
        "Angka pemeriksa nomor penyedia salah.",
    ),
    "V-ORIGINAL-MISSING": Words(
        "The claim to be replaced or voided is not known.",
        "Klaim yang hendak diganti atau dibatalkan tidak dikenal.",
    ),
    "V-ORIGINAL-OTHERS": Words(
        "The claim to be replaced or voided is not the sender's.",
        "Klaim yang hendak diganti atau dibatalkan bukan milik pengirim.",
    ),
    "V-ORIGINAL-REJECTED": Words(
        "The claim to be replaced or voided was never accepted.",
        "Klaim yang hendak diganti atau dibatalkan tidak pernah diterima.",
    ),
    "V-ORIGINAL-VOIDED": Words(
        "The claim to be replaced or voided was voided already.",
        "Klaim yang hendak diganti atau dibatalkan sudah dibatalkan.",
    ),
    "V-OTHER-PAYER-AMOUNT": Words(
        "An amount of the other insurer does not fit the claim.",
        "Jumlah dari penjamin lain tidak sesuai dengan klaim.",
    ),
    "V-OTHER-PAYER-GROUP": Words(
        "A reason of the other insurer is not written as reasons are.",
        "Penulisan alasan penjamin lain tidak benar.",
    ),
    "V-OTHER-PAYER-LINE": Words(
        "The other insurer names a line that the claim does not have.",
        "Penjamin lain menyebut baris yang tidak ada dalam klaim.",
    ),
    "V-OTHER-PAYERS-MANY": Words(
        "The claim lists too many other insurers.",
        "Penjamin lain dalam klaim terlalu banyak.",
    ),
    "V-PAYEE-MISSING": Words(
        "A claim for reimbursement must say whom to pay.",
        "Klaim penggantian harus menyebut siapa yang dibayar.",
    ),
    "V-PLACE-OF-SERVICE": Words("The place of service is unknown.", "Tempat layanan tidak dikenal."),
    "V-POINTER": Words(
        "A line points to a diagnosis that the claim does not list.",
        "Baris menunjuk diagnosis yang tidak ada dalam klaim.",
    ),
    "V-PROVIDER-UNKNOWN": Words("No provider has this number.", "Tidak ada penyedia dengan nomor ini."),
    "V-REVENUE-CODE": Words(
        "The revenue code is not written as such codes are.",
        "Penulisan kode pendapatan tidak benar.",
    ),
    "V-ROOT-ID": Words(
        "The claim names an original that is not its own.",
        "Klaim menyebut klaim asal yang bukan miliknya.",
    ),
    "V-SERVICE-DATES": Words(
        "The days of service are missing or the wrong way round.",
        "Tanggal layanan tidak ada atau terbalik.",
    ),
    "V-SERVICE-FUTURE": Words("The day of service lies in the future.", "Tanggal layanan ada di masa depan."),
    "V-SERVICE-TOO-OLD": Words(
        "The service is too long ago to be decided.",
        "Layanan terlalu lama untuk dapat diputuskan.",
    ),
    "V-TOTAL-CHARGE": Words("The total is not the sum of the lines.", "Jumlah total tidak sama dengan jumlah baris."),
}
