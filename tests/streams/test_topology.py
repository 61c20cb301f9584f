"""The topology is sound, and what is generated from it is up to date."""

import itertools
from pathlib import Path

import pytest

from config.settings import KafkaSettings
from schemas import topics
from schemas.topics import BY_NAME as TOPICS_BY_NAME
from streams import admin, diagram
from streams.topology import STAGES

ROOT = Path(__file__).parents[2]


def test_every_topic_has_one_writer() -> None:
    written = [topic for stage in STAGES for topic in stage.writes]
    assert len(written) == len(set(written))


def test_every_topic_of_a_stage_is_known() -> None:
    for stage in STAGES:
        assert set(stage.reads + stage.writes) <= TOPICS_BY_NAME.keys()


def test_later_stages_have_one_input_which_the_stage_before_writes() -> None:
    for before, stage in itertools.pairwise(STAGES):
        assert len(stage.reads) == 1
        assert stage.reads[0] in before.writes


def test_prefixes_are_unique_within_a_stage() -> None:
    for stage in STAGES:
        prefixes = [table.prefix for table in stage.state]
        assert len(prefixes) == len(set(prefixes))
        assert b"\x00" not in prefixes, "reserved for progress and position"


@pytest.mark.parametrize("page", diagram.PAGES)
def test_pictures_are_up_to_date(page: str) -> None:
    text = (ROOT / page).read_text()
    assert diagram.rendered(page, text) == text, "run: python -m streams.diagram"


def test_all_topics_of_the_chain_have_the_same_partition_count() -> None:
    plans = {plan.name: plan for plan in admin.planned(KafkaSettings(partitions=6))}
    for stage in STAGES:
        for topic in (*stage.reads, *stage.writes, *stage.dead_letters, stage.changelog):
            assert plans[topic].partitions == 6, topic
        assert plans[stage.changelog].compacted
    assert plans[topics.REFERENCE_MEMBERS].partitions == 1


WRONG: list[tuple[str, dict[str, int], str]] = [
    # case, what is found, what the message says
    ("missing", {}, "topic claims.submitted is missing; run `claims topics create`"),
    ("another count", {"claims.submitted": 3}, "set CLAIMS_KAFKA__PARTITIONS=3"),
]


@pytest.mark.parametrize(("found", "says"), [pytest.param(*row[1:], id=row[0]) for row in WRONG])
def test_wrong_topics_are_named(found: dict[str, int], says: str) -> None:
    assert says in "\n".join(admin.wrong(KafkaSettings(partitions=4), found))


def test_a_sound_broker_has_nothing_wrong() -> None:
    kafka = KafkaSettings(partitions=4)
    assert admin.wrong(kafka, {plan.name: plan.partitions for plan in admin.planned(kafka)}) == []
