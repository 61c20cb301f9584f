"""Worked claims as files: YAML that an examiner reads, checked for words that mean nothing.

Every value stays text as it was written: 0.20 must not become a binary fraction, 0250 no number. docs/conformance.md
describes the form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

REFERENCE = frozenset({
    "plans", "fees", "contracts", "edits", "members", "coverages", "providers", "networks", "authorizations", "history",
})  # fmt: skip
STEPS = ("claim", "command", "authorization", "payment", "adjudication")
_FILE = frozenset({"topic", "cases"})
_CASE = frozenset({
    "id", "title", "features", "source", "derived", "rule", "working", "currency", "reference", "opening", "steps",
    "ledger",
})  # fmt: skip
_SOURCE = ("title", "publisher", "reference", "url", "note")
_NEEDED = ("id", "title", "features", "working", "steps")


class CaseError(Exception):
    """A case that cannot be run: which file and case, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """A worked claim. `steps` and `expect` are as they were written, all values text."""

    file: str
    topic: str
    case_id: str
    title: str
    features: tuple[str, ...]
    source: Mapping[str, str] | None
    rule: str | None
    working: tuple[str, ...]
    currency: str
    reference: Mapping[str, Any]
    opening: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    ledger: Sequence[Mapping[str, Any]] | None

    @property
    def place(self) -> str:
        """File and case, for messages."""
        return f"{self.file}, case {self.case_id}"


class _TextLoader(yaml.SafeLoader):
    """YAML with every scalar as text and merge keys (`<<`); a key that stands twice is refused."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name is PyYAML's
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:merge"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def cases_in(folder: Path) -> list[Case]:
    """Every case of a folder, in the order of files and cases. Raises CaseError for the first that is malformed."""
    found = [case for path in sorted(folder.glob("*.yaml")) for case in _cases_of(path)]
    seen: dict[str, Case] = {}
    for case in found:
        if case.case_id in seen:
            raise CaseError(f"{case.place}: {seen[case.case_id].file} has a case of that id; give it another")
        seen[case.case_id] = case
    return found


def _cases_of(path: Path) -> Iterator[Case]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CaseError(f"{path.name}: is no YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("cases"), list):
        raise CaseError(f"{path.name}: must be a mapping with `topic` and a list `cases`")
    refuse_unknown(document, _FILE, path.name)
    topic = str(document.get("topic", path.stem))
    for number, entry in enumerate(document["cases"], start=1):
        if not isinstance(entry, dict):
            raise CaseError(f"{path.name}: case {number} is no mapping")
        yield _case(entry, path.name, topic, number)


def _case(entry: Mapping[str, Any], file: str, topic: str, number: int) -> Case:
    place = f"{file}, case {entry.get('id') or number}"
    refuse_unknown(entry, _CASE, place)
    lacking = [name for name in _NEEDED if not entry.get(name)]
    if lacking:
        raise CaseError(f"{place}: lacks {', '.join(lacking)}")
    reference = entry.get("reference") or {}
    refuse_unknown(reference, REFERENCE, f"{place}, reference")
    for step in entry["steps"]:
        kinds = [kind for kind in STEPS if kind in step]
        if len(kinds) != 1:
            raise CaseError(
                f"{place}: a step is one of {', '.join(STEPS)}; this one has {', '.join(step) or 'nothing'}"
            )
        refuse_unknown(step, {kinds[0], "on", "expect"}, f"{place}, step")
    return Case(
        file=file,
        topic=topic,
        case_id=entry["id"],
        title=entry["title"],
        features=tuple(entry["features"]),
        source=_source(entry, place),
        rule=entry.get("rule"),
        working=tuple(listed(entry["working"])),
        currency=entry.get("currency") or "USD",
        reference=reference,
        opening=entry.get("opening") or (),
        steps=entry["steps"],
        ledger=() if entry.get("ledger") == "empty" else entry.get("ledger"),
    )


def _source(entry: Mapping[str, Any], place: str) -> Mapping[str, str] | None:
    """The public source of a case; None for one that is derived from a rule, which then must be named."""
    source = entry.get("source")
    if (source is None) == (entry.get("derived") != "true"):
        raise CaseError(f"{place}: names either a `source` or `derived: true`")
    if source is None:
        if not entry.get("rule"):
            raise CaseError(f"{place}: is derived and must name the `rule` it is derived from")
        return None
    refuse_unknown(source, _SOURCE, f"{place}, source")
    lacking = [name for name in ("title", "publisher", "reference", "note") if not source.get(name)]
    if lacking:
        raise CaseError(f"{place}, source: lacks {', '.join(lacking)}")
    return dict(source)


def refuse_unknown(entry: Mapping[str, Any], known: Sequence[str] | frozenset[str] | set[str], place: str) -> None:
    """Raise CaseError when a mapping names what means nothing there."""
    unknown = [str(name) for name in entry if name not in known]
    if unknown:
        raise CaseError(f"{place}: knows no {', '.join(map(repr, unknown))}; it may have {', '.join(sorted(known))}")


def listed(value: Any) -> list[Any]:
    """One or several values as a list."""
    return value if isinstance(value, list) else [value]
