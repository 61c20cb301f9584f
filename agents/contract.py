"""What a stage is: a pure function of a message and its context. No I/O, no clock, no framework."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from schemas.codec import Codec
from schemas.reference import Contract, Edit, Fee, Member, Plan, Provider

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A family of keys in the state of a stage. `prefix` is one byte, unique within the stage."""

    name: str
    prefix: bytes
    record: type[R]


class State(Protocol):
    """The state of one stage and partition. What a stage reads includes what it wrote before in the same batch."""

    def get(self, table: Table[R], key: str) -> R | None:
        """The record under that key."""

    def put(self, table: Table[R], key: str, record: R) -> None:
        """Set the record under that key."""

    def delete(self, table: Table[R], key: str) -> None:
        """Remove the record under that key; no error when there is none."""


class Reference(Protocol):
    """Reference data as of one release."""

    @property
    def release(self) -> int:
        """Number of the release."""

    def member(self, member_id: str) -> Member | None:
        """The member with that id of ours."""

    def member_by(self, system: str, value: str) -> Member | None:
        """The member with that identifier."""

    def provider(self, provider_id: str) -> Provider | None:
        """The provider with that id of ours."""

    def provider_by(self, system: str, value: str) -> Provider | None:
        """The provider with that identifier."""

    def plan(self, plan_id: str, day: int) -> Plan | None:
        """The plan version in force on that day of service."""

    def fee(
        self, fee_schedule_id: str, code_system: str, service_code: str, modifiers: Sequence[str], day: int
    ) -> Fee | None:
        """The fee in force on that day: of the first modifier that has one, else of the code alone."""

    def contract(self, provider: Provider | None, plan: Plan, day: int) -> Contract | None:
        """The contract in force: the provider's own for the plan, else that of its network, in the plan's order."""

    def edits(self, code: str, day: int) -> Sequence[Edit]:
        """Coding edits about a code on that day: deny before pend before warn, then by priority and id."""


@dataclass(frozen=True, slots=True)
class Message(Generic[R]):
    """A decoded record of an input topic. `raw` is its value byte for byte."""

    topic: str
    key: str
    record: R
    raw: bytes


@dataclass(frozen=True, slots=True)
class Context:
    """What a stage may use besides its message."""

    state: State
    reference: Reference
    codec: Codec


@dataclass(frozen=True, slots=True)
class Emit:
    """A record for a topic: a dataclass of `schemas`, or bytes to be sent again as they are."""

    topic: str
    key: str
    record: object


@dataclass(frozen=True, slots=True)
class Dead:
    """The message cannot be taken by this stage: its original bytes go to the dead letters with this code and text."""

    code: str
    text: str


Outcome = Emit | Dead
Decide = Callable[[Message[Any], Context], Sequence[Outcome]]
