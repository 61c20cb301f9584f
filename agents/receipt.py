"""Steps of the receipt: which rule fired, in which version, and what it made of an amount."""

from schemas.envelope import Step

# A rule whose answer changes for the same inputs gets the next number here; all others are in their first version.
VERSIONS: dict[str, int] = {}


def step(rule: str, before: int, after: int, detail: str | None = None) -> Step:
    """A step: the amount before and after in minor units, and the inputs used in a few words."""
    return Step(rule, VERSIONS.get(rule, 1), before, after, detail)
