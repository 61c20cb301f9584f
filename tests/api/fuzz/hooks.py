"""What schemathesis is taught (SCHEMATHESIS_HOOKS): how to write JSON lines, and streams that would not end."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: Any, value: Any) -> bytes:
    """Whatever was made up, as bytes: what is no JSON line is for the service to refuse."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
