"""Where a command is told to write, looked at before it does anything that cannot be taken back."""

import os
from pathlib import Path

from cli.errors import UserError


def check_file(option: str, path: Path | None) -> None:
    """Raise UserError where no file can be written at that path."""
    if path is None:
        return
    if path.is_dir():
        raise UserError(f"{option} {path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise UserError(f"{option} {path} cannot be written: its folder is not there; mkdir -p {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UserError(f"{option} {path} cannot be written: you may not; name a place where you may")


def check_folder(option: str, path: Path | None) -> None:
    """Raise UserError where files cannot be written into a folder of that path, nor the folder be made."""
    if path is None:
        return
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        raise UserError(f"{option} {path} is no folder, as {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UserError(f"{option} {path} cannot be written to: you may not; name a folder where you may")


def cannot_write(error: OSError) -> str:
    """Which file could not be written, and why."""
    return f"{error.filename or 'a file'} cannot be written ({(error.strerror or str(error)).lower()})"
