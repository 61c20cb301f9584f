"""`claims reference` as a person uses it, without a broker."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cli import reference
from cli.errors import UserError
from config.settings import KafkaSettings, Settings
from schemas.reference import ReferenceRelease
from sources.reference.load import LoadResult
from tests.sources.offline.payer import write_payer

RUNNER = CliRunner()


def test_check_counts_what_is_there() -> None:
    """Needs no Kafka."""
    result = RUNNER.invoke(reference.app, ["check", str(reference.sample_folder())])
    assert result.exit_code == 0
    for text in ("members", "40", "providers", "18", "plans", "10", "fees", "contracts", "edits", "authorizations"):
        assert text in result.output


def test_check_looks_at_what_comes_before_the_first_claim(tmp_path: Path) -> None:
    """Opening balances and history, which only `claims adjudicate` uses."""
    opening = "coverage_id,account,who,period,amount\nF-1,deductible,M-1,2026,60\n"
    folder = write_payer(tmp_path, opening=opening)
    result = RUNNER.invoke(reference.app, ["check", str(folder)])
    assert "opening balances" in result.output
    (folder / "opening.csv").write_text(opening.replace("M-1", "M-9"), encoding="utf-8")
    refused = RUNNER.invoke(reference.app, ["check", str(folder)])
    assert "opening.csv line 2, who: M-9 is no member of F-1" in str(refused.exception)


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    """As an error for the person, no traceback."""
    result = RUNNER.invoke(reference.app, ["check", str(tmp_path)])
    assert isinstance(result.exception, UserError)
    assert "members.csv: the file is missing" in str(result.exception)
    assert "loaded" not in str(result.exception), "that is not its job"


def test_load_says_that_nothing_was_loaded(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"(?s)members.csv: the file is missing.*\nNothing was loaded\.$"):
        reference.load_folder(tmp_path, Settings())


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (LoadResult(2, {"reference.fees": 1_000}, 3, 10), "release 2: 1,000 fees (10 of them taken away); 3 auth"),
        (LoadResult(1, {"reference.plans": 2}, 0), "release 1: 2 plans; 0 authorizations sent"),
        (LoadResult(1, {}, 4), "release 1 stays; 4 authorizations sent"),
        (LoadResult(1, {}, 0), "nothing changed, release 1 stays"),
    ],
)
def test_load_says_what_it_did(result: LoadResult, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In one line, the same on a terminal and in a pipe."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(reference, "load_folder", lambda folder, settings: result)
    ran = RUNNER.invoke(reference.app, ["load", str(tmp_path)])
    assert ran.exit_code == 0
    assert said in ran.output


def test_releases_are_shown_whole_on_eighty_columns() -> None:
    counts = {
        f"reference.{what}": 1_000_000 for what in ("members", "providers", "plans", "fees", "contracts", "edits")
    }
    console = Console(width=80, file=StringIO())
    with console.capture() as shown:
        console.print(
            reference.releases_table(
                [
                    ReferenceRelease(1, 1_790_000_000_000, "payers-of-2026", counts),
                    ReferenceRelease(12, 1_790_000_000_000, "a-folder-of-a-rather-long-name", {"reference.fees": 7}),
                ]
            )
        )
    text = shown.get()
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    words = (
        "release ",
        "loaded (UTC)",
        "2026-09-21 14:13:20",
        "1,000,000 members,",
        "1,000,000 contracts,",
        " 7 fees ",
    )
    assert [one for one in words if one not in text] == []


def test_a_broker_that_is_away_is_an_error_for_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    monkeypatch.setattr("sources.reference.release.INITIALIZE_SECONDS", 0.2)
    settings = Settings(kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"))
    with pytest.raises(UserError, match="load again"):
        reference.load_folder(reference.sample_folder(), settings, lambda line: None)
