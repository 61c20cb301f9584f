"""Processes of a strict check that hang, crash, or die at once: what a process started from scratch can import."""

import os
import time
from multiprocessing.connection import Connection

from sources.strict.worker import judge

HANGS_ON, DIES_ON = "HANG", "DIE"


def hangs(connection: Connection) -> None:
    """Judges, but never comes back from a transaction with HANG in it."""
    connection.send("ready")
    while True:
        text = connection.recv()
        if HANGS_ON in text:
            time.sleep(600)
        connection.send(judge(text))


def dies(connection: Connection) -> None:
    """Judges, but the process dies of a transaction with DIE in it."""
    connection.send("ready")
    while True:
        text = connection.recv()
        if DIES_ON in text:
            os._exit(139)
        connection.send(judge(text))


def never_starts(connection: Connection) -> None:
    """Dies before it is ready."""
    os._exit(1)
