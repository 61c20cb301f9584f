"""Transactions whose 277CA is not complete, as edi.received tells of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from config.limits import LINES_LIKE_A_CLAIM
from schemas.codec import Codec
from schemas.edi import EdiReceived
from sources.answers.acknowledgment import Verdict, key_of
from sources.answers.outcomes import Outcome, Sending, sending_of, verdict_on

Place = tuple[str, int]


@dataclass
class Transaction:
    """A transaction: its parts by number, as they came; by `key_of` claims those without a verdict, what was heard of
    them, and the verdicts on the others.
    """

    transaction_id: str
    received_at: int
    parts: dict[int, bytes] = field(default_factory=dict)
    last: int = 0
    open: dict[str, Sending] = field(default_factory=dict)
    heard: dict[str, list[Outcome]] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    firsts: dict[Place, int] = field(default_factory=dict)
    claims: int = 0

    @property
    def whole(self) -> bool:
        """Whether all parts have come."""
        return 0 < self.last == len(self.parts)

    def records(self, codec: Codec) -> Iterator[EdiReceived]:
        """The parts in their order."""
        return (codec.decode(EdiReceived, self.parts[part]) for part in sorted(self.parts))


def weight_of(received: EdiReceived) -> int:
    """What a part takes of the memory for ANSWER_CLAIMS_WAITING_MAX claims: those of many lines count as more."""
    return sum(1 + len(claim.lines) // LINES_LIKE_A_CLAIM for claim in received.claims)


class Waiting:
    """All of them, by id."""

    def __init__(self) -> None:
        self._transactions: dict[str, Transaction] = {}
        # By claim id: transactions, and keys of claims in them.
        self._awaited: dict[str, set[tuple[str, str]]] = {}
        self._heard: set[str] = set()

    def __len__(self) -> int:
        return len(self._transactions)

    @property
    def claims(self) -> int:
        """Claims of all transactions that wait, by `weight_of` their parts."""
        return sum(transaction.claims for transaction in self._transactions.values())

    @property
    def unfinished(self) -> bool:
        """Whether a transaction waits for parts of its own."""
        return any(not one.whole for one in self._transactions.values())

    def add(self, place: Place, offset: int, received: EdiReceived, raw: bytes) -> list[str]:
        """Take a part; one that came before is replaced: its file was read again. Gives ids of claims to be judged."""
        name = received.transaction_id
        found = self._transactions.setdefault(name, Transaction(name, received.received_at))
        if received.part not in found.parts:
            found.claims += weight_of(received)
        found.parts[received.part] = raw
        found.last = received.part if received.last else found.last
        found.firsts[place] = min(offset, found.firsts.get(place, offset))
        new = []
        for claim in received.claims:
            if claim.claim_id is not None and key_of(claim) not in found.verdicts:
                found.open[key_of(claim)] = sending_of(claim)
                self._awaited.setdefault(claim.claim_id, set()).add((name, key_of(claim)))
                new.append(claim.claim_id)
        return new

    def hear(self, claim_id: str, outcomes: Iterable[Outcome]) -> None:
        """Keep outcomes of a claim that is waited for, until `judge`."""
        for name, key in self._awaited.get(claim_id, ()):
            self._transactions[name].heard.setdefault(key, []).extend(outcomes)
            self._heard.add(name)

    def judge(self) -> None:
        """Verdicts on claims of which something was heard, all of it together: the topics are in no order."""
        for name in self._heard:
            transaction = self._transactions.get(name)
            if transaction is not None:
                self._judge(transaction)
        self._heard.clear()

    def _judge(self, transaction: Transaction) -> None:
        for key, outcomes in tuple(transaction.heard.items()):
            verdict = verdict_on(transaction.open[key], outcomes)
            if verdict is not None:
                transaction.verdicts[key] = verdict
                self._forget(transaction, key)

    def _forget(self, transaction: Transaction, key: str) -> None:
        claim_id = transaction.open.pop(key).claim_id
        transaction.heard.pop(key, None)
        awaited = self._awaited[claim_id]
        awaited.discard((transaction.transaction_id, key))
        if not awaited:
            del self._awaited[claim_id]

    def complete(self) -> Iterator[Transaction]:
        """Those that are whole and have a verdict on every claim."""
        return (one for one in tuple(self._transactions.values()) if one.whole and not one.open)

    def older_than(self, moment: int) -> Iterator[Transaction]:
        """Those whose file was received before that moment (milliseconds)."""
        return (one for one in tuple(self._transactions.values()) if one.received_at < moment)

    def remove(self, transaction: Transaction) -> None:
        """It is answered, or waited for no more."""
        del self._transactions[transaction.transaction_id]
        for key in tuple(transaction.open):
            self._forget(transaction, key)

    def keep_from(self, positions: Mapping[Place, int]) -> dict[Place, int]:
        """Of each partition, the offset of the first record that is still needed."""
        kept = dict(positions)
        for transaction in self._transactions.values():
            for place, offset in transaction.firsts.items():
                kept[place] = min(offset, kept.get(place, offset))
        return kept
