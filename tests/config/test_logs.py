"""The log: JSON in a pipe, and no client that says the same thing thirty times a second."""

import io
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from config.logs import ACCESS_LOG, GATHERED_LINES_MAX, REPEAT_SECONDS, AccessLog, OncePerWhile


def line(message: str, at: float) -> logging.LogRecord:
    record = logging.LogRecord("librdkafka", logging.ERROR, "", 0, message, None, None)
    record.created = at
    return record


LINES: list[tuple[str, float, bool]] = [
    # message, seconds after the first, is it let through
    ("FAIL [thrd:a]: refused", 0.0, True),
    ("FAIL [thrd:b]: refused", 1.0, False),
    ("GETPID [thrd:a]: retrying", 1.0, True),
    ("FAIL [thrd:a]: refused", REPEAT_SECONDS + 1, True),
]


def test_the_same_complaint_comes_once_in_a_while() -> None:
    once = OncePerWhile()
    assert [once.filter(line(message, 1000.0 + at)) for message, at, _ in LINES] == [passed for *_, passed in LINES]


@pytest.mark.parametrize("raises", [False, True])
def test_json_in_a_pipe(raises: bool) -> None:
    script = (
        "import structlog\nfrom config import logs\nlogs.configure('info', 'tester')\n"
        "log = structlog.get_logger('a.b')\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.error('said', number=7, exc_info=True)\n"
        if raises
        else "import structlog\nfrom config import logs\nlogs.configure('info', 'tester')\n"
        "structlog.get_logger('a.b').info('said', number=7)\nstructlog.get_logger('a.b').debug('hidden')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    (written,) = [json.loads(text) for text in done.stderr.splitlines()]
    assert (written["event"], written["number"], written["service"]) == ("said", 7, "tester")
    assert ("exception" in written) is raises


@pytest.mark.parametrize("value", ["10**30", "b'bytes'", "{1: 2}", "'\\ud800'", "object", "2.5"])
def test_whatever_is_logged_makes_a_line(value: str) -> None:
    said = f"structlog.get_logger().info('a', b={value})"
    code = f"from config import logs; import structlog; logs.configure('info', 'x'); {said}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["event"] == "a"


class Counted(io.StringIO):
    """Counts how often it is written to."""

    times = 0

    def write(self, text: str) -> int:
        self.times += 1
        return super().write(text)


@pytest.fixture(autouse=True)
def access_log_of_level_info() -> Iterator[None]:
    logger = logging.getLogger(ACCESS_LOG)
    logger.setLevel(logging.INFO)
    yield
    logger.setLevel(logging.NOTSET)


def test_the_access_log_is_written_many_lines_at_a_time_and_none_is_lost() -> None:
    stream = Counted()
    access = AccessLog(stream, seconds=60)
    for number in range(GATHERED_LINES_MAX + 5):
        access.info({"event": f"line {number}"}, extra={})
    assert (stream.times, stream.getvalue().count("\n")) == (1, GATHERED_LINES_MAX)
    access.write()
    access.write()
    lines = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert lines == [f"line {number}" for number in range(GATHERED_LINES_MAX + 5)]
    assert stream.times == 2


def test_a_line_of_the_access_log_waits_a_moment_only() -> None:
    stream = Counted()
    AccessLog(stream, seconds=0.01).info({"event": "one"})
    for _ in range(200):
        if stream.getvalue():
            break
        time.sleep(0.01)
    assert json.loads(stream.getvalue()) == {"event": "one"}


def test_the_access_log_keeps_to_the_level() -> None:
    stream = Counted()
    logging.getLogger(ACCESS_LOG).setLevel(logging.WARNING)
    access = AccessLog(stream, seconds=60)
    access.info({"event": "one"})
    access.write()
    assert stream.getvalue() == ""


ACCESS = """
import structlog
from config.logs import configure
configure("info", "api")
log = structlog.get_logger("api.access")
log.info("request", route="/x", status=200)
try:
    1 / 0
except ZeroDivisionError:
    log.exception("unexpected error", route="/y")
"""


def test_requests_and_errors_of_the_access_log_are_lines_like_any_other() -> None:
    done = subprocess.run([sys.executable, "-c", ACCESS], capture_output=True, text=True, check=True)
    lines = {line["event"]: line for line in map(json.loads, done.stderr.splitlines())}
    request, error = lines["request"], lines["unexpected error"]
    assert (request["route"], request["status"], request["service"]) == ("/x", 200, "api")
    assert request.keys() == {"event", "route", "status", "service", "logger", "level", "timestamp"}
    assert "ZeroDivisionError" in error["exception"]
    assert error.keys() - {"exception", "route"} == request.keys() - {"route", "status"}
