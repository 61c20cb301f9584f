"""Answers as files: whole or not there, each under the name that it always has, readable by their owner alone."""

import os
from collections.abc import Iterable
from pathlib import Path

from sources.answers.answer import Answer


def write_answers(folder: Path, answers: Iterable[Answer]) -> list[Path]:
    """Write each answer to its file; returns the files. One that is there already is written again, the same.

    Raises OSError. A file appears whole, under its last name, when it is on the disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for answer in answers:
        path = folder / answer.file_name
        unfinished = folder / f".{answer.file_name}.{os.getpid()}"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(answer.content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        written.append(path)
    return written
