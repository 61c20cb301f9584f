"""Plain words for the rules that decide an accepted claim, and for its life after the decision."""

from agents.words import Words

RULES = {
    "A-AUTHORIZATION-ARRIVED": Words(
        "The approval that the claim was waiting for has come.",
        "Persetujuan yang ditunggu klaim ini sudah datang.",
    ),
    "A-AUTHORIZATION-MISSING": Words(
        "This care needs approval beforehand, and there is none that fits it.",
        "Perawatan ini memerlukan persetujuan lebih dulu, dan tidak ada yang cocok.",
    ),
    "A-AUTHORIZATION-USED": Words(
        "What was approved beforehand has been used up.",
        "Persetujuan yang diberikan sudah habis terpakai.",
    ),
    "A-COVERAGE-ENDED": Words(
        "Your coverage had ended by the day of this care.",
        "Kepesertaan Anda sudah berakhir pada hari perawatan ini.",
    ),
    "A-COVERAGE-NOT-BEGUN": Words(
        "Your coverage had not begun on the day of this care.",
        "Kepesertaan Anda belum mulai pada hari perawatan ini.",
    ),
    "A-COVERAGE-OTHER": Words(
        "On the day of this care you were covered under another policy.",
        "Pada hari perawatan ini Anda tercatat pada polis lain.",
    ),
    "A-ENCOUNTER": Words(
        "The provider receives a fixed amount for its patients (capitation), which pays for this care.",
        "Penyedia menerima kapitasi untuk pesertanya, yang sudah membayar perawatan ini.",
    ),
    "A-OTHER-PAYER-FIRST": Words(
        "Another insurer must decide on this claim first.",
        "Penjamin lain harus memutuskan klaim ini lebih dulu.",
    ),
    "A-PENDED-TOO-MANY": Words(
        "Too many claims of this member wait already; this one could not wait too.",
        "Terlalu banyak klaim peserta ini yang menunggu; klaim ini tidak dapat ikut menunggu.",
    ),
    "A-PLAN-MISSING": Words(
        "No plan of benefits was in force for you on the day of this care.",
        "Tidak ada program manfaat yang berlaku bagi Anda pada hari perawatan ini.",
    ),
    "A-REFERRAL-MISSING": Words(
        "This care needs a referral, and the claim names none.",
        "Perawatan ini memerlukan rujukan, dan klaim tidak menyebutkannya.",
    ),
    "A-TIMELY-FILING": Words(
        "The claim came later than the plan allows.",
        "Klaim diajukan melewati batas waktu program.",
    ),
    "A-WAITING-PERIOD": Words(
        "The care falls into the waiting period at the start of your coverage.",
        "Perawatan jatuh dalam masa tunggu di awal kepesertaan Anda.",
    ),
    "D-AGE": Words("This service is not for a person of this age.", "Layanan ini tidak untuk usia peserta."),
    "D-BENEFIT": Words(
        "The service belongs to this benefit of your plan.",
        "Layanan termasuk manfaat ini dari program Anda.",
    ),
    "D-DIAGNOSIS": Words("The diagnosis does not go with this service.", "Diagnosis tidak sesuai dengan layanan ini."),
    "D-DUPLICATE": Words("The same service was claimed already.", "Layanan yang sama sudah pernah diklaim."),
    "D-DUPLICATE-SUSPECT": Words(
        "The service looks like one that was claimed already; a person checks it.",
        "Layanan ini mirip dengan yang sudah diklaim; petugas memeriksanya.",
    ),
    "D-EDIT": Words(
        "A coding rule of the plan applies to this service.",
        "Aturan pengodean program berlaku untuk layanan ini.",
    ),
    "D-EXCLUDED": Words("Your plan does not cover this service.", "Program Anda tidak menanggung layanan ini."),
    "D-EXCLUDED-DIAGNOSIS": Words(
        "Your plan does not cover care for this diagnosis.",
        "Program Anda tidak menanggung perawatan untuk diagnosis ini.",
    ),
    "D-HISTORY-FULL": Words(
        "There are more earlier services like this one than can be compared; a person checks it.",
        "Layanan serupa sebelumnya terlalu banyak untuk dibandingkan; petugas memeriksanya.",
    ),
    "D-NETWORK": Words(
        "Your plan covers this only at a provider of its network.",
        "Program Anda menanggung ini hanya di penyedia dalam jaringannya.",
    ),
    "D-NO-BENEFIT": Words(
        "No benefit of your plan covers this service.",
        "Tidak ada manfaat program Anda yang menanggung layanan ini.",
    ),
    "D-SEX": Words("This service is not for a person of this sex.", "Layanan ini tidak untuk jenis kelamin peserta."),
    "P-ABOVE-CHARGE": Words(
        "The contract pays its rate even above what was charged.",
        "Kontrak membayar tarifnya walaupun di atas tagihan.",
    ),
    "P-ABOVE-FEE": Words(
        "The charge is above the rate agreed with the provider; nobody owes you or us the difference.",
        "Tagihan di atas tarif yang disepakati; selisihnya tidak ditagihkan kepada Anda.",
    ),
    "P-AUTHORIZATION-USED": Words(
        "What was approved beforehand has been used up.",
        "Persetujuan yang diberikan sudah habis terpakai.",
    ),
    "P-CASE-RATE": Words(
        "One agreed price covers the whole case.",
        "Satu harga yang disepakati berlaku untuk seluruh kasus.",
    ),
    "P-COINSURANCE": Words("Your share: a part of the cost, by percentage.", "Bagian Anda: persentase dari biaya."),
    "P-CHARGE": Words(
        "No agreed rate is named, so the charge itself counts.",
        "Tidak ada tarif yang disepakati, jadi tagihannya sendiri yang berlaku.",
    ),
    "P-COB-CARVE-OUT": Words(
        "What other insurers paid is taken off our own payment.",
        "Pembayaran penjamin lain dikurangkan dari pembayaran kami.",
    ),
    "P-COB-MAINTENANCE": Words(
        "What other insurers paid lowers the amount that your share is taken of.",
        "Pembayaran penjamin lain mengurangi jumlah yang menjadi dasar bagian Anda.",
    ),
    "P-COB-MEDICARE-SECONDARY": Words(
        "We pay after Medicare, by the law's own rule.", "Kami membayar setelah Medicare, menurut aturan undang-undang."
    ),
    "P-COB-STANDARD": Words(
        "We pay what other insurers left open, at most our own payment.",
        "Kami membayar sisa dari penjamin lain, paling banyak sebesar pembayaran kami sendiri.",
    ),
    "P-COINSURANCE-CAP": Words(
        "Your percentage share has reached its most for one claim.",
        "Bagian persentase Anda mencapai batas tertinggi per klaim.",
    ),
    "P-FEE": Words("The rate agreed for this service.", "Tarif yang disepakati untuk layanan ini."),
    "P-OOP-MAXIMUM": Words(
        "You have reached the most that you pay in this period; the plan takes over.",
        "Anda sudah mencapai batas tertinggi bagian Anda; program menanggung selebihnya.",
    ),
    "P-PER-DIEM": Words("An agreed rate for each day.", "Tarif yang disepakati per hari."),
    "P-PERCENT": Words("An agreed part of the charge.", "Bagian dari tagihan yang disepakati."),
    "P-VISIT-RATE": Words("An agreed rate for the visit.", "Tarif yang disepakati per kunjungan."),
    "P-COPAY": Words("Your share: a fixed amount for the visit.", "Bagian Anda: jumlah tetap per kunjungan."),
    "P-DEDUCTIBLE": Words(
        "Your share: the amount you bear yourself before the plan pays.",
        "Bagian Anda: jumlah yang Anda tanggung sendiri sebelum program membayar.",
    ),
    "P-LESSER": Words(
        "The lower of charge and rate counts.",
        "Yang berlaku adalah yang lebih rendah antara tagihan dan tarif.",
    ),
    "P-LIMIT": Words(
        "The plan's limit for this benefit is reached.",
        "Batas manfaat ini dalam program sudah tercapai.",
    ),
    "P-MULTIPLE": Words(
        "Several procedures together: the later ones count in part.",
        "Beberapa tindakan sekaligus: tindakan berikutnya dihitung sebagian.",
    ),
    "P-OUT-OF-NETWORK": Words(
        "The provider is outside the network: what is above the plan's rate is yours to pay.",
        "Penyedia di luar jaringan: selisih di atas tarif program menjadi tanggungan Anda.",
    ),
    "P-PENDED": Words("This waits for a decision.", "Ini menunggu keputusan."),
    "P-REVIEW-AMOUNT": Words(
        "The amount is so high that a person must look at it.",
        "Jumlahnya besar sehingga petugas harus memeriksanya.",
    ),
    "P-ROOM-CLASS": Words(
        "The room was of a higher class than the plan covers.",
        "Kelas kamar lebih tinggi daripada yang ditanggung program.",
    ),
    "P-SECOND-APPROVAL": Words(
        "The amount needs the approval of a second person.",
        "Jumlahnya memerlukan persetujuan petugas kedua.",
    ),
    "L-APPEAL-LATE": Words("The time to appeal has passed.", "Batas waktu keberatan sudah lewat."),
    "L-APPEALED": Words("An appeal was made against the decision.", "Keberatan diajukan atas keputusan ini."),
    "L-APPROVED": Words("A person approved the claim.", "Petugas menyetujui klaim ini."),
    "L-DENIED": Words(
        "The claim was denied by a person, or because nobody answered in time.",
        "Klaim ditolak oleh petugas, atau karena tidak ada jawaban sampai batas waktu.",
    ),
    "L-ENCOUNTER": Words(
        "Care that capitation pays for is never paid by claim.",
        "Perawatan yang dibayar lewat kapitasi tidak pernah dibayar per klaim.",
    ),
    "L-ILLEGAL-MOVE": Words(
        "What was asked is not possible in the state that the claim is in.",
        "Yang diminta tidak dapat dilakukan pada keadaan klaim saat ini.",
    ),
    "L-NO-PLAN": Words(
        "There is no plan under which the claim could be approved.",
        "Tidak ada program untuk menyetujui klaim ini.",
    ),
    "L-NOT-HELD": Words(
        "The claim does not wait where the command looked for it.",
        "Klaim tidak menunggu di tempat yang dicari perintah.",
    ),
    "L-NOT-PAYABLE": Words(
        "The claim is in no state in which it can be paid.",
        "Klaim tidak dalam keadaan yang dapat dibayar.",
    ),
    "L-NOTHING-DENIED": Words(
        "Nothing of the claim was denied, so there is nothing to appeal.",
        "Tidak ada yang ditolak dari klaim ini, jadi tidak ada yang dapat diajukan keberatan.",
    ),
    "L-NOTHING-TO-VOID": Words(
        "There is no claim in force that could be voided.",
        "Tidak ada klaim berlaku yang dapat dibatalkan.",
    ),
    "L-OVERTURNED": Words(
        "The appeal succeeded: the claim was decided anew.",
        "Keberatan diterima: klaim diputuskan kembali.",
    ),
    "L-PAID": Words("The claim was paid.", "Klaim sudah dibayar."),
    "L-PAID-TWICE": Words("The claim was paid already.", "Klaim sudah pernah dibayar."),
    "L-PAYMENT-AMOUNT": Words(
        "The payment is not the amount that was decided.",
        "Pembayaran tidak sama dengan jumlah yang diputuskan.",
    ),
    "L-PAYMENT-CURRENCY": Words(
        "The payment is in another currency than the claim.",
        "Mata uang pembayaran berbeda dari klaim.",
    ),
    "L-REASON-MISSING": Words("The command gives no reason.", "Perintah tidak menyebutkan alasan."),
    "L-RELEASED": Words("The claim was taken up again.", "Klaim diproses kembali."),
    "L-REPLACED": Words("The claim was replaced by a newer one.", "Klaim digantikan oleh klaim yang lebih baru."),
    "L-ROLE": Words("The person's role does not allow this.", "Peran orang tersebut tidak mengizinkan hal ini."),
    "L-RELEASED-OFTEN": Words(
        "The claim was looked at again too often.",
        "Klaim sudah terlalu sering diperiksa ulang.",
    ),
    "L-SAME-PERSON": Words(
        "The second approval must come from another person.",
        "Persetujuan kedua harus dari orang lain.",
    ),
    "L-UPHELD": Words("The decision stands after the appeal.", "Keputusan tetap berlaku setelah keberatan."),
    "L-VOID-DONE": Words("The void was carried out.", "Pembatalan sudah dijalankan."),
    "L-VOIDED": Words("The claim was voided.", "Klaim dibatalkan."),
}

# For a denial: what would change the answer, as far as that is the same for everybody. A finding's remedy is exact.
REMEDIES = {
    "A-AUTHORIZATION-MISSING": Words(
        "an approval (or letter of guarantee) for this service, provider and day",
        "persetujuan (atau surat jaminan) untuk layanan, penyedia, dan tanggal ini",
    ),
    "A-COVERAGE-ENDED": Words("proof that you were covered on that day", "bukti kepesertaan pada hari itu"),
    "A-COVERAGE-NOT-BEGUN": Words("proof that you were covered on that day", "bukti kepesertaan pada hari itu"),
    "A-COVERAGE-OTHER": Words(
        "a claim for these days under the other policy", "klaim untuk hari tersebut pada polis yang lain"
    ),
    "A-ENCOUNTER": Words(
        "a claim by the provider in its place, where capitation does not pay for this care",
        "klaim penyedia sebagai gantinya, bila kapitasi tidak membayar perawatan ini",
    ),
    "A-OTHER-PAYER-FIRST": Words(
        "the decision of the other insurer, sent with the claim", "keputusan penjamin lain, disertakan pada klaim"
    ),
    "A-REFERRAL-MISSING": Words("the number of the referral", "nomor rujukan"),
    "A-TIMELY-FILING": Words("proof that the claim was sent in time", "bukti bahwa klaim dikirim tepat waktu"),
    "A-WAITING-PERIOD": Words("care after the waiting period", "perawatan setelah masa tunggu"),
    "D-DIAGNOSIS": Words(
        "a diagnosis that goes with the service, sent by the provider", "diagnosis yang sesuai, dikirim oleh penyedia"
    ),
    "D-DUPLICATE": Words(
        "word from the provider that the service was given twice",
        "keterangan penyedia bahwa layanan diberikan dua kali",
    ),
    "D-NETWORK": Words("care by a provider of the network", "perawatan oleh penyedia dalam jaringan"),
}
# Reasons that have one remedy, whichever rule or person gave them.
REMEDY_OF_REASON = {
    "18": "D-DUPLICATE",
    "22": "A-OTHER-PAYER-FIRST",
    "24": "A-ENCOUNTER",
    "29": "A-TIMELY-FILING",
    "179": "A-WAITING-PERIOD",
    "197": "A-AUTHORIZATION-MISSING",
    "242": "D-NETWORK",
    "243": "A-REFERRAL-MISSING",
}
