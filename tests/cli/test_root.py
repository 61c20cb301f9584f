"""Options of commands: what is wrong with one is told in words of ours."""

import pytest
from typer.testing import CliRunner

from cli.main import app

RUNNER = CliRunner()
REFUSED = [
    # arguments                                   what is said
    (["up", "--workers", "many"],                "'--workers': must be a whole number"),
    (["up", "--workers", "99"],                  "'--workers': must be 32 or less"),
    (["generate", "claims", "--denied", "7"],    "'--denied': must be 1 or less"),
    (["generate", "claims", "--rate", "fast"],   "'--rate': must be a number"),
    (["explain", "X", "--lang", "fr"],           "'--lang': 'fr' is not one of 'en', 'id'."),
    (["status"],                                 "Missing argument"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), REFUSED)
def test_a_bad_option_is_refused_in_our_words(arguments: list[str], says: str) -> None:
    done = RUNNER.invoke(app, arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert "nput should" not in done.stderr
    assert "Value error" not in done.stderr
