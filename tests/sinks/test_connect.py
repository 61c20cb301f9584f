"""A URL that names no database."""

import pytest

from sinks.connect import DatabaseUrlError, connect


@pytest.mark.parametrize("url", ["postgresql://u:secret@host:port/n", "mysql://u:secret@host/n", "secret"])
async def test_the_message_says_what_to_do_and_no_secret(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="DATABASE_URL") as caught:
        await connect(url)
    assert "secret" not in str(caught.value)
