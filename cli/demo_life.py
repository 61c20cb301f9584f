"""What happens to claims after they are decided, shown on real parts: pends, a release, persons, a void, an appeal."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from cli.errors import UserError
from schemas.money import EXPONENTS

if TYPE_CHECKING:
    from cli.stack import Stack

ANSWER_SECONDS_MAX = 20.0
POLL_SECONDS = 0.1
# The person of the demo may do everything; the API asks each role for its permission.
PERSON, ROLE = "ani", "super_admin"
DAYS_AROUND = 3
Row = Mapping[str, Any]
ABOUT = """id, claim_number, substatus, version, revision, currency, total_paid, member_id, service_date, service_to,
    (select a.group_code || '-' || a.reason from claim_adjustments a
     where a.claim_id = claims.id and a.amount <> 0 order by a.amount desc, 1 limit 1) as adjusted"""
# Pended for want of an authorization; pended for any reason; paid something and took of the deductible; denied, but not
# as a duplicate.
WAITS = "substatus = 'pended' and pend_queue = 'authorization'"
PENDED = "substatus = 'pended' and id <> $1"
PAYS = """substatus in ('approved', 'paid') and total_paid > 0 and exists (
    select from claim_decisions d where d.claim_id = claims.id and d.ledger::text like '%"deductible"%'
) and exists (
    select from claims later where later.coverage_id = claims.coverage_id and later.member_id = claims.member_id
    and later.accepted_at > claims.accepted_at and later.substatus = 'approved'
)"""
DENIED = """substatus = 'denied' and plan_id is not null and not exists (
    select from claim_adjustments a where a.claim_id = claims.id and (a.group_code, a.reason) = ('OA', '18')
)"""


def show_pends(stack: "Stack", console: Console) -> None:
    """Which claims wait, for whom, and until when."""
    from cli.engine import query_all

    statement = """select pend_queue, pend_code, count(*) as claims, min(pend_due) as due
                   from claims where substatus = 'pended' group by 1, 2 order by 3 desc, 2"""
    table = Table("queue", "why", "claims", "first due", title="Pended claims wait", title_justify="left")
    for row in query_all(stack, statement):
        table.add_row(row["pend_queue"], row["pend_code"], f"{row['claims']:,}", str(row["due"]))
    console.print(table)


def show_life(stack: "Stack", console: Console) -> None:
    """One claim each through a release, an approval, a void and an appeal, with what the plan pays before and after."""
    table = Table("claim", "was", "what happens", "is", "the plan paid", "pays", title="After the decision")
    table.title_justify = "left"
    table.columns[4].justify = table.columns[5].justify = "right"
    voided = None
    scenes: Sequence[tuple[str, Callable[[], tuple[Row, Row] | None]]] = (
        ("an authorization arrives", lambda: released(stack)),
        ("a person approves it", lambda: asked(stack, PENDED, ("approve",), unlike(stack, WAITS))),
        ("it was sent twice: voided", lambda: asked(stack, PAYS, ("void",))),
        ("appealed, and the appeal succeeds", lambda: asked(stack, DENIED, ("appeal", "overturn"))),
    )
    for what, play in scenes:
        found = play()
        if found is None:
            table.add_row("-", "-", what, "no such claim", "-", "-")
            continue
        before, after = found
        voided = after if after["substatus"] == "voided" else voided
        was = before["substatus"].replace("_", " ")
        if before["substatus"] == "denied":
            was += f", {before['adjusted']}"
        paid, pays = map(paid_of, found)
        table.add_row(before["claim_number"], was, what, after["substatus"].replace("_", " "), paid, pays)
    console.print(table)
    if voided is not None:
        show_impact(stack, str(voided["id"]), console)


def paid_of(claim: Row) -> str:
    """What the plan pays, written as `claims status` and the tables above write amounts."""
    amount = claim["total_paid"] or Decimal(0)
    return f"{claim['currency']} {amount:,.{EXPONENTS[claim['currency']]}f}"


def released(stack: "Stack") -> tuple[Row, Row] | None:
    """A claim that waits for an authorization, before and after it is there."""
    before = claim_where(stack, WAITS)
    if before is None:
        return None
    send_authorization(stack, before)
    return before, moved(stack, before, ("pended",))


def asked(stack: "Stack", condition: str, kinds: Sequence[str], *arguments: object) -> tuple[Row, Row] | None:
    """A claim before and after a person asked the API for moves, one after the other."""
    before = claim_where(stack, condition, *arguments)
    if before is None:
        return None
    after = before
    for kind in kinds:
        command(stack, str(before["id"]), kind)
        after = moved(stack, after, (after["substatus"],))
    return before, after


def unlike(stack: "Stack", condition: str) -> object:
    """Id of the claim that another scene may still be about; an id of none when there is none."""
    found = claim_where(stack, condition)
    return found["id"] if found else "00000000-0000-0000-0000-000000000000"


def claim_where(stack: "Stack", condition: str, *arguments: object) -> Row | None:
    """The first claim of a condition of this module, if there is one: of the sample files rather than generated."""
    from cli.engine import query_all

    order = "(channel = 'generator'), total_charged desc, id"
    statement = f"select {ABOUT} from claims where {condition} order by {order} limit 1"  # noqa: S608 - all from above
    found: list[Row] = query_all(stack, statement, *arguments)
    return found[0] if found else None


def moved(stack: "Stack", before: Row, states: Sequence[str]) -> Row:
    """The claim as soon as it is in none of these states any more. Raises UserError when it does not move."""
    until = time.monotonic() + ANSWER_SECONDS_MAX
    while time.monotonic() < until:
        stack.tend()
        after = claim_where(stack, "id = $1", before["id"])
        assert after is not None
        if (after["version"], after["revision"]) != (before["version"], before["revision"]) and (
            after["substatus"] not in states
        ):
            return after
        time.sleep(POLL_SECONDS)
    raise UserError(f"{before['claim_number']} is still {before['substatus']} after {ANSWER_SECONDS_MAX:.0f} s")


def send_authorization(stack: "Stack", claim: Row) -> None:
    """An approved authorization for the claim's member and days, from another system, onto its topic."""
    from confluent_kafka import Producer

    from config.clients import producer_config
    from schemas.codec import Codec
    from schemas.dates import day_of, milliseconds_of
    from schemas.events import AuthorizationEvent
    from schemas.registry import for_settings
    from schemas.topics import AUTHORIZATION_EVENTS

    number = f"DEMO-{claim['claim_number'][-8:]}"
    event = AuthorizationEvent(
        event_id=f"demo-{number}",
        authorization_number=number,
        member_id=claim["member_id"],
        provider_id=None,
        service_codes=(),
        valid_from=day_of(claim["service_date"]) - DAYS_AROUND,
        valid_to=day_of(claim["service_to"]) + DAYS_AROUND,
        units_milli=None,
        amount=None,
        currency=None,
        state="approved",
        correlation_id=None,
        at=milliseconds_of(datetime.now(UTC)),
    )
    producer = Producer(producer_config(stack.settings.kafka))
    value = Codec(for_settings(stack.settings.kafka)).encode(event)
    producer.produce(AUTHORIZATION_EVENTS, value, claim["member_id"].encode())
    if producer.flush(ANSWER_SECONDS_MAX):
        raise UserError("the broker did not confirm the authorization in time")


def command(stack: "Stack", claim_id: str, kind: str) -> None:
    """Ask the API for a move, as a person. Raises UserError when it refuses."""
    import aiohttp

    from api.auth import mint

    token = mint(stack.settings.api, PERSON, [ROLE], datetime.now(UTC))

    async def ask() -> None:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{stack.api_url}/api/v1/claims/{claim_id}/{kind}"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(url, json={"reason": f"the demo shows how to {kind} a claim"}) as response,
        ):
            if response.status != 202:
                raise UserError(f"{url} answers {response.status}: {await response.text()}")

    asyncio.run(ask())


def show_impact(stack: "Stack", claim_id: str, console: Console) -> None:
    """`claims impact`: what later claims would have come to without the one that was voided."""
    from cli.impact import from_topics, show

    console.print(f"\nclaims impact {claim_id}", highlight=False)
    show(from_topics(stack.settings.kafka, claim_id, False, lambda line: None), console)
