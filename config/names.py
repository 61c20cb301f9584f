"""Names that begin with CLAIMS_: which are settings, and what a name that is none was meant to be."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel
from pydantic_settings import DotEnvSettingsSource

from config.settings import Settings

PREFIX = "CLAIMS_"
# Read by other parts of this project than the settings; a test holds this list to the code.
READ_ELSEWHERE = frozenset({"CLAIMS_CACHE_DIR", "CLAIMS_PROPERTIES", "CLAIMS_SHARED_DATA", "CLAIMS_TOKEN"})
# Kubernetes tells each container of every service, and one of those may be called `claims` or `claims-api`.
_OF_KUBERNETES = re.compile(r"_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$")
_ADDRESS = re.compile(r"^(tcp|udp|sctp)://")
_LIKE_ENOUGH = 0.7


def setting_names() -> frozenset[str]:
    """Every setting, and every section, which may be given whole as JSON."""
    return frozenset(_names(Settings, PREFIX))


def unknown_names(environment: Mapping[str, str | None]) -> list[str]:
    """The names with our prefix that nothing reads, as they stand there."""
    known = setting_names() | READ_ELSEWHERE
    ours = (name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)
    return sorted(name for name in ours if not _of_kubernetes(name, environment[name] or ""))


def refused_names(environment: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each unknown name of the environment and of the file of settings, if one is here."""
    file = DotEnvSettingsSource(Settings)
    found = {name.upper(): no_setting(name, f" (in {file.env_file})") for name in unknown_names(file.env_vars)}
    return found | {name: no_setting(name) for name in unknown_names(environment)}


def no_setting(name: str, where: str = "") -> str:
    """That nothing reads a name, and which is the nearest that something reads."""
    return f"no setting has this name{where}; {_hint(name)}"


def _names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name.upper()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _names(field.annotation, f"{prefix}{name.upper()}__")


def _of_kubernetes(name: str, value: str) -> bool:
    found = _OF_KUBERNETES.search(name)
    return found is not None and (found[0] != "_PORT" or _ADDRESS.match(value) is not None)


def _hint(name: str) -> str:
    """The nearest name: underscores and case are what is mistaken most, so they do not count."""
    known = {_compared(full): full for full in sorted(setting_names() | READ_ELSEWHERE)}
    near = get_close_matches(_compared(name), known, n=1, cutoff=_LIKE_ENOUGH)
    return f"did you mean {known[near[0]]}?" if near else "leave it out or mend it"


def _compared(name: str) -> str:
    return name.upper().removeprefix(PREFIX).replace("_", "")
