"""The chain decides as the oracle does, over random payers and stories; and the comparison can go red."""

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.comparison import differences
from tests.properties.chain import booked, told
from tests.properties.payers import worlds
from tests.properties.stories import stories


@given(st.data())
def test_the_chain_decides_as_the_oracle(data: st.DataObject) -> None:
    world = data.draw(worlds(), "payer")
    story = data.draw(stories(world), "story")
    assert differences(booked(world.payer, story), told(world.payer, story)) == []
