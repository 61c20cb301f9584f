"""Providers and the networks they belong to, from providers.csv and networks.csv (or YAML)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from schemas.reference import NetworkSegment, Provider
from sources.reference.fields import Fields
from sources.reference.problems import Place, Problems
from sources.reference.rows import Columns, rows_of

PROVIDERS = Columns(("provider_id", "name", "kind", "identifiers"))
NETWORKS = Columns(("provider_id", "network_id", "effective_from"), ("effective_to",))
KINDS = ("hospital", "clinic", "physician", "dentist", "pharmacy", "optical")


def providers_of(folder: Path, problems: Problems) -> dict[str, Provider]:
    """Providers by id, with their networks in order of the first day."""
    found: dict[str, tuple[Place, Provider]] = {}
    holders: dict[tuple[str, str], str] = {}
    for row in rows_of(folder, "providers", PROVIDERS, problems):
        fields = Fields(row, problems)
        provider = Provider(
            release=0,
            removed=False,
            provider_id=fields.id("provider_id"),
            identifiers=fields.identifiers("identifiers"),
            name=fields.text("name"),
            kind=fields.word("kind", KINDS),
            networks=(),
        )
        if provider.provider_id in found:
            line = found[provider.provider_id][0].line
            fields.bad("provider_id", f"{provider.provider_id} stands on line {line} already")
            continue
        found[provider.provider_id] = (row.place, provider)
        for identifier in provider.identifiers:
            holder = holders.setdefault((identifier.system, identifier.value), provider.provider_id)
            if holder != provider.provider_id:
                fields.bad("identifiers", f"{holder} has the same {identifier.system}; it belongs to one provider")
    segments = _segments(folder, found, problems)
    return {
        provider_id: replace(provider, networks=tuple(segments.get(provider_id, ())))
        for provider_id, (_, provider) in found.items()
    }


def _segments(folder: Path, providers: Mapping[str, object], problems: Problems) -> dict[str, list[NetworkSegment]]:
    found: dict[str, list[NetworkSegment]] = defaultdict(list)
    for row in rows_of(folder, "networks", NETWORKS, problems):
        fields = Fields(row, problems)
        provider_id = fields.id("provider_id")
        if providers and provider_id not in providers:
            fields.bad("provider_id", f"{provider_id} is not in providers")
        segment = NetworkSegment(fields.id("network_id"), *fields.period())
        for other in found[provider_id]:
            if (
                other.network_id == segment.network_id
                and (other.effective_to is None or segment.effective_from <= other.effective_to)
                and (segment.effective_to is None or other.effective_from <= segment.effective_to)
            ):
                fields.bad("effective_from", f"overlaps another row of {provider_id} in {segment.network_id}")
                break
        found[provider_id].append(segment)
    for segments in found.values():
        segments.sort(key=lambda segment: (segment.effective_from, segment.network_id))
    return found
