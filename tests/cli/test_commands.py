"""`claims approve` and the others: what is sent, and what is said of what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import typer
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from cli.commands import COMMANDS, ask
from cli.errors import UserError
from schemas.dates import moment_of
from schemas.json_text import parse_json
from tests.api.fakes import CLAIM_ID, FakePublisher, FakeStore, app_of, bearer, stored_claim

TOKEN = bearer("claim_processor")["Authorization"].removeprefix("Bearer ")
ServerOf = Callable[..., Any]


class AnsweringStore(FakeStore):
    """Once the command is on the topic, the claim has the event that the chain would make of it."""

    def __init__(self, publisher: FakePublisher, event: Mapping[str, Any] | None, after: str = "approved") -> None:
        super().__init__()
        self.stored[CLAIM_ID] = stored_claim(substatus="pended")
        self._publisher, self._event, self._after = publisher, event, after

    async def events(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        if self._event is None:
            return []
        command = self._publisher.commands()[0]
        self.stored[CLAIM_ID] = stored_claim(substatus=self._after, revision=2)
        made: dict[str, Any] = {
            "event_id": UUID(CLAIM_ID), "version": 1, "revision": 2, "sequence": 1, "substatus": self._after,
            "actor": command.actor, "at": moment_of(command.at), "details": "{}",
        }  # fmt: skip
        return [made | dict(self._event)]


def told_in(capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON that was printed, without what the service logs."""
    return parse_json(capsys.readouterr().out.splitlines()[-1].encode())


async def asked(
    server_of: ServerOf, event: Mapping[str, Any] | None, wait: float = 5, **fields: str
) -> tuple[str | None, FakePublisher]:
    publisher = FakePublisher()
    server: TestServer = await server_of(app_of(publisher, AnsweringStore(publisher, event)))
    url = f"http://{server.host}:{server.port}"
    return await ask(url, TOKEN, CLAIM_ID, "approve", {"reason": "seen"} | fields, wait), publisher


async def test_the_command_is_sent_and_its_id_said(
    aiohttp_server: ServerOf, capsys: pytest.CaptureFixture[str]
) -> None:
    refused, publisher = await asked(aiohttp_server, None, wait=0, commandId="c-1")
    told: Any = told_in(capsys)
    assert (refused, told["commandId"], told["kind"]) == (None, "c-1", "approve")
    assert [(one.kind, one.command_id, one.actor) for one in publisher.commands()] == [("approve", "c-1", "dewi")]


async def test_the_claim_is_shown_when_it_was_carried_out(
    aiohttp_server: ServerOf, capsys: pytest.CaptureFixture[str]
) -> None:
    refused, _ = await asked(aiohttp_server, {"event_type": "claim.in_process"})
    shown: Any = told_in(capsys)
    assert (refused, shown["substatus"], shown["revision"]) == (None, "approved", 2)


async def test_a_refusal_is_said(aiohttp_server: ServerOf) -> None:
    details = '{"command_id": "c-1", "reason": "L-SAME-PERSON", "text": "a second person must approve"}'
    event = {"event_type": "command.refused", "actor": "price", "details": details}
    refused, _ = await asked(aiohttp_server, event, commandId="c-1")
    assert refused == "L-SAME-PERSON: a second person must approve"


async def test_nothing_comes_of_it(aiohttp_server: ServerOf) -> None:
    with pytest.raises(UserError, match=r"nothing has come of command c-1 in 0\.1 s"):
        await asked(aiohttp_server, None, wait=0.1, commandId="c-1")


async def test_what_the_api_refuses_is_said_in_its_words(aiohttp_server: ServerOf) -> None:
    publisher, store = FakePublisher(), FakeStore()
    store.stored[CLAIM_ID] = stored_claim(substatus="denied")
    server: TestServer = await aiohttp_server(app_of(publisher, store))
    with pytest.raises(UserError, match="The claim is denied; only one that is pended can be approved"):
        await ask(f"http://{server.host}:{server.port}", TOKEN, CLAIM_ID, "approve", {"reason": "x"}, 0)


def test_every_command_says_when_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    for command in COMMANDS:
        app.command()(command)
    for command in COMMANDS:
        done = CliRunner().invoke(app, [command.__name__, CLAIM_ID, "--reason", "x", "--url", "http://127.0.0.1:1"])
        assert isinstance(done.exception, UserError), done.output
        assert "does not answer" in str(done.exception)
