"""The exact texts of the rules that decide an accepted claim: as they are written in a decision, and in Indonesian.

Rules write English, with the ids, days and amounts of the case in it; that stands in the record for ever. A row names
what a text is made of: `{name}` is a word without a space, `{name:kind}` a phrase (agents/catalog_phrases.py) or, as
`any`, whatever stood there, such as the words of a person. Texts, remedies and the inputs of a receipt's steps are told
by the code of their rule.
"""

from agents.words import Words

_COVER = Words("cover under {coverage} on {day}", "kepesertaan pada {coverage} pada {day}")
_ENDED_BY_CLAIM = Words("{outcome:outcome} by claim {claim}", "{outcome} oleh klaim {claim}")
_DAYS_OF_RATE = Words("{rate:any} x {days} days", "{rate} x {days} hari")
_EARLIER = (
    Words("earlier payers paid {paid}", "penjamin sebelumnya membayar {paid}"),
    Words("earlier payers paid {paid} of {allowable}", "penjamin sebelumnya membayar {paid} dari {allowable}"),
)
_WAITS = Words("waits for {wanted:wanted}", "menunggu {wanted}")
ASKED_BEFOREHAND = (
    Words("an authorization covering {service:service}", "persetujuan yang mencakup {service}"),
    Words("a referral for {service:service}", "rujukan untuk {service}"),
)

AUTHORIZE: dict[str, tuple[Words, ...]] = {
    "A-AUTHORIZATION-MISSING": (
        Words(
            "no approved authorization{number:with_number} covers {service:service}; send one, or its number",
            "tidak ada persetujuan{number} yang mencakup {service}; kirim persetujuannya, atau nomornya",
        ),
        ASKED_BEFOREHAND[0],
        _WAITS,
    ),
    "A-COVERAGE-ENDED": (
        Words(
            "coverage ended on {last}, the service was on {day}",
            "kepesertaan berakhir pada {last}, layanan pada {day}",
        ),
        _COVER,
    ),
    "A-COVERAGE-NOT-BEGUN": (
        Words("coverage had not begun on {day}", "kepesertaan belum mulai pada {day}"),
        _COVER,
    ),
    "A-COVERAGE-OTHER": (
        Words(
            "{day} is under another coverage of the member; bill it on a claim of its own",
            "{day} termasuk kepesertaan lain dari peserta; ajukan dengan klaim tersendiri",
        ),
        Words("a claim of its own for that day", "klaim tersendiri untuk hari itu"),
    ),
    "A-ENCOUNTER": (
        Words(
            "the claim reports an encounter: capitation pays for this care, so nothing is paid by claim",
            "klaim melaporkan pelayanan yang dibayar lewat kapitasi, jadi tidak ada pembayaran per klaim",
        ),
        Words(
            "a replacement that is no encounter, where capitation does not pay for this care",
            "klaim pengganti yang bukan laporan kapitasi, bila kapitasi tidak membayar perawatan ini",
        ),
    ),
    "A-OTHER-PAYER-FIRST": (
        Words(
            "another payer pays before this one, and the claim does not say what it did",
            "penjamin lain membayar lebih dulu, dan klaim tidak menyebutkan keputusannya",
        ),
        Words(
            "the claim with what the other payer paid and adjusted",
            "klaim yang memuat pembayaran dan penyesuaian penjamin lain",
        ),
    ),
    "A-PENDED-TOO-MANY": (
        Words(
            "{count} claims of the member wait already; settle them, or send what is missing and claim again",
            "{count} klaim peserta sudah menunggu; selesaikan dulu, atau kirim yang kurang lalu ajukan lagi",
        ),
    ),
    "A-PLAN-MISSING": (
        Words(
            "plan {plan} has no version for {day}; the payer must load one",
            "program {plan} tidak mempunyai versi untuk {day}; penjamin harus memuatnya",
        ),
        Words("a version of plan {plan} for {day}", "versi program {plan} untuk {day}"),
    ),
    "A-REFERRAL-MISSING": (
        Words(
            "{code} needs a referral, and the claim has neither its number nor a referring provider",
            "{code} memerlukan rujukan, dan klaim tidak memuat nomornya maupun penyedia perujuk",
        ),
        ASKED_BEFOREHAND[1],
        _WAITS,
    ),
    "A-TIMELY-FILING": (
        Words(
            "filed {days} days after the service, the plan allows {allowed}",
            "diajukan {days} hari setelah layanan, program membolehkan {allowed}",
        ),
        Words("proof that the claim was filed by {day}", "bukti bahwa klaim diajukan paling lambat {day}"),
    ),
    "A-WAITING-PERIOD": (
        Words(
            "cover began on {begun} and this is paid after {days} days, from {day} on",
            "kepesertaan mulai pada {begun} dan ini dibayar setelah {days} hari, mulai {day}",
        ),
        Words("a service on or after {day}", "layanan pada atau setelah {day}"),
    ),
}

ADJUDICATE: dict[str, tuple[Words, ...]] = {
    "D-AGE": (
        Words(
            "benefit {benefit} is for ages {ages:ages}; the patient was {years} on {day}",
            "manfaat {benefit} untuk usia {ages} tahun; usia pasien {years} tahun pada {day}",
        ),
        Words("a service for the patient's age on {day}", "layanan untuk usia pasien pada {day}"),
    ),
    "D-DIAGNOSIS": (
        Words(
            "benefit {benefit} is for diagnoses {wanted:any}; the line points to {codes:codes}",
            "manfaat {benefit} untuk diagnosis {wanted}; baris menunjuk {codes}",
        ),
        Words("a pointer to a diagnosis in {wanted:any}", "penunjuk ke diagnosis dalam {wanted}"),
    ),
    "D-DUPLICATE": (
        Words("the same service is on {where:where}", "layanan yang sama ada pada {where}"),
        Words(
            "modifier 76 or 77 where the service was done again; nothing where it was sent twice",
            "pengubah kode 76 atau 77 bila layanan diulang; tidak perlu apa-apa bila terkirim dua kali",
        ),
    ),
    "D-DUPLICATE-SUSPECT": (
        Words(
            "looks like line {line} of claim {claim}: same member, day and code, other {differs:differs}",
            "mirip dengan baris {line} klaim {claim}: peserta, hari, dan kode sama, berbeda {differs}",
        ),
        Words(
            "a modifier that says it is another service (such as 59, 76, 77 or a side of the body)",
            "pengubah kode yang menyatakan bahwa ini layanan lain (seperti 59, 76, 77, atau sisi tubuh)",
        ),
    ),
    "D-EDIT": (
        Words(
            "edit {edit}: {code} is not paid beside {other}, which is on {where:where}",
            "aturan {edit}: {code} tidak dibayar bersama {other}, yang ada pada {where}",
        ),
        Words(
            "modifier {modifiers:either} on the line, where the services were separate",
            "pengubah kode {modifiers} pada baris, bila layanannya terpisah",
        ),
        Words(
            "edit {edit}: at most {most} units of {code} on {day}, "
            "{used} were there before; {over} of {units} are over",
            "aturan {edit}: paling banyak {most} satuan {code} pada {day}, sebelumnya sudah {used}; "
            "{over} dari {units} melebihi",
        ),
        Words("at most {most} units on {day}", "paling banyak {most} satuan pada {day}"),
        Words(
            "edit {edit}: a charge of {charge} {currency} for {code} is over {most}",
            "aturan {edit}: tagihan {charge} {currency} untuk {code} melebihi {most}",
        ),
        Words("a charge of at most {most} {currency}", "tagihan paling banyak {most} {currency}"),
    ),
    "D-EXCLUDED": (
        Words("plan {plan} excludes {code} ({benefit})", "program {plan} mengecualikan {code} ({benefit})"),
        Words("a service that plan {plan} does not exclude", "layanan yang tidak dikecualikan program {plan}"),
    ),
    "D-EXCLUDED-DIAGNOSIS": (
        Words("plan {plan} excludes diagnosis {code}", "program {plan} mengecualikan diagnosis {code}"),
        Words(
            "plan {plan} excludes diagnosis {code}; it is not the first of the line",
            "program {plan} mengecualikan diagnosis {code}; itu bukan yang pertama pada baris",
        ),
        Words(
            "a first diagnosis of the line that is not excluded, where the record says so",
            "diagnosis pertama pada baris yang tidak dikecualikan, bila rekam medis menyatakannya",
        ),
    ),
    "D-HISTORY-FULL": (
        Words(
            "compared with the last {count} lines of that day; there were more",
            "dibandingkan dengan {count} baris terakhir pada hari itu; ada lebih banyak",
        ),
    ),
    "D-NETWORK": (
        Words(
            "plan {plan} covers {benefit} in its network only; the provider is outside of it",
            "program {plan} menanggung {benefit} hanya dalam jaringannya; penyedia ada di luarnya",
        ),
        Words("a provider of network {network} on {day}", "penyedia dalam jaringan {network} pada {day}"),
    ),
    "D-NO-BENEFIT": (
        Words(
            "plan {plan} has no benefit for {code} as {service_type:service_type}",
            "program {plan} tidak mempunyai manfaat untuk {code} sebagai {service_type}",
        ),
        Words("a service that plan {plan} has a benefit for", "layanan yang ada manfaatnya dalam program {plan}"),
    ),
    "D-SEX": (
        Words(
            "benefit {benefit} is for sex {sex}; the member's record says {own}",
            "manfaat {benefit} untuk jenis kelamin {sex}; data peserta menyebut {own}",
        ),
        Words("a corrected record of the member, or another code", "data peserta yang diperbaiki, atau kode lain"),
    ),
}

PRICE: dict[str, tuple[Words, ...]] = {
    "P-AUTHORIZATION-USED": (
        Words(
            "authorization {number:any} grants {granted} units, {used} were used",
            "persetujuan {number} memberi {granted} satuan, sudah terpakai {used}",
        ),
        Words("an authorization for {over} more units", "persetujuan untuk {over} satuan lagi"),
        Words(
            "authorization {number:any} grants {granted}, {used} was used",
            "persetujuan {number} memberi {granted}, sudah terpakai {used}",
        ),
        Words("an authorization for {over} more", "persetujuan untuk {over} lagi"),
    ),
    "P-CASE-RATE": (Words("{rate:any} a case{group:group}", "{rate} per kasus{group}"),),
    "P-CHARGE": (
        Words("no fee schedule", "tanpa daftar tarif"),
        Words("no fee in {schedule}", "tidak ada tarif dalam {schedule}"),
    ),
    "P-COB-CARVE-OUT": _EARLIER,
    "P-COB-MAINTENANCE": _EARLIER,
    "P-COB-MEDICARE-SECONDARY": _EARLIER,
    "P-COB-STANDARD": _EARLIER,
    "P-COINSURANCE": (Words("{limit}: {tranches:tranches}", "{limit}: {tranches}"),),
    "P-COINSURANCE-CAP": (Words("at most {most} a claim", "paling banyak {most} per klaim"),),
    "P-COPAY": (Words("{amount} a {scope:scope}", "{amount} {scope}"),),
    "P-DEDUCTIBLE": (Words("{left} was left", "sisa {left}"),),
    "P-FEE": (Words("{schedule} with {modifier}: {fee} x {units}", "{schedule} dengan {modifier}: {fee} x {units}"),),
    "P-LESSER": (Words("the charges of its lines are below the rate", "jumlah tagihan baris-barisnya di bawah tarif"),),
    "P-LIMIT": (
        Words(
            "limit {limit}: {most} a {period:period}, {used} was used",
            "batas {limit}: {most} {period}, sudah terpakai {used}",
        ),
        Words(
            "limit {limit}: {most} {measure:measure} a {period:period}, {used} were used",
            "batas {limit}: {most} {measure} {period}, sudah terpakai {used}",
        ),
    ),
    "P-MULTIPLE": (
        Words(
            "{contract}: {share} as procedure {place} of {count}",
            "{contract}: {share} sebagai tindakan ke-{place} dari {count}",
        ),
    ),
    "P-OOP-MAXIMUM": (Words("{left} was left, {asked} asked", "sisa {left}, diminta {asked}"),),
    "P-OUT-OF-NETWORK": (Words("{rate} of it", "{rate} darinya"),),
    "P-PER-DIEM": (Words("{name}: {amount} x {days} days", "{name}: {amount} x {days} hari"), _DAYS_OF_RATE),
    "P-PERCENT": (Words("{name}: {rate} of the charge", "{name}: {rate} dari tagihan"),),
    "P-REVIEW-AMOUNT": (
        Words(
            "the plan would pay {would} {currency}; a person looks at claims above {least} first",
            "program akan membayar {would} {currency}; klaim di atas {least} diperiksa petugas lebih dulu",
        ),
    ),
    "P-ROOM-CLASS": (
        Words("class {room:any}: {amount} x {days} days", "kelas {room}: {amount} x {days} hari"),
        Words("pro rata {amount} x {days} days / {charged}", "pro rata {amount} x {days} hari / {charged}"),
    ),
    "P-SECOND-APPROVAL": (
        Words(
            "the plan would pay {would} {currency}; above {least} a second person must approve",
            "program akan membayar {would} {currency}; di atas {least} petugas kedua harus menyetujui",
        ),
    ),
}

LIFE: dict[str, tuple[Words, ...]] = {
    "L-DENIED": (
        Words("denied by a person: {why:any}", "ditolak oleh petugas: {why}"),
        Words("denied by {role}: {why:any}", "ditolak oleh {role}: {why}"),
        Words(
            "a corrected claim that replaces it, or an appeal",
            "klaim yang diperbaiki sebagai pengganti, atau keberatan",
        ),
        Words("{wanted:wanted}", "{wanted}"),
    ),
    "L-NOTHING-TO-VOID": (
        Words("nothing of this claim is in force any more", "tidak ada lagi dari klaim ini yang berlaku"),
    ),
    "L-OVERTURNED": (Words("the appeal succeeded: {why:any}", "keberatan diterima: {why}"),),
    "L-REPLACED": (Words("replaced by claim {claim}", "digantikan oleh klaim {claim}"), _ENDED_BY_CLAIM),
    "L-UPHELD": (
        Words("the decision stands after a review: {why:any}", "keputusan tetap setelah pemeriksaan ulang: {why}"),
    ),
    "L-VOID-DONE": (Words("claim {number} is voided", "klaim {number} dibatalkan"),),
    "L-VOIDED": (Words("voided by {role}: {why:any}", "dibatalkan oleh {role}: {why}"), _ENDED_BY_CLAIM),
}

TEXTS = AUTHORIZE | ADJUDICATE | PRICE | LIFE
