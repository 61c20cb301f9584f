"""What the handlers of members and providers work with, under a typed key of the application."""

from dataclasses import dataclass

from aiohttp import web

from api.people_store import PeopleStore
from config.sealing import Sealer
from schemas.reference_changes import Changed, Changes, ReleaseAway, Wish


class NoChanges:
    """Makes no changes: for a service that was started without a maker of releases."""

    async def change(self, wish: Wish) -> Changed:
        """Refuses."""
        raise ReleaseAway("this service was started without a maker of releases")

    async def close(self) -> None:
        """Nothing is under way."""


@dataclass(frozen=True, slots=True)
class PeopleParts:
    """Where people are read, who makes changes of them, and what makes ids of identifiers. Tests put fakes here."""

    store: PeopleStore
    changes: Changes
    sealer: Sealer


PEOPLE = web.AppKey("people", PeopleParts)
