"""Who comes in, and how often: the token first, then the rates of the address and of the caller.

Failed tokens count by address, as do requests without one. An address that failed too often is told to wait before its
token is looked at; a caller whose token this process has verified before is not held up by neighbours who fail.
"""

import time
from collections.abc import Callable
from typing import Literal

from api.auth import Principal, Verifier
from api.problems import Problem
from api.windows import Policy, Used
from config.metrics import RATE_LIMITED
from config.settings import ApiSettings

# What a route is to the limits. "probe" is for monitors, which ask often and see nothing: it is not limited.
Kind = Literal["read", "write", "auth", "public", "probe"]


class Gate:
    """The verifier and the counters of a process. Raises ValueError for a rate that is none."""

    def __init__(self, api: ApiSettings, verifier: Verifier, clock: Callable[[], float] = time.monotonic) -> None:
        self.verifier = verifier
        self._by_subject = {
            "read": Policy("read", api.rate_read, clock),
            "write": Policy("write", api.rate_write, clock),
        }
        self._address = Policy("address", api.rate_address, clock)
        self._failures = Policy("failures", api.rate_failures, clock)
        self._by_address = {
            "public": Policy("public", api.rate_public, clock),
            "auth": Policy("auth", api.rate_auth, clock),
        }

    async def admit(self, authorization: str | None, address: str, kind: Kind) -> tuple[Principal, Used]:
        """The principal of the token, counted. Raises 401 and 429 problems."""
        _check(self._address.hit(address))
        principal = self.verifier.remembered(authorization)
        if principal is None:
            principal = await self._verified(authorization, address)
        return principal, _check(self._by_subject[kind if kind == "write" else "read"].hit(principal.subject))

    def admit_anybody(self, address: str, kind: Kind) -> Used | None:
        """A request that needs no token, counted by address; None for one that is not limited. Raises a 429 problem."""
        policy = self._by_address.get(kind)
        return None if policy is None else _check(policy.hit(address))

    async def _verified(self, authorization: str | None, address: str) -> Principal:
        _check(self._failures.test(address))
        try:
            return await self.verifier.authenticate(authorization)
        except Problem as problem:
            problem.headers |= self._failures.hit(address).headers
            raise


def _check(used: Used) -> Used:
    if used.allowed:
        return used
    RATE_LIMITED.labels(used.policy.name).inc()
    raise too_many(used)


def too_many(used: Used) -> Problem:
    """The quota is used up."""
    policy, headers = used.policy, used.headers
    detail = (
        f"Too many requests: {policy.quota} in {policy.seconds} seconds are allowed ({policy.name}). "
        f"Ask again in {headers['Retry-After']} seconds."
    )
    return Problem(429, "too_many_requests", detail, headers=headers)
