"""Every rule, reason and state has plain words in both languages."""

import re
from pathlib import Path
from typing import get_args

import pytest

from agents.catalog import GROUPS, REASONS, STATES, WORDS, reason_in_words, rule_in_words
from agents.catalog_rules import REMEDIES, REMEDY_OF_REASON
from agents.words import Words
from schemas.reason_codes import reason_codes
from schemas.vocabulary import GroupCode, Substatus

AGENTS = Path(__file__).parents[2] / "agents"
RULE = re.compile(r"""["']([VADPL]-[A-Z0-9]+(?:-[A-Z0-9]+)*)["']""")
NO_RULES = {"catalog.py", "catalog_rules.py", "catalog_front_end.py"}
REASON = re.compile(r"""["'](?:CO|PR|OA|PI)["'],\s*["']([0-9]{1,3})["']""")


def texts() -> dict[str, str]:
    return {
        str(path.relative_to(AGENTS)): path.read_text(encoding="utf-8")
        for path in sorted(AGENTS.rglob("*.py"))
        if path.name not in NO_RULES
    }


def test_every_rule_of_the_stages_has_words() -> None:
    named = {rule: name for name, text in texts().items() for rule in RULE.findall(text)}
    assert len(named) > 80
    assert {rule: name for rule, name in named.items() if rule not in WORDS} == {}


def test_every_reason_that_a_stage_gives_has_words() -> None:
    given = {reason: name for name, text in texts().items() for reason in REASON.findall(text)}
    assert len(given) > 5
    assert {reason: name for reason, name in given.items() if reason not in REASONS} == {}


def test_reasons_are_listed_codes() -> None:
    assert set(REASONS) <= set(reason_codes())


def test_remedies_are_of_rules_and_reasons_that_there_are() -> None:
    assert set(REMEDIES) <= set(WORDS)
    assert set(REMEDY_OF_REASON) <= set(REASONS)
    assert set(REMEDY_OF_REASON.values()) <= set(REMEDIES)


def test_every_group_and_state_has_words() -> None:
    assert set(GROUPS) == set(get_args(GroupCode))
    assert set(STATES) == set(get_args(Substatus))


@pytest.mark.parametrize(
    "words", [*WORDS.values(), *REASONS.values(), *GROUPS.values(), *STATES.values(), *REMEDIES.values()], ids=str
)
def test_both_languages_say_something(words: Words) -> None:
    assert words.en.strip() == words.en != ""
    assert words.id.strip() == words.id != words.en


def test_what_has_no_words() -> None:
    assert rule_in_words("NCCI-1", "en") is None
    assert reason_in_words("999", "id") is None
    assert rule_in_words("P-COPAY", "id") == "Bagian Anda: jumlah tetap per kunjungan."
