"""Walks blocks of segments and hands out envelopes, claims and findings: one claim in memory at a time."""

from collections.abc import Iterator, Sequence

from schemas.identifiers import claim_id
from sources.x12.claim import CLAIM_SEGMENTS_MAX, ClaimRead, Standing, Terms, form_of_guide, read_claim
from sources.x12.envelope import CLOSING, OPENING, Envelope, element
from sources.x12.findings import EdiFinding
from sources.x12.header import reports_encounters, transaction_attributes
from sources.x12.loops import ClaimLoop, Levels
from sources.x12.segments import Block, Elements, Separators
from sources.x12.stream import Begins, Ends
from sources.x12.values import LONG, Values

Read = Begins | ClaimRead | EdiFinding | Ends
# Where something begins or ends; every other segment belongs to what is open.
_STOPS = frozenset(("HL", "CLM", *OPENING, *CLOSING))
# What ends a claim as it should.
_ENDING = frozenset(("HL", "CLM", "SE"))
_LOOPS = {"20": "2000A", "22": "2000B", "23": "2000C"}
# Segments of a level, and of what stands before the first: more than any guide has.
_LEVEL_SEGMENTS_MAX = 2_000
# Control numbers of claims that are remembered to find one used twice.
_REMEMBERED_MAX = 200_000


class Walk:
    """Where the reading of a file stands."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._envelope = Envelope()
        self._values: Values | None = None
        self._standing: Standing | None = None
        self._levels = Levels()
        self._open: list[Elements] = []
        self._header: list[Elements] = []
        # Number of the CLM whose segments are open; 0 where a level or the header is.
        self._claim = 0
        self._reading = False
        self._seen: set[int] = set()
        self._seen_twice: set[int] = set()

    def block(self, block: Block) -> Iterator[Read]:
        """The segments of a block."""
        if self._values is not None:
            self._values.long |= block.longest > LONG
        segments, done = block.segments, 0
        for place in [place for place, segment in enumerate(segments) if segment[0] in _STOPS]:
            self._open += segments[done:place]
            done = place + 1
            segment, number = segments[place], block.first + place
            name = segment[0]
            if self._claim and name in _ENDING:
                yield from self._claim_ends()
            if name in OPENING or name in CLOSING:
                yield from self._envelope_of(segment, number, block.separators)
            elif name == "CLM" and self._reading:
                self._claim, self._open = number, [segment]
            elif self._reading:
                yield from self._level(segment, number)
        self._open += segments[done:]
        self._forget()
        if block.cut is not None:
            yield from self._breaks_off(block.cut, block.last, block.separators)

    def _breaks_off(self, segment: Elements, number: int, separators: Separators) -> Iterator[Read]:
        """A segment without its terminator: a half one, but for a trailer that agrees with what it ends.

        It is not read: half an amount or a name is none. The name of one that ends a claim shows that the claim is
        whole. Outside of interchanges only the beginning of another one is something that breaks off.
        """
        if self._claim and segment[0] in _ENDING and len(segment) > 1:
            yield from self._claim_ends()
        if self._envelope.is_ended_by(segment, number):
            yield from self._envelope_of(segment, number, separators)
        elif self._envelope.is_open or "ISA".startswith(segment[0]):
            text = "the data breaks off within this segment, which has no terminator; send it again, whole"
            yield EdiFinding(number, "", "SEGMENT_CUT", text, True)

    def _claim_ends(self) -> list[Read]:
        """The claim that is open, and whether its number came before."""
        read = self._ended()
        mark = hash((self._envelope.sender, _known_by(read)))
        if mark in self._seen:
            return [read, *self._used_twice(read, mark)]
        if len(self._seen) < _REMEMBERED_MAX:
            self._seen.add(mark)
        return [read]

    def end(self, number: int) -> Iterator[Read]:
        """The end of the file, or of what can be read of it."""
        yield from self._cut_off(number)
        yield from self._envelope.end(number)

    def _forget(self) -> None:
        """Drop segments that belong to nothing that is read, or to more than anything may have."""
        if not self._reading:
            self._open.clear()
        most = CLAIM_SEGMENTS_MAX + 1 if self._claim else _LEVEL_SEGMENTS_MAX
        if len(self._open) > most:
            del self._open[most:]

    def _envelope_of(self, segment: Elements, number: int, separators: Separators) -> Iterator[Read]:
        """An envelope begins or ends. Only SE ends a transaction as it should."""
        yield from self._cut_off(number)
        self._name_parties()
        if segment[0] in CLOSING:
            yield from self._envelope.closes(segment, number)
        else:
            yield from self._envelope.opens(segment, number, separators)
        self._begin(segment, separators)

    def _begin(self, segment: Elements, separators: Separators) -> None:
        """After an envelope's segment: a transaction of claims is read, anything else is not."""
        self._claim, self._open, self._levels = 0, [], Levels()
        self._reading = segment[0] == "ST" and element(segment, 1) == "837"
        self._standing = None
        if self._values is None or self._values.separators != separators:
            self._values = Values(self._terms.currency, separators)
        self._header = self._open

    def _name_parties(self) -> None:
        """BHT, and who sends and receives, for the end of the transaction."""
        if self._reading:
            for segment in self._header:
                if segment[0] == "BHT":
                    self._envelope.purpose = segment
                elif segment[0] == "NM1" and element(segment, 1) == "41":
                    self._envelope.submitter = segment
                elif segment[0] == "NM1" and element(segment, 1) == "40":
                    self._envelope.receiver = segment

    def _level(self, segment: Elements, number: int) -> Sequence[EdiFinding]:
        level, wrong = self._levels.open(segment, number)
        self._open = level.segments
        if not wrong:
            return ()
        inside, loop = number - self._envelope.began + 1, _LOOPS.get(level.kind, "2000")
        return [EdiFinding(number, position, code, text, False, "HL", inside, loop) for position, code, text in wrong]

    def _ended(self) -> ClaimRead:
        """The claim that is open, read."""
        assert self._values is not None, "an ISA came before"
        if self._standing is None:
            self._standing = self._stand()
        values, envelope = self._values, self._envelope
        loop = ClaimLoop(self._claim, self._open, self._levels.current, envelope.began, values.separators)
        self._claim, self._open = 0, []
        return read_claim(loop, self._standing, self._terms, values)

    def _loop(self) -> ClaimLoop:
        assert self._values is not None
        loop = ClaimLoop(self._claim, self._open, self._levels.current, self._envelope.began, self._values.separators)
        self._claim, self._open = 0, []
        return loop

    def _stand(self) -> Standing:
        self._name_parties()
        guide, header = self._envelope.guide, self._header
        submitter = element(self._envelope.submitter, 9) or self._envelope.sender
        said = transaction_attributes(header)
        return Standing(guide, form_of_guide(guide), submitter, said, reports_encounters(header))

    def _cut_off(self, number: int) -> Iterator[Read]:
        """The claim that was under way when its transaction broke off: it may lack lines, and is not sent."""
        if self._claim and self._reading:
            loop = self._loop()
            loop.sort()
            text = "the transaction breaks off within this claim: it may lack lines and was not sent; send it again"
            inside = loop.first - loop.began + 1
            finding = EdiFinding(number, "CLM", "TRUNCATED", text, True, "CLM", inside, "2300")
            yield ClaimRead(loop.first, element(loop.claim, 1)[:50], None, (finding,), loop)

    def _used_twice(self, read: ClaimRead, mark: int) -> Iterator[EdiFinding]:
        if mark not in self._seen_twice:
            self._seen_twice.add(mark)
            text = "CLM01 came before in this file: the same claim again counts once, another one is set aside"
            inside = read.segment - read.loop.began + 1
            yield EdiFinding(read.segment, "CLM01", "DUP_CLM01", text, False, "CLM", inside, "2300")


def _known_by(read: ClaimRead) -> str:
    """Its number; its id where it replaces or voids the claim of that number, and so is no second one under it."""
    claim = read.claim
    if claim is None or claim.root_id == claim.claim_id:
        return read.control_number
    original = claim_id(claim.submitter_id, read.control_number, None, "")
    return claim.claim_id if claim.root_id == original else read.control_number
