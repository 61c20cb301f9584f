"""`.env.example`, generated from the settings: every name with its meaning and default."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.settings import Settings

HEADER = """\
# Every setting with its default, generated from config/settings.py by `claims settings example`.
# Copy to .env and uncomment what differs; the environment goes before the file.
# In the environment, not in the file, KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name broker and database too.
"""


def render() -> str:
    """The text of `.env.example`."""
    return HEADER + "\n".join(_lines(Settings, "CLAIMS_")) + "\n"


def shown(settings: Settings) -> str:
    """The settings of this process, one a line, secrets hidden."""
    return "\n".join(f"{name}={value}" for name, value in _values(settings, "CLAIMS_"))


def _lines(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield f"\n# {(field.annotation.__doc__ or '').splitlines()[0]}"
            yield from _lines(field.annotation, f"{prefix}{name.upper()}__")
        else:
            yield f"# {field.description}"
            yield f"# {prefix}{name.upper()}={_default(field)}"


def _values(model: BaseModel, prefix: str) -> Iterator[tuple[str, str]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _values(value, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}", _text(value)


def _default(field: FieldInfo) -> str:
    return _text(field.default)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return "(secret)" if isinstance(value, SecretStr) else str(value)
