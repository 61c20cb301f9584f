"""The one message of a call, read by us: within a time, and malformed bytes are the sender's mistake.

grpc reads the message of a unary call before any of our code runs, however long that takes, and answers UNKNOWN where
it cannot be parsed. A call is the same on the wire when it may send several messages: so handlers are registered as
taking a stream, of which one message is read here.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from api.problems import Problem
from config.limits import GRPC_MESSAGE_SECONDS_MAX

_UNREADABLE = object()


def parsing(deserializer: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """The deserializer, which gives a sign that `message_of` knows where the bytes are none of its message."""

    def parse(data: bytes) -> Any:
        try:
            return deserializer(data)
        except DecodeError:
            return _UNREADABLE

    return parse


async def message_of(context: Any) -> Any:
    """The message of the call. Raises a problem: 408 too slow, 400 none, or none that can be read."""
    try:
        async with asyncio.timeout(GRPC_MESSAGE_SECONDS_MAX):
            message = await context.read()
    except TimeoutError:
        detail = f"The message did not arrive within {GRPC_MESSAGE_SECONDS_MAX:g} seconds; send it again."
        raise Problem(408, "body_too_slow", detail) from None
    if message is grpc.aio.EOF:
        raise Problem(400, "no_message", "The call has no message; send one.")
    if message is _UNREADABLE:
        raise Problem(400, "unreadable_message", "The message cannot be read; is claims.proto the same on both sides?")
    return message
