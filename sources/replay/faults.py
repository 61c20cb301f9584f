"""An error of the program that one file brings out: told by kind and place, since its words may quote a claim."""

import traceback
from pathlib import Path

from confluent_kafka import KafkaError, KafkaException

from sources.submitter import BrokerAwayError

CODE = "PROGRAM_FAULT"
_ROOT = Path(__file__).resolve().parents[2]


def is_of_file(error: Exception) -> bool:
    """Whether the next file may fare better: what the disk or the broker refuses would befall them all."""
    if isinstance(error, KafkaException):
        return bool(error.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE)
    return not isinstance(error, OSError | BrokerAwayError)


def text_of(error: Exception) -> str:
    """For the report of the file: what to do, kind and place of the error, and nothing of the file."""
    return (
        f"the program failed on this file ({type(error).__name__} at {place_of(error)}); what was sent before counts. "
        "Report it with this line, and put the file into the folder again after an update"
    )


def place_of(error: Exception) -> str:
    """File and line of ours that the error came through last."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_ROOT) and "site-packages" not in path.relative_to(_ROOT).parts:
            return f"{path.relative_to(_ROOT).as_posix()}, line {line}"
    return "an unknown place"
