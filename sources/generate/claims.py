"""The stream of generated claims: mostly paid, some denied, pended or sent twice, each from a cause that occurs."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from random import Random

from schemas.claim import SubmittedClaim
from sources.generate.grounds import CAUSES, grounds
from sources.generate.maker import Maker
from sources.generate.people import Family
from sources.generate.spec import Spec
from sources.generate.world import World, world_of

# Claims that may be sent again, or billed again under another number.
_REMEMBERED = 1000
# Share of claims, of those that are paid, for stays under a letter of guarantee.
_GUARANTEED = 0.05


def claims(spec: Spec, accepted: Callable[[int], int] | None = None) -> Iterator[SubmittedClaim]:
    """Claims of the spec, `spec.count` of them or without end; `accepted(n)` is the time of acceptance of the n-th.

    Times are milliseconds since 1970-01-01 UTC; without `accepted` one claim a millisecond from spec.accepted_at.
    """
    times = accepted or (lambda number: spec.accepted_at + number)
    stream = _Stream(spec, world_of(spec))
    for number in count() if spec.count is None else range(spec.first + spec.count):
        made = stream.following(number, times(max(0, number - spec.first)))
        if number >= spec.first:
            yield made


class _Stream:
    def __init__(self, spec: Spec, made: World) -> None:
        self._spec = spec
        self._world = made
        self._random = Random(f"claims {spec.seed} {spec.day}")
        self._maker = Maker(spec, self._random)
        self._recent: deque[SubmittedClaim] = deque(maxlen=_REMEMBERED)
        self._paid: deque[SubmittedClaim] = deque(maxlen=_REMEMBERED)
        self._grounds = grounds(spec, made)
        self._causes = [cause for cause, share in CAUSES if cause in self._grounds for _ in range(share)]
        self._family: Family | None = None
        # Thresholds on one uniform draw.
        self._below_repeated = spec.repeated
        self._below_denied = spec.repeated + spec.denied
        self._below_pended = self._below_denied + spec.pended

    def following(self, number: int, accepted_at: int) -> SubmittedClaim:
        if self._spec.in_flight > 1 and number % self._spec.in_flight == 0:
            self._family = self._any_family("paid")
        draw = self._random.random()
        if draw < self._below_repeated and self._recent:
            first = self._recent[int(self._random.random() * len(self._recent))]
            return replace(first, correlation_id=f"{first.claim_control_number}-r{number}", accepted_at=accepted_at)
        if draw < self._below_repeated:
            draw = 1.0
        made = self._fresh(draw, number, accepted_at)
        self._recent.append(made)
        return made

    def _fresh(self, draw: float, number: int, accepted_at: int) -> SubmittedClaim:
        cause = "paid"
        if draw < self._below_denied and self._causes:
            cause = self._causes[int(self._random.random() * len(self._causes))]
        elif self._below_denied <= draw < self._below_pended and "pended" in self._grounds:
            cause = "pended"
        elif draw >= self._below_pended and "guaranteed" in self._grounds and self._random.random() < _GUARANTEED:
            cause = "guaranteed"
        if cause == "duplicate" and self._paid:
            return self._billed_again(number, accepted_at)
        family = self._family_for(cause)
        if family is None or cause == "duplicate":
            cause, family = "paid", self._family or self._any_family("paid")
        assert family is not None, "a living family of some plan can always claim what the plan pays"
        templates = self._grounds[cause].templates[family.plan]
        template = templates[int(self._random.random() * len(templates))]
        earliest = self._world.last_days_of_ended[family.plan] + 1 if cause == "coverage_ended" else None
        made = self._maker.claim(number, template, family, accepted_at, earliest)
        if cause == "paid":
            self._paid.append(made)
        return made

    def _billed_again(self, number: int, accepted_at: int) -> SubmittedClaim:
        """The same services under another number: a duplicate that only the lines give away."""
        first = self._paid[int(self._random.random() * len(self._paid))]
        return self._maker.renumbered(first, number, accepted_at)

    def _family_for(self, cause: str) -> Family | None:
        """A family that can have the cause; of the families in flight, only the one whose turn it is."""
        if self._family is None or cause == "coverage_ended":
            return self._any_family(cause)
        return self._family if cause in self._grounds and self._grounds[cause].has(self._family) else None

    def _any_family(self, cause: str) -> Family | None:
        ground = self._grounds.get(cause)
        if ground is None:
            return None
        pool = ground.families[ground.plans[int(self._random.random() * len(ground.plans))]]
        return pool[int(self._random.random() * len(pool))]
