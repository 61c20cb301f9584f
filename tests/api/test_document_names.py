"""A header that names no file as it should: the document has no name, and the log does not show the header."""

import subprocess
import sys

import pytest

from tests.api.conftest import Client
from tests.api.document_calls import PATH
from tests.api.document_fakes import PDF
from tests.api.fakes import ADMIN, CLAIM_ID, FakeStore, stored_claim


@pytest.fixture(autouse=True)
def claim(store: FakeStore) -> None:
    """A pended claim."""
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")


@pytest.mark.parametrize("header", ["+L=5K.m}cR", "attachment; filename*=bogus", "attachment; filename*=UTF-8''%ff"])
async def test_a_name_that_cannot_be_read_is_none(client: Client, header: str) -> None:
    headers = ADMIN | {"Content-Type": "application/pdf", "Content-Disposition": header}
    response = await client.post(f"{PATH}?documentType=invoice", data=PDF, headers=headers)
    assert (response.status, (await response.json())["fileName"]) == (201, None)


def test_the_log_does_not_show_it() -> None:
    """In a process of its own: the filters of a test are the test's."""
    program = (
        "from api import document_body; from aiohttp import multipart; "
        "multipart.parse_content_disposition('+Siti.pdf}'); multipart.parse_content_disposition('a; filename*=Siti')"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stderr == ""


async def test_a_part_whose_header_cannot_be_read_is_another_part(client: Client) -> None:
    body = b"--b\r\nContent-Disposition: +L=5K.m}cR\r\n\r\n" + PDF + b"\r\n--b--\r\n"
    headers = ADMIN | {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await client.post(PATH, data=body, headers=headers)).status == 422
