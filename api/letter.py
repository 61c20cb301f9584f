"""The explanation of benefits as a letter to the member: what was claimed, who pays what and why, in plain words."""

from dataclasses import dataclass

from agents.catalog import STATES, reason_in_words, rule_in_words
from agents.catalog_rules import REMEDIES, REMEDY_OF_REASON
from agents.texts import text_in_language
from agents.words import Language
from api import letter_words as words
from api.explanation import units_of
from api.letter_words import amount_in_words, day_in_words
from config.settings import LetterSettings
from schemas.decision import DecidedLine, Decision
from schemas.envelope import Adjustment, Finding
from schemas.vocabulary import Substatus

# A letter is about a decision: what waits for one would read as if it were settled, with nothing to pay.
UNDECIDED: frozenset[Substatus] = frozenset({"received", "accepted", "in_process", "pended"})
# An appeal under way is told as it stands.
APPEALABLE: frozenset[Substatus] = frozenset({"denied", "partially_approved", "approved", "paid"})


@dataclass(frozen=True, slots=True)
class Around:
    """What is no part of the decision: who writes, on which day, names that the reader may see, the day of an end."""

    payer: LetterSettings
    day: int
    member_name: str | None = None
    provider_name: str | None = None
    ended_on: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A service: texts in the order of the columns, and the reasons below them."""

    cells: tuple[str, ...]
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything the letter says, in its language; how it looks is another's matter."""

    language: Language
    payer: str
    address: str
    date: str
    title: str
    opening: str
    head: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[str, ...]
    others: tuple[str, str] | None
    notes: tuple[str, ...]
    why: str
    remedy: str


def letter_of(decision: Decision, language: Language, around: Around) -> Letter:
    """The letter about a decision, of a claim that waits for none.

    A version that was voided or replaced has no services and no amounts any more: the letter says what became of it.
    """
    d, money = decision, _Amounts(decision.currency, language)
    others = sum(line.other_paid for line in d.lines)
    return Letter(
        language=language,
        payer=around.payer.payer_name or words.PAYER.in_language(language),
        address=around.payer.payer_address,
        date=f"{words.DATE.in_language(language)}: {day_in_words(around.day, language)}",
        title=words.TITLE.in_language(language),
        opening=_opening(d, around.ended_on, language),
        head=tuple((words.HEAD[name].in_language(language), text) for name, text in _head(d, around, language)),
        columns=tuple(column.in_language(language) for column in words.COLUMNS),
        rows=tuple(_row(line, money, language) for line in d.lines),
        total=(words.TOTAL.in_language(language), "", *_amounts(d.charged, d.paid, d.member_share, money)),
        others=(words.OTHERS.in_language(language), money(others)) if others else None,
        notes=tuple(dict.fromkeys(_notes(d, around.payer, language))),
        why=words.WHY.in_language(language),
        remedy=words.REMEDY.in_language(language),
    )


class _Amounts:
    """Minor units as the member writes amounts."""

    def __init__(self, currency: str, language: Language) -> None:
        self._currency = currency
        self._language = language

    def __call__(self, minor: int) -> str:
        return amount_in_words(minor, self._currency, self._language)


def _opening(d: Decision, ended_on: int | None, language: Language) -> str:
    if d.substatus not in words.ENDED:
        return words.NO_BILL.in_language(language)
    with_day, without = words.ENDED[d.substatus]
    became = without.in_language(language)
    if ended_on is not None:
        became = with_day.in_language(language).format(day=day_in_words(ended_on, language))
    return f"{became} {words.NO_LONGER.in_language(language)}"


def _head(d: Decision, around: Around, language: Language) -> list[tuple[str, str]]:
    days = " – ".join(day_in_words(day, language) for day in sorted({d.service_from, d.service_to}))
    found = [("claim", d.claim_number), ("member", _named(d.member_id, around.member_name))]
    found += [("provider", _named(d.provider_id or "", around.provider_name)), ("days", days)]
    found += [("plan", d.plan_id or ""), ("outcome", STATES[d.substatus].in_language(language))]
    return [(name, text) for name, text in found if text]


def _named(known_as: str, name: str | None) -> str:
    return f"{name} ({known_as})" if name else known_as


def _notes(d: Decision, payer: LetterSettings, language: Language) -> list[str]:
    if d.substatus in words.ENDED:
        return []
    notes = [_words_of(finding, language) for finding in d.findings]
    if d.substatus in APPEALABLE:
        address = payer.appeal_address or payer.payer_address
        to = words.APPEAL_TO.in_language(language).format(address=address) if address else None
        notes += [words.APPEAL.in_language(language), to or words.APPEAL_TO_CARD.in_language(language)]
    return notes


def _amounts(charged: int, paid: int, share: int, money: _Amounts) -> tuple[str, ...]:
    return money(charged), money(charged - paid - share), money(paid), money(share)


def _row(line: DecidedLine, money: _Amounts, language: Language) -> Row:
    day = "" if line.service_from is None else day_in_words(line.service_from, language)
    reasons = [_reason(adjustment, money, language) for adjustment in line.adjustments]
    reasons += [_words_of(finding, language) for finding in line.findings]
    rules = [f.code for f in line.findings] + [REMEDY_OF_REASON.get(a.reason, "") for a in line.adjustments]
    remedies = [REMEDIES[rule].in_language(language) for rule in rules if rule in REMEDIES]
    return Row(
        (line.service_code, day, *_amounts(line.charge, line.paid, line.member_share, money)),
        tuple(dict.fromkeys(reasons)),
        tuple(dict.fromkeys(remedies)),
    )


def _reason(adjustment: Adjustment, money: _Amounts, language: Language) -> str:
    why = reason_in_words(adjustment.reason, language) or rule_in_words(adjustment.rule, language)
    units = ""
    if adjustment.quantity_milli:
        of = words.UNIT if adjustment.quantity_milli == 1000 else words.UNITS
        units = f" ({units_of(adjustment.quantity_milli)} {of.in_language(language)})"
    return f"{money(adjustment.amount)}: {why or adjustment.rule}{units} ({adjustment.group}-{adjustment.reason})"


def _words_of(finding: Finding, language: Language) -> str:
    return rule_in_words(finding.code, language) or text_in_language(finding.code, finding.text, language)
