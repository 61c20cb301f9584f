"""Faults that a hunt over random sequences and strange contents found, one case each, so that none comes back."""

from schemas import topics
from tests.agents.stories import command
from tests.agents.world import claim, line, submit, world

GIVEN = claim(line(100))


def test_every_refusal_has_an_event_of_its_own_however_many_there_are() -> None:
    chain = world()
    submit(chain, GIVEN)
    for number in range(60):
        command(chain, GIVEN, "approve", command_id=f"again-{number}")
    told = [event.event_id for event in chain.read(topics.CLAIMS_EVENTS)]
    assert (len(told), len(set(told))) == (62, 62)
