"""Reference data for tests of the runtime: one release, or none, with nothing in it."""

from typing import cast

from agents.contract import Reference


class OneRelease:
    """References whose newest release is the one given."""

    def __init__(self, release: int | None) -> None:
        self._release = release

    def latest(self) -> int | None:
        """The release, None for none."""
        return self._release

    def at(self, release: int) -> Reference | None:
        """Something that stages under test do not look into."""
        return cast(Reference, object()) if release == self._release else None
