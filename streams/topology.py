"""The pipeline, one row a stage. Topics, consumer groups and the diagram in the docs come from here.

claims.submitted, claims.commands, authorization.events, adjudication.events, payment.events
  -> validate   -> claims.validated    (and claims.rejected)
  -> authorize  -> claims.authorized
  -> adjudicate -> claims.adjudicated
  -> price      -> claims.decided      (and claims.events, payment.requests)
"""

from dataclasses import dataclass
from typing import Any

from agents import tables
from agents.adjudicate import adjudicate
from agents.authorize import authorize
from agents.contract import Decide, Table
from agents.price import price
from agents.validate import validate
from schemas import topics
from schemas.topics import dead_letters_of

# Part of every consumer group: workers of two releases whose topologies differ must not share a group (docs/decisions).
TOPOLOGY_VERSION = 2


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: what it reads, the key of its work, its pure function, what it writes, the state it owns.

    `outside` marks a stage whose inputs other software writes: their keys are checked against their partition.
    """

    name: str
    reads: tuple[str, ...]
    key: str
    decide: Decide
    writes: tuple[str, ...]
    state: tuple[Table[Any], ...]
    outside: bool = False

    @property
    def changelog(self) -> str:
        """The compacted topic that holds the stage's state and progress."""
        return f"claims.{self.name}.changelog"

    @property
    def dead_letters(self) -> tuple[str, ...]:
        """Topics that take what the stage could not read."""
        return tuple(dead_letters_of(topic) for topic in self.reads)


STAGES = (
    Stage(
        name="validate",
        reads=(
            topics.CLAIMS_SUBMITTED,
            topics.CLAIMS_COMMANDS,
            topics.AUTHORIZATION_EVENTS,
            topics.ADJUDICATION_EVENTS,
            topics.PAYMENT_EVENTS,
        ),
        key="root claim id, member id",
        decide=validate,
        writes=(topics.CLAIMS_VALIDATED, topics.CLAIMS_REJECTED),
        state=(tables.REGISTER,),
        outside=True,
    ),
    Stage(
        name="authorize",
        reads=(topics.CLAIMS_VALIDATED,),
        key="coverage id",
        decide=authorize,
        writes=(topics.CLAIMS_AUTHORIZED,),
        state=(tables.AUTHORIZATIONS, tables.WAITING, tables.WAITING_OF_MEMBER),
    ),
    Stage(
        name="adjudicate",
        reads=(topics.CLAIMS_AUTHORIZED,),
        key="coverage id",
        decide=adjudicate,
        writes=(topics.CLAIMS_ADJUDICATED,),
        state=(tables.HISTORY, tables.HISTORY_OF_CLAIM, tables.APPEALED, tables.REVIEWED),
    ),
    Stage(
        name="price",
        reads=(topics.CLAIMS_ADJUDICATED,),
        key="coverage id",
        decide=price,
        writes=(topics.CLAIMS_DECIDED, topics.CLAIMS_EVENTS, topics.PAYMENT_REQUESTS),
        state=(tables.DECIDED, tables.ROOTS, tables.BALANCES, tables.LEDGERS),
    ),
)
BY_NAME = {stage.name: stage for stage in STAGES}
