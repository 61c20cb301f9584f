"""Which address a request came from: the peer, or what a proxy that we trust says of it."""

import ipaddress
from functools import lru_cache

from config.settings import parts_of

_UNKNOWN = "unknown"
# Longer chains of proxies are cut: the nearest say most.
_HOPS_MAX = 20
_REMEMBERED = 10_000
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class CallerAddress:
    """Finds the address that rate limits count by. `trusted`: addresses and networks, separated by commas.

    X-Forwarded-For is read from its end, where the nearest proxy writes, as long as proxies are trusted: what a caller
    wrote in front of it is never believed. An IPv6 address counts as its /64, which one household has to itself.
    Raises ValueError for what is no network.
    """

    def __init__(self, trusted: str) -> None:
        self._trusted = tuple(ipaddress.ip_network(part, strict=False) for part in parts_of(trusted))
        self._is_trusted = lru_cache(_REMEMBERED)(self._find)

    def of(self, peer: str | None, forwarded_for: str | None) -> str:
        """The address in its short form; `unknown` for a peer without one, such as a socket file."""
        if peer is None:
            return _UNKNOWN
        if forwarded_for and self._trusted and self._is_trusted(peer):
            for hop in reversed(forwarded_for.rsplit(",", _HOPS_MAX)[-_HOPS_MAX:]):
                found = hop.strip()
                if shortened(found) == _UNKNOWN:
                    break  # whatever stands further in front was not written by a proxy of ours
                peer = found
                if not self._is_trusted(peer):
                    break
        return shortened(peer)

    def _find(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._trusted)


@lru_cache(_REMEMBERED)
def shortened(address: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its /64; `unknown` for what is no address."""
    parsed = _parsed(address)
    if parsed is None:
        return _UNKNOWN
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed
