"""The exact texts of the front end, as they are written in a rejection, and in Indonesian (agents/catalog_texts.py)."""

from agents.words import Words

_OUR_RECORD = Words(
    "differs from our record, which counts; tell the member services which is right",
    "berbeda dari data kami, yang berlaku; beri tahu layanan peserta mana yang benar",
)
# What is wrong with an identifier (schemas/identity.py).
_IDENTIFIERS = (
    Words(
        "is no NIK: 16 digits with province, a date of birth (day + 40 for women) and a serial",
        "bukan NIK: 16 angka dengan provinsi, tanggal lahir (hari + 40 untuk perempuan), dan nomor urut",
    ),
    Words("is no NPWP: 16 digits, or the older 15", "bukan NPWP: 16 angka, atau 15 angka yang lama"),
    Words("is no NPI: 10 digits", "bukan NPI: 10 angka"),
    Words("must be small letters, digits and _, such as nik", "harus huruf kecil, angka, dan _, seperti nik"),
    Words(
        "is no system that we know, and the value has the form of one that is: did you mean {system}?",
        "tidak kami kenal, dan nilainya berbentuk seperti yang kami kenal: maksudnya {system}?",
    ),
)

FRONT_END_TEXTS: dict[str, tuple[Words, ...]] = {
    "V-ADMISSION": (
        Words(
            "services may begin up to {days} days before the admission; bill earlier ones apart",
            "layanan boleh mulai paling awal {days} hari sebelum masuk rawat; tagih yang lebih awal secara terpisah",
        ),
    ),
    "V-AFTER-DISCHARGE": (
        Words(
            "services of a stay end with the discharge; bill later ones apart",
            "layanan rawat inap berakhir saat pulang; tagih yang sesudahnya secara terpisah",
        ),
    ),
    "V-BIRTH-DATE": (Words("is after the first day of service", "sesudah hari pertama layanan"),),
    "V-CODE-FORMAT": (Words("is no code of {system}: {format:code_format}", "bukan kode {system}: {format}"),),
    "V-CODE-SYSTEM": (Words("must be one of {list:any}", "harus salah satu dari {list}"),),
    "V-COVERAGE-NONE": (Words("the member has never been covered", "peserta tidak pernah mempunyai kepesertaan"),),
    "V-CURRENCY": (Words("must be one of {list:any}", "harus salah satu dari {list}"),),
    "V-CURRENCY-OF-PLAN": (
        Words(
            "the claim is in {currency}, the member's plan in {own}",
            "klaim dalam {currency}, program peserta dalam {own}",
        ),
    ),
    "V-DIAGNOSES-MANY": (Words("more than {most}", "lebih dari {most}"),),
    "V-DIAGNOSIS-FORMAT": (Words("is no code of {system}", "bukan kode {system}"),),
    "V-DIAGNOSIS-MISSING": (
        Words(
            "a {form:form} claim needs at least one diagnosis",
            "klaim {form} memerlukan paling sedikit satu diagnosis",
        ),
    ),
    "V-DISCHARGE": (Words("is before the admission", "sebelum masuk rawat"),),
    "V-FREQUENCY": (
        Words(
            "must be 1 (original), 7 (replacement) or 8 (void)", "harus 1 (baru), 7 (pengganti), atau 8 (pembatalan)"
        ),
    ),
    "V-LINE-CHARGE": (Words("must be 0 or more", "harus 0 atau lebih"),),
    "V-LINE-DATES": (
        Words(
            "must lie within the claim's {first} to {last}",
            "harus berada dalam tanggal klaim, {first} sampai {last}",
        ),
    ),
    "V-LINE-NUMBER": (Words("line numbers must be unique and from 1", "nomor baris harus unik dan mulai dari 1"),),
    "V-LINE-UNITS": (Words("must be more than 0", "harus lebih dari 0"),),
    "V-LINES-MISSING": (Words("a claim needs at least one line", "klaim memerlukan paling sedikit satu baris"),),
    "V-MEMBER-BIRTH-DATE": (_OUR_RECORD,),
    "V-MEMBER-SEX": (_OUR_RECORD,),
    "V-MEMBER-UNKNOWN": (
        Words(
            "no member has this id or any of these identifiers",
            "tidak ada peserta dengan nomor atau identitas ini",
        ),
        *_IDENTIFIERS,
    ),
    "V-MODIFIER": (
        Words("up to {most} modifiers of 2 characters", "paling banyak {most} pengubah kode, masing-masing 2 karakter"),
    ),
    "V-NPI-CHECK-DIGIT": (Words("the check digit of the NPI does not fit", "angka pemeriksa NPI tidak cocok"),),
    "V-ORIGINAL-MISSING": (
        Words(
            "a replacement or void names its original, by our claim number or by yours, and has a number of its own",
            "pengganti atau pembatalan menyebut klaim asalnya, dengan nomor klaim kami atau nomor Anda, dan mempunyai "
            "nomor sendiri",
        ),
    ),
    "V-ORIGINAL-OTHERS": (
        Words(
            "names no claim that this sender may change; check the number, and name the billing provider of the "
            "original, or send it as its submitter for the same member",
            "tidak menyebut klaim yang boleh diubah pengirim ini; periksa nomornya, dan sebutkan penyedia penagih dari "
            "klaim asal, atau kirim sebagai pengirimnya untuk peserta yang sama",
        ),
    ),
    "V-ORIGINAL-REJECTED": (
        Words(
            "the original was rejected at the front end; send it again mended, as an original",
            "klaim asal ditolak saat penerimaan; perbaiki dan kirim lagi sebagai klaim baru",
        ),
    ),
    "V-ORIGINAL-VOIDED": (
        Words(
            "the original is voided; what is to be claimed again is a new original under a number of its own",
            "klaim asal sudah dibatalkan; yang hendak diajukan lagi adalah klaim baru dengan nomor sendiri",
        ),
    ),
    "V-OTHER-PAYER-AMOUNT": (
        Words(
            "what a payer paid or allowed must be 0 or more",
            "yang dibayar atau diakui penjamin harus 0 atau lebih",
        ),
        Words("an adjustment is too large to be one", "penyesuaian terlalu besar"),
    ),
    "V-OTHER-PAYER-GROUP": (Words("a group is one of {list:any}", "golongan harus salah satu dari {list}"),),
    "V-OTHER-PAYER-LINE": (
        Words(
            "speaks of line {lines:any}, which the claim does not have",
            "menyebut baris {lines}, yang tidak ada dalam klaim",
        ),
    ),
    "V-OTHER-PAYERS-MANY": (Words("more than {most}", "lebih dari {most}"),),
    "V-PAYEE-MISSING": (Words("a reimbursement names whom to pay", "klaim penggantian menyebut siapa yang dibayar"),),
    "V-PLACE-OF-SERVICE": (Words("must be 2 digits", "harus 2 angka"),),
    "V-POINTER": (
        Words(
            "points to a diagnosis that is not there; the claim has {count}",
            "menunjuk diagnosis yang tidak ada; klaim mempunyai {count}",
        ),
    ),
    "V-PROVIDER-UNKNOWN": (
        Words(
            "no provider has this id or any of these identifiers; a cashless claim needs a known one",
            "tidak ada penyedia dengan nomor atau identitas ini; klaim nontunai memerlukan penyedia yang dikenal",
        ),
        *_IDENTIFIERS,
    ),
    "V-REVENUE-CODE": (Words("must be 4 digits", "harus 4 angka"),),
    "V-ROOT-ID": (
        Words(
            "an original names no earlier claim; send a correction as frequency 7, or leave the original out",
            "klaim baru tidak menyebut klaim sebelumnya; kirim perbaikan dengan frekuensi 7, atau jangan sebut "
            "klaim asal",
        ),
    ),
    "V-SERVICE-DATES": (
        Words(
            "the last day of service is before the first, or out of range",
            "hari terakhir layanan sebelum hari pertama, atau di luar jangkauan",
        ),
    ),
    "V-SERVICE-FUTURE": (
        Words(
            "{day} is after the day of acceptance, {today}; claim services once given",
            "{day} sesudah hari penerimaan, {today}; ajukan layanan setelah diberikan",
        ),
    ),
    "V-SERVICE-TOO-OLD": (
        Words(
            "services before {day} are too old to be decided: their balances are closed",
            "layanan sebelum {day} terlalu lama untuk diputuskan: saldonya sudah ditutup",
        ),
    ),
    "V-TOTAL-CHARGE": (
        Words(
            "is {total} minor units, the lines make {lines}",
            "adalah {total} satuan terkecil, barisnya berjumlah {lines}",
        ),
        Words("is above {most} minor units; split the claim", "di atas {most} satuan terkecil; bagilah klaimnya"),
    ),
}
