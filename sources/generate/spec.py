"""What to generate."""

from dataclasses import dataclass
from pathlib import Path

from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.dates import day_at
from schemas.vocabulary import Form

SAMPLE_REFERENCE = Path(__file__).parents[1] / "samples" / "reference"
# How many days back a claim's services lie at most.
SERVICE_DAYS_BACK = 45


@dataclass(frozen=True)
class Spec:
    """What to generate. The same spec gives the same content; only times of acceptance may differ.

    `denied`, `pended` and `repeated` are shares of all claims. `in_flight` consecutive claims are of one family.
    `first` skips so many claims of the stream: two runs then send two parts of one load.
    `accepted_at` is the time of the first claim, milliseconds since 1970-01-01 UTC, unless `claims` is given another;
    its day sets the days of service. Claims match the reference data made with the same seed and number of members.
    `form` and `currency` keep to claims of one form and to plans of one currency, as a file of X12 does.
    """

    seed: int = 1
    members: int = 100_000
    count: int | None = None
    denied: float = 0.10
    pended: float = 0.03
    repeated: float = 0.05
    in_flight: int = 1
    accepted_at: int = 1_780_000_000_000
    submitter_id: str = "generator"
    first: int = 0
    reference: Path = SAMPLE_REFERENCE
    form: Form | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        shares = (self.denied, self.pended, self.repeated)
        if min(shares) < 0 or sum(shares) > 1:
            raise ValueError("the shares denied, pended and repeated must not be negative, nor above 1 together")
        if self.members < 1 or self.in_flight < 1 or (self.count is not None and self.count < 0):
            raise ValueError("members and families in flight must be 1 or more, a count 0 or more")

    @property
    def day(self) -> int:
        """The payer's day of the first acceptance, days since 1970-01-01."""
        return day_at(self.accepted_at, PAYER_UTC_OFFSET_MINUTES)
