"""Whether a record says what was published, told from bytes."""

from dataclasses import replace

import pytest

from schemas.codec import Codec
from schemas.reference import Fee
from schemas.registry import FileRegistry
from sources.reference.published import unchanged

FEE = Fee(1, False, "S", "HC", "99213", None, 20_000, None, "USD", 9_500)


class Renumbered(FileRegistry):
    """The same schemas under other ids, as another registry numbers them."""

    def id_of(self, type_name: str) -> int:
        """Far from those of the file."""
        return super().id_of(type_name) + 1_000

    def schema(self, schema_id: int) -> dict[str, object]:
        """By either id."""
        return super().schema(schema_id % 1_000)


# Numbers that take one to five bytes.
@pytest.mark.parametrize("release", [1, 63, 64, 8_191, 8_192, 2**31 - 1])
def test_the_release_makes_no_difference(release: int) -> None:
    """However many bytes its number takes."""
    codec = Codec()
    new = replace(FEE, release=release)
    assert unchanged(new, codec.encode(new), codec.encode(FEE), codec)


@pytest.mark.parametrize("other", [replace(FEE, amount=9_501), replace(FEE, removed=True), replace(FEE, modifier="26")])
def test_anything_else_does(other: Fee) -> None:
    """One cent, or that it was taken away."""
    codec = Codec()
    new = replace(FEE, release=2)
    assert not unchanged(new, codec.encode(new), codec.encode(other), codec)


@pytest.mark.parametrize(("amount", "same"), [(9_500, True), (9_501, False)])
def test_another_schema_id_is_no_change(amount: int, same: bool) -> None:
    """Written by way of another registry, or by an older schema: the content counts."""
    codec = Codec(Renumbered())
    published = Codec().encode(replace(FEE, amount=amount))
    new = replace(FEE, release=2)
    assert unchanged(new, codec.encode(new), published, codec) is same
