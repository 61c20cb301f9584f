"""Problems that several queries and commands answer with."""

from aiohttp import hdrs

from api.problems import Problem

RETRY_SECONDS = 5
_RETRY: dict[str, str] = {hdrs.RETRY_AFTER: str(RETRY_SECONDS)}


def lookup_away() -> Problem:
    """The store cannot be asked."""
    detail = "Claims cannot be looked up just now. Claims already accepted are safe; ask again in a moment."
    return Problem(503, "lookup_unavailable", detail, headers=_RETRY)


def too_slow() -> Problem:
    """The store takes too long for what is asked."""
    detail = "This took too long. Narrow it, by days, a member or a provider, or ask again in a moment."
    return Problem(503, "lookup_too_slow", detail, headers=_RETRY)


def claim_not_found() -> Problem:
    """No such claim, or none of the caller's: whether it exists is not the caller's to know."""
    return Problem(404, "claim_not_found", "No claim has this id or claim number. A new claim may take a moment.")


def outcome_unknown(detail: str) -> Problem:
    """The broker did not confirm; `detail` says how to send it again without harm."""
    return Problem(503, "outcome_unknown", detail, headers=_RETRY)


def staff_only(what: str) -> Problem:
    """`what` is not for a token that names a provider or member."""
    return Problem(403, "forbidden", f"{what} for staff; a token that names a provider or member is not.")
