"""Plain words for rules, reason codes and states, as a member reads them, in English and Indonesian.

The numbers of reason codes are those of the public list (X12's Claim Adjustment Reason Codes); its texts are
copyrighted, so these are our own, and they say what the number means in this engine.
"""

from agents.catalog_front_end import FRONT_END
from agents.catalog_rules import RULES
from agents.words import Language, Words
from schemas.vocabulary import GroupCode, Substatus

WORDS = FRONT_END | RULES
GROUPS: dict[GroupCode, Words] = {
    "CO": Words("taken off by contract or rule; not yours to pay", "dikurangi menurut kontrak; bukan tanggungan Anda"),
    "PR": Words("yours to pay", "tanggungan Anda"),
    "OA": Words("settled in another way", "diselesaikan dengan cara lain"),
    "PI": Words("taken off by the plan", "dikurangi oleh program"),
}
REASONS = {
    "1": Words("deductible", "risiko sendiri"),
    "2": Words("coinsurance", "bagian persentase peserta"),
    "3": Words("copay", "bagian tetap peserta"),
    "6": Words("age does not fit the service", "usia tidak sesuai layanan"),
    "7": Words("sex does not fit the service", "jenis kelamin tidak sesuai layanan"),
    "11": Words("diagnosis does not fit the service", "diagnosis tidak sesuai layanan"),
    "16": Words("information is missing", "keterangan tidak lengkap"),
    "18": Words("claimed already", "sudah pernah diklaim"),
    "22": Words("another insurer comes first", "penjamin lain lebih dulu"),
    "23": Words("settled by another insurer", "diselesaikan penjamin lain"),
    "24": Words("paid by capitation", "dibayar lewat kapitasi"),
    "26": Words("before the coverage began", "sebelum kepesertaan mulai"),
    "27": Words("after the coverage ended", "setelah kepesertaan berakhir"),
    "29": Words("claimed too late", "terlambat diajukan"),
    "35": Words("lifetime limit reached", "batas seumur hidup tercapai"),
    "45": Words("above the agreed rate", "di atas tarif yang disepakati"),
    "59": Words("several procedures together", "beberapa tindakan sekaligus"),
    "78": Words("room above the class covered", "kamar di atas kelas yang ditanggung"),
    "94": Words("agreed rate above the charge", "tarif disepakati di atas tagihan"),
    "96": Words("not covered", "tidak ditanggung"),
    "97": Words("part of another service", "bagian dari layanan lain"),
    "119": Words("limit of the benefit reached", "batas manfaat tercapai"),
    "133": Words("waiting for a decision", "menunggu keputusan"),
    "179": Words("within the waiting period", "dalam masa tunggu"),
    "193": Words("decision stands after the appeal", "keputusan tetap setelah keberatan"),
    "197": Words("not approved beforehand", "tanpa persetujuan lebih dulu"),
    "198": Words("beyond what was approved", "melebihi yang disetujui"),
    "204": Words("not covered by the plan", "tidak ditanggung program"),
    "222": Words("more units than allowed", "satuan melebihi batas"),
    "242": Words("not by a provider of the network", "bukan penyedia dalam jaringan"),
    "243": Words("without a referral", "tanpa rujukan"),
    "236": Words("not billable beside another service", "tidak dapat ditagih bersama layanan lain"),
}
STATES: dict[Substatus, Words] = {
    "received": Words(
        "We have received the claim and have not looked at it yet.", "Klaim sudah kami terima dan belum diperiksa."
    ),
    "front_end_rejected": Words(
        "The claim could not be accepted. Mend what is named below and send it again.",
        "Klaim tidak dapat diterima. Perbaiki yang disebut di bawah dan kirim lagi.",
    ),
    "accepted": Words("The claim is being worked on.", "Klaim sedang diproses."),
    "in_process": Words("The claim is being worked on.", "Klaim sedang diproses."),
    "pended": Words("The claim waits; nothing is decided yet.", "Klaim menunggu; belum ada keputusan."),
    "denied": Words("The claim was denied.", "Klaim ditolak."),
    "partially_approved": Words("The claim was approved in part.", "Klaim disetujui sebagian."),
    "approved": Words("The claim was approved.", "Klaim disetujui."),
    "paid": Words("The claim was approved and paid.", "Klaim disetujui dan sudah dibayar."),
    "voided": Words("The claim was voided; it counts no more.", "Klaim dibatalkan dan tidak berlaku lagi."),
    "replaced": Words(
        "The claim was replaced by a newer one; it counts no more.",
        "Klaim digantikan oleh yang lebih baru dan tidak berlaku lagi.",
    ),
    "appealed": Words("The decision is under appeal.", "Keputusan sedang dalam keberatan."),
    "upheld": Words("The decision stands after the appeal.", "Keputusan tetap berlaku setelah keberatan."),
    "overturned": Words(
        "The appeal succeeded; a newer decision takes this one's place.",
        "Keberatan diterima; keputusan baru menggantikan yang ini.",
    ),
}


def rule_in_words(rule: str, language: Language) -> str | None:
    """What a rule says, in plain words; None for one that is not ours. Of `P-LIMIT:dental` the rule is `P-LIMIT`."""
    words = WORDS.get(rule.partition(":")[0])
    return None if words is None else words.in_language(language)


def reason_in_words(reason: str, language: Language) -> str | None:
    """What a reason code means here; None for one that this engine gives only where an edit of a plan names it."""
    words = REASONS.get(reason)
    return None if words is None else words.in_language(language)
