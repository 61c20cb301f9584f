"""`claims impact`: later claims whose result would differ, had a claim that was voided or replaced never been there."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.errors import UserError, using_kafka

if TYPE_CHECKING:
    from cli.counterfactual import Answer, Difference
    from cli.voided import Voided
    from config.settings import KafkaSettings
    from schemas.codec import Codec
    from schemas.decision import Decision
    from schemas.envelope import Envelope
    from streams.step import References

ROWS_SHOWN_MAX = 200
PIPE_COLUMNS = 160


@dataclass(frozen=True, slots=True)
class Told:
    """What the topics say of one coverage: its envelopes in order, and its decisions."""

    envelopes: Sequence["Envelope"]
    decisions: Sequence["Decision"]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a claim leaves behind: `state` is voided, replaced, in_force or nothing (it was never in force).

    `drifted` counts claims that today's engine decides differently with the history as it was: rules of an older
    engine decided them, and differences may be due to that.
    """

    claim_number: str
    root_id: str
    state: str
    if_voided: bool
    compared: int
    differences: Sequence["Difference"]
    drifted: int
    voided: "Voided | None" = None


def impact(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Claim id or claim number.")],
    if_voided: Annotated[
        bool, typer.Option("--if-voided", help="What a void of a claim in force would change.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """List the other claims of the coverage whose result would differ without CLAIM, with the money.

    Later claims keep their amounts after a void or replacement; this says what they would have been. A replacement
    counts as if it had come alone. Reads topics, changes nothing. Ends with 0, and with 2 for an unknown claim.

    Examples: `claims impact CLM-2026-...`, `claims impact CLM-2026-... --if-voided`, `claims impact ID --json`.
    """
    from cli.environment import with_kafka
    from cli.reference import progress_line
    from config import logs
    from schemas.identifiers import claim_id_of
    from schemas.json_text import dump_json
    from streams.history import HistoryError

    logs.configure("warning", "impact")
    claim_id = claim_id_of(claim)
    if claim_id is None:
        raise UserError(f"{claim} is neither a claim id (a UUID) nor a claim number (CLM-<year>-<26 characters>)")
    kafka = with_kafka().kafka
    try:
        with using_kafka(kafka):
            found = from_topics(kafka, claim_id, if_voided, progress_line)
    except HistoryError as error:
        raise UserError(str(error)) from error
    if as_json:
        typer.echo(dump_json(as_plain(found)))
    else:
        show(found, Console() if sys.stdout.isatty() else Console(width=PIPE_COLUMNS))


def from_topics(kafka: "KafkaSettings", claim_id: str, if_voided: bool, announce: Callable[[str], None]) -> Impact:
    """Read what is needed, and compare. Raises UserError for a claim that was never decided, and HistoryError."""
    from schemas import topics
    from schemas.decision import Decision
    from schemas.envelope import Envelope
    from streams.history import History, all_references

    with closing(History(kafka)) as history:
        announce("looking for the claim")
        named = history.decisions_naming(claim_id)
        if not named:
            raise UserError(f"claim {claim_id} was never decided here; `claims status` says what the API knows of it")
        root_id = named[-1].root_id
        if root_id != claim_id:
            named = history.decisions_naming(root_id)
        told: dict[str, Told] = {}
        for coverage_id in sorted({decision.coverage_id for decision in named}):
            announce("reading the history of its coverage")
            envelopes = history.of_coverage(topics.CLAIMS_VALIDATED, coverage_id)
            decisions = history.of_coverage(topics.CLAIMS_DECIDED, coverage_id)
            decode = history.codec.decode
            told[coverage_id] = Told(
                [decode(Envelope, record.value) for record in envelopes],
                [decode(Decision, record.value) for record in decisions],
            )
        with all_references(kafka, history, announce) as references:
            return impact_of(told, root_id, references, history.codec, if_voided=if_voided)


def impact_of(
    told: Mapping[str, Told], root_id: str, references: "References", codec: "Codec", *, if_voided: bool = False
) -> Impact:
    """Replay each coverage as it was and as it would be, and compare with what was decided."""
    from cli.counterfactual import Replay, difference_of, latest, root_in, without
    from cli.voided import was_voided

    differences: list[Difference] = []
    compared = drifted = 0
    ended = in_force = False
    number, voided = "", None
    for one in told.values():
        before = latest(one.decisions)
        number = next((a.claim_number for a in before.values() if a.claim_id == root_id), number)
        voided = was_voided(one.decisions, root_id) or voided
        root = root_in(one.envelopes, root_id)
        ended, in_force = ended or root.ended, in_force or root.in_force_from is not None
        if not (root.ended or if_voided):
            continue
        as_it_was = Replay(references, codec).answers(one.envelopes)
        keep_from = None if if_voided else root.in_force_from
        after = Replay(references, codec).answers(without(one.envelopes, root_id, keep_from))
        for claim_id, answer in before.items():
            if answer.root_id == root_id or claim_id not in as_it_was or claim_id not in after:
                continue
            compared += 1
            drifted += difference_of(answer, as_it_was[claim_id]) is not None
            found = difference_of(answer, after[claim_id])
            if found is not None:
                differences.append(found)
    state = ("replaced" if in_force else "voided") if ended else ("in_force" if in_force else "nothing")
    of_void = voided if state == "voided" else None
    return Impact(number, root_id, state, if_voided, compared, differences, drifted, of_void)


def totals(differences: Sequence["Difference"]) -> dict[str, tuple[int, int]]:
    """What the plan and the members would pay more, by currency."""
    found: dict[str, tuple[int, int]] = {}
    for one in differences:
        paid, share = found.get(one.after.currency, (0, 0))
        found[one.after.currency] = (paid + one.paid, share + one.member_share)
    return dict(sorted(found.items()))


def as_plain(found: Impact) -> dict[str, Any]:
    """The impact for a program; amounts are decimals."""
    from schemas.money import decimal_of

    return {
        "claim_number": found.claim_number,
        "claim_id": found.root_id,
        "state": found.state,
        "if_voided": found.if_voided,
        "voided": None if found.voided is None else found.voided.as_plain(),
        "claims_compared": found.compared,
        "decided_otherwise_today": found.drifted,
        "claims": [difference_as_plain(one) for one in found.differences],
        "totals": [
            {"currency": c, "paid": decimal_of(paid, c), "member_share": decimal_of(share, c)}
            for c, (paid, share) in totals(found.differences).items()
        ],
    }


def difference_as_plain(one: "Difference") -> dict[str, Any]:
    """A claim that would differ, for a program."""
    from schemas.money import decimal_of

    def told(answer: "Answer") -> dict[str, Any]:
        amounts = {"paid": answer.paid, "member_share": answer.member_share}
        return {"substatus": answer.substatus} | {k: decimal_of(v, answer.currency) for k, v in amounts.items()}

    currency = one.after.currency
    return {
        "claim_number": one.before.claim_number,
        "claim_id": one.before.claim_id,
        "plan_id": one.after.plan_id or one.before.plan_id,
        "provider_id": one.after.provider_id,
        "currency": currency,
        "before": told(one.before),
        "after": told(one.after),
        "difference": {
            "paid": decimal_of(one.paid, currency),
            "member_share": decimal_of(one.member_share, currency),
        },
        "adjustments": {reason: decimal_of(amount, currency) for reason, amount in one.why.items()},
    }


def show(found: Impact, console: Console) -> None:
    """The impact for a person."""
    console.print(_headline(found), highlight=False, markup=False)
    if found.voided is not None:
        console.print(found.voided.line, highlight=False)
    if found.differences:
        console.print(difference_table(found.differences[:ROWS_SHOWN_MAX]))
        for currency, (paid, share) in totals(found.differences).items():
            line = f"in all: the plan {_change(paid, currency)}, members {_change(share, currency)} {currency}"
            console.print(line, highlight=False)
    if found.drifted:
        text = f"{found.drifted} of them were decided by an older engine: not all of it is due to the claim"
        console.print(text, highlight=False)


def _headline(found: Impact) -> str:
    number = found.claim_number or found.root_id
    if found.state == "nothing":
        return f"{number} was never in force: nothing can differ without it"
    if found.state == "in_force" and not found.if_voided:
        return f"{number} is in force; add --if-voided to see what a void would change"
    said = {
        "voided": "was voided already" if found.if_voided else "was voided",
        "replaced": "was replaced",
        "in_force": "is in force",
    }[found.state]
    without = "without it" if found.state != "replaced" or found.if_voided else "had its last version come alone"
    changes = len(found.differences)
    return f"{number} {said}; {without}, {changes} of {found.compared} other claims of the coverage would differ"


def difference_table(differences: Sequence["Difference"]) -> Table:
    """Claims that would differ, one row each."""
    table = Table(
        "claim", "currency", "outcome", "paid", "would be", "more", "member", "would be", "more", "adjustments"
    )
    for column in table.columns[3:9]:
        column.justify = "right"
    table.columns[0].no_wrap = True
    for one in differences:
        before, after, currency = one.before, one.after, one.after.currency
        outcome = before.substatus + (f" -> {after.substatus}" if after.substatus != before.substatus else "")
        table.add_row(
            before.claim_number, currency, outcome.replace("_", " "),
            _amount(before.paid, currency), _amount(after.paid, currency), _change(one.paid, currency),
            _amount(before.member_share, currency), _amount(after.member_share, currency),
            _change(one.member_share, currency),
            ", ".join(f"{reason} {_change(amount, currency)}" for reason, amount in one.why.items()),
        )  # fmt: skip
    return table


def _amount(minor: int, currency: str) -> str:
    from schemas.money import decimal_of

    return f"{decimal_of(minor, currency):,}"


def _change(minor: int, currency: str) -> str:
    from schemas.money import decimal_of

    return f"{decimal_of(minor, currency):+,}"
