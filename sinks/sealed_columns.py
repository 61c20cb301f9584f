"""Every sealed column in one table, and sealing them again with the newest key: in batches, as often as one likes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from config.sealing import MAGIC, Sealer, SealError, is_sealed

if TYPE_CHECKING:
    from asyncpg import Connection

BATCH_ROWS = 500
PLACES_SHOWN_MAX = 5


class SealedColumn(NamedTuple):
    """A column of sealed values. Each is bound to `table.column/key`, the parts of the key joined by slashes.

    `clear_before`: rows of older releases hold clear values, which are sealed as they are met.
    """

    table: str
    column: str
    key: tuple[tuple[str, str], ...]
    clear_before: bool = False

    @property
    def name(self) -> str:
        """As a person names it."""
        return f"{self.table}.{self.column}"

    def context(self, row: Mapping[str, Any]) -> str:
        """What the value of that row is bound to."""
        return f"{self.name}/{'/'.join(str(row[name]) for name, _ in self.key)}"


_LETTER = (("topic", "text"), ("dlq_partition", "integer"), ("dlq_offset", "bigint"))
_MEMBER = (("member_id", "text"),)
_PROVIDER = (("provider_id", "text"),)
COLUMNS = (
    SealedColumn("dead_letters", "key", _LETTER, clear_before=True),
    SealedColumn("dead_letters", "value", _LETTER, clear_before=True),
    SealedColumn("members", "name", _MEMBER),
    SealedColumn("members", "birth_date", _MEMBER),
    SealedColumn("members", "identifiers", _MEMBER),
    SealedColumn("members", "contact", _MEMBER),
    SealedColumn("members", "account", _MEMBER),
    SealedColumn("providers", "name", _PROVIDER),
    SealedColumn("providers", "identifiers", _PROVIDER),
    SealedColumn("providers", "contact", _PROVIDER),
    SealedColumn("providers", "account", _PROVIDER),
)


@dataclass(slots=True)
class Rotated:
    """What became of a column: values sealed again, and those that did not open, with the first of their places."""

    column: SealedColumn
    sealed: int = 0
    failed: int = 0
    places: list[str] = field(default_factory=list)


async def keys_in_use(connection: "Connection", column: SealedColumn) -> Mapping[str, int]:
    """Values by the id of the key that sealed them; the empty id for clear ones."""
    name = f'"{column.column}"'
    rows = await connection.fetch(
        f"select case when substring({name} from 1 for {len(MAGIC)}) = $1 "  # noqa: S608 - constants of this module
        f"then encode(substring({name} from {len(MAGIC) + 2} for get_byte({name}, {len(MAGIC)})), 'escape') "
        f"else '' end as key_id, count(*) as values from {column.table} where {name} is not null group by 1 order by 1",
        MAGIC,
    )
    return {row["key_id"]: row["values"] for row in rows}


async def rotate(
    connection: "Connection", sealer: Sealer, column: SealedColumn, told: Callable[[Rotated], None] = lambda _: None
) -> Rotated:
    """Seal with the newest key whatever another one sealed. Each batch is a transaction: it can be stopped at any time
    and started again, and runs beside the service: a value that changes meanwhile is not touched. `told` hears of each
    batch. Raises what asyncpg raises.
    """
    done = Rotated(column)
    after: tuple[Any, ...] | None = None
    while True:
        async with connection.transaction():
            rows = await connection.fetch(_select(column, after), sealer.header, *(after or ()))
            for row in rows:
                await _seal_again(connection, sealer, dict(row), done)
        if not rows:
            return done
        after = tuple(rows[-1][name] for name, _ in column.key)
        told(done)


async def _seal_again(connection: "Connection", sealer: Sealer, row: Mapping[str, Any], done: Rotated) -> None:
    column, stored = done.column, row["sealed"]
    context = column.context(row)
    try:
        clear = stored if column.clear_before and not is_sealed(stored) else sealer.open_bytes(stored, context)
    except SealError:
        done.failed += 1
        done.places[len(done.places) : PLACES_SHOWN_MAX] = [context]
        return
    key = [row[name] for name, _ in column.key]
    changed = await connection.execute(_update(column), sealer.seal_bytes(clear, context), stored, *key)
    done.sealed += changed == "UPDATE 1"


def _select(column: SealedColumn, after: tuple[Any, ...] | None) -> str:
    names = ", ".join(name for name, _ in column.key)
    places = ", ".join(f"${number}::{kind}" for number, (_, kind) in enumerate(column.key, start=2))
    onward = f"and ({names}) > ({places})" if after else ""
    return (
        f'select {names}, "{column.column}" as sealed from {column.table} '  # noqa: S608 - constants of this module
        f'where "{column.column}" is not null and substring("{column.column}" from 1 for length($1::bytea)) <> $1 '
        f"{onward} order by {names} limit {BATCH_ROWS}"
    )


def _update(column: SealedColumn) -> str:
    key = " and ".join(f"{name} = ${number}::{kind}" for number, (name, kind) in enumerate(column.key, start=3))
    return (
        f'update {column.table} set "{column.column}" = $1 '  # noqa: S608 - constants of this module
        f'where "{column.column}" = $2 and {key}'
    )
