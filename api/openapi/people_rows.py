"""Rows of the document: members and providers."""

from typing import NamedTuple

from pydantic import BaseModel

from api.models.people import (
    ChangesOfPerson,
    MemberFound,
    MembersFound,
    ProviderFound,
    ProvidersFound,
)
from api.models.people_given import MemberGiven, PeopleSearch, ProviderGiven
from api.openapi.rows import JSON, Body, Parameter, Reply, Row
from api.openapi.shared import LIMIT, TEXT

CURSOR = Parameter("cursor", "`next` of the page before.", {**TEXT, "maxLength": 100})
IF_MATCH = Parameter("If-Match", "The ETag of the record that was looked at; 412 once it has moved on.", TEXT, "header")
ENDED = Parameter(
    "includeEnded", "Also those that have ended.", {**TEXT, "enum": ["true", "false"], "default": "false"}
)
EFFECTIVE = Parameter("effective", "The last day; today where it is not said.", {**TEXT, "format": "date"})
_ID = {**TEXT, "maxLength": 50}
_RELEASE = (
    "The answer names the release of reference data that holds the change. A claim submitted after it waits for that "
    "release: it is not rejected for a person whom the engine does not know yet."
)
_OWN = "Members and providers may change their own contact, staff everything. "


class _Of(NamedTuple):
    word: str
    given: type[BaseModel]
    found: type[BaseModel]
    page: type[BaseModel]
    listed_by: tuple[Parameter, ...]
    search: str


def _rows(of: _Of) -> tuple[Row, ...]:
    path, name = f"/api/v1/{of.word}s", of.word.capitalize()
    one, change = f"{path}/{{id}}", {200: Reply("The record as it is now.", of.found, headers=("ETag",))}
    patch = {JSON: {"type": "object", "description": "The fields to change (RFC 7396); null takes one away."}}
    return (
        Row(
            "POST", path, f"create{name}", f"Create a {of.word}",
            {
                201: Reply("The record, in a release of its own.", of.found, headers=("ETag", "Location")),
                200: Reply("It was there already, the same.", of.found, headers=("ETag", "Location")),
            },
            Body(of.given), problems=(409, 503), text=_RELEASE,
        ),
        Row(
            "GET", path, f"list{name}s", f"{name}s by id", {200: Reply("A page, by id.", of.page)},
            takes=(*of.listed_by, ENDED, LIMIT, CURSOR), problems=(400, 503), tagged=True,
        ),
        Row(
            "POST", f"{path}/search", f"search{name}s", f"Find {of.word}s by identifier or name",
            {200: Reply("A page, by id.", of.page)}, Body(PeopleSearch), problems=(503,), text=of.search,
        ),
        Row(
            "GET", one, f"get{name}", f"Look a {of.word} up", {200: Reply("The record.", of.found)}, problems=(503,),
            tagged=True,
        ),
        Row(
            "PUT", one, f"put{name}", f"Put a {of.word} in place of the one that is there", change, Body(of.given),
            (IF_MATCH,), (412, 428, 503), _OWN + _RELEASE,
        ),
        Row(
            "PATCH", one, f"change{name}", f"Change some fields of a {of.word}", change, Body(media=patch),
            (IF_MATCH,), (412, 428, 503), _OWN + _RELEASE,
        ),
        Row(
            "DELETE", one, f"end{name}", f"End a {of.word}", change, takes=(EFFECTIVE, IF_MATCH),
            problems=(400, 412, 422, 428, 503),
            text=f"The {of.word} stays readable, and claims of earlier days are decided as before.",
        ),
        Row(
            "GET", f"{one}/events", f"get{name}Events", f"Who changed a {of.word}",
            {200: Reply("Oldest first; names of fields, no values.", ChangesOfPerson)}, problems=(503,), tagged=True,
        ),
    )  # fmt: skip


_BY_COVERAGE = (
    Parameter("coverageId", "Only of this coverage: a family.", _ID),
    Parameter("planId", "Only with this plan.", _ID),
)
_BY_NETWORK = (Parameter("networkId", "Only of this network.", _ID),)
ROWS = (
    *_rows(
        _Of(
            "member", MemberGiven, MemberFound, MembersFound, _BY_COVERAGE,
            "Words of the name are compared whole. A provider asks by one identifier, and is shown who that is and "
            "when they are covered.",
        )
    ),
    *_rows(
        _Of(
            "provider", ProviderGiven, ProviderFound, ProvidersFound, _BY_NETWORK,
            "Words of the name are compared whole.",
        )
    ),
)  # fmt: skip
