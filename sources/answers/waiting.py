"""Transactions whose 277CA is not complete, as edi.received tells of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from schemas.codec import Codec
from schemas.edi import EdiClaim, EdiReceived
from sources.answers.acknowledgment import Verdict, key_of

Place = tuple[str, int]
# Parts are kept as they came: a claim takes a fourth of the memory that its record would.
Judge = Callable[[EdiClaim], Verdict | None]


@dataclass
class Transaction:
    """A transaction: parts by number, the claims without a verdict, and verdicts, by `key_of` claims."""

    transaction_id: str
    received_at: int
    parts: dict[int, bytes] = field(default_factory=dict)
    last: int = 0
    open: dict[str, EdiClaim] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    firsts: dict[Place, int] = field(default_factory=dict)
    claims: int = 0

    @property
    def whole(self) -> bool:
        """Whether all parts have come."""
        return 0 < self.last == len(self.parts)

    def records(self, codec: Codec) -> list[EdiReceived]:
        """The parts in their order."""
        return [codec.decode(EdiReceived, self.parts[part]) for part in sorted(self.parts)]


class Waiting:
    """All of them, by id."""

    def __init__(self) -> None:
        self._transactions: dict[str, Transaction] = {}
        # By claim id: transactions, and keys of claims in them.
        self._awaited: dict[str, set[tuple[str, str]]] = {}

    def __len__(self) -> int:
        return len(self._transactions)

    @property
    def claims(self) -> int:
        """Claims of all transactions that wait."""
        return sum(transaction.claims for transaction in self._transactions.values())

    def add(self, place: Place, offset: int, received: EdiReceived, raw: bytes, judge: Judge) -> None:
        """Take a part; one that came before is replaced: its file was read again."""
        name = received.transaction_id
        found = self._transactions.setdefault(name, Transaction(name, received.received_at))
        if received.part not in found.parts:
            found.claims += len(received.claims)
        found.parts[received.part] = raw
        found.last = received.part if received.last else found.last
        found.firsts[place] = min(offset, found.firsts.get(place, offset))
        for claim in received.claims:
            if claim.claim_id is not None:
                self._judge(found, claim.claim_id, claim, judge)

    def heard_of(self, claim_id: str, judge: Judge) -> None:
        """An outcome of that claim has come."""
        for name, key in tuple(self._awaited.get(claim_id, ())):
            transaction = self._transactions[name]
            self._judge(transaction, claim_id, transaction.open[key], judge)

    def _judge(self, transaction: Transaction, claim_id: str, claim: EdiClaim, judge: Judge) -> None:
        verdict, key = judge(claim), key_of(claim)
        if verdict is None:
            transaction.open[key] = claim
            self._awaited.setdefault(claim_id, set()).add((transaction.transaction_id, key))
            return
        transaction.verdicts[key] = verdict
        if transaction.open.pop(key, None) is not None:
            self._forget(claim_id, transaction, key)

    def _forget(self, claim_id: str, transaction: Transaction, key: str) -> None:
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
        for key, claim in transaction.open.items():
            assert claim.claim_id is not None
            self._forget(claim.claim_id, transaction, key)

    def keep_from(self, positions: Mapping[Place, int]) -> dict[Place, int]:
        """Of each partition, the offset of the first record that is still needed."""
        kept = dict(positions)
        for transaction in self._transactions.values():
            for place, offset in transaction.firsts.items():
                kept[place] = min(offset, kept.get(place, offset))
        return kept
