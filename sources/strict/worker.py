"""The process in which pyx12 judges: one transaction in, what it says about it out. It may be killed at any moment."""

import io
import json
import logging
import resource
from functools import cache
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

# Memory of the process; what needs more ends in a MemoryError here, not on the machine.
_MEMORY_BYTES_MAX = 4_000_000_000


class Error(NamedTuple):
    """An error of pyx12: level (transaction, segment, element), code, segment and its position from ST = 1, element."""

    level: str
    code: str
    segment: str = ""
    position: int = 0
    element: int = 0
    component: int = 0


class Unjudged(NamedTuple):
    """Why there is no judgement: `version`, or the name of what pyx12 raised."""

    reason: str


def serve(connection: Connection) -> None:
    """Judge what comes until the other end closes."""
    import pyx12.map_if

    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES_MAX, _MEMORY_BYTES_MAX))
    # Reading a map takes a tenth of a second; every document would read its own again. It is read under the name of its
    # parameters too, which are therefore the same for all.
    pyx12.map_if.load_map_file = cache(pyx12.map_if.load_map_file)
    connection.send("ready")
    while True:
        try:
            text = connection.recv()
        except EOFError:
            return
        connection.send(judge(text))


def judge(text: str) -> list[Error] | Unjudged:
    """What pyx12 finds in an interchange with one group and one transaction; never raises."""
    from pyx12.errors import EngineError
    from pyx12.x12n_document import x12n_document

    report = io.StringIO()
    try:
        x12n_document(_parameters(), io.StringIO(text), None, None, None, report)
        return _errors(json.loads(report.getvalue()))
    except EngineError as error:
        return Unjudged("version" if "Map not found" in str(error) else "EngineError")
    except Exception as error:
        # It crashes on composites with too many parts, among others, with whatever error that leads to.
        return Unjudged(type(error).__name__)


@cache
def _parameters() -> Any:
    import pyx12.params

    return pyx12.params.params()


def _errors(report: dict[str, Any]) -> list[Error]:
    found = []
    for interchange in report["interchanges"]:
        for group in interchange["groups"]:
            for transaction in group["transactions"]:
                found += [Error("transaction", error["err_cde"]) for error in transaction["errors"]]
                for segment in transaction["segments"]:
                    found += _of_segment(segment)
    return found


def _of_segment(segment: dict[str, Any]) -> list[Error]:
    name, position = segment["seg_id"], int(segment["seg_count"] or 0)
    found = [Error("segment", error["err_cde"], name, position) for error in segment["errors"]]
    for element in segment["elements"]:
        place = int(element["ele_pos"] or 0), int(element["subele_pos"] or 0)
        found += [Error("element", error["err_cde"], name, position, *place) for error in element["errors"]]
    return found
