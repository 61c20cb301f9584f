"""Sealed values: they open with any key that is held, in their own place, unchanged; and never otherwise."""

import base64

import pytest

from config.sealing import MAGIC, Sealer, SealError, is_sealed, key_id_of
from config.sealing_keys import DEVELOPMENT_KEYS, KeyTextError, new_key, parse_keys
from config.settings import SealingSettings

OLD, NEW, INDEX = b"o" * 32, b"n" * 32, b"i" * 32
CONTEXT = "members.nik"
NIK = "3174014107900001"
OLD_ONLY = Sealer({"2025a": OLD}, INDEX)
BOTH = Sealer({"2026a": NEW, "2025a": OLD}, INDEX)
NEW_ONLY = Sealer({"2026a": NEW}, INDEX)


@pytest.mark.parametrize("text", ["", NIK, "Dewi Lestari \u00e9\u4e2d\x00", "x" * 100_000])
def test_a_value_opens_again_and_shows_nothing(text: str) -> None:
    sealed = BOTH.seal(text, CONTEXT)
    assert BOTH.open(sealed, CONTEXT) == text
    assert len(text) < 8 or text.encode() not in sealed
    assert sealed != BOTH.seal(text, CONTEXT), "equal values must not look equal"


def test_the_newest_key_seals_and_all_open() -> None:
    sealed_before, sealed_now = OLD_ONLY.seal(NIK, CONTEXT), BOTH.seal(NIK, CONTEXT)
    assert (key_id_of(sealed_before), key_id_of(sealed_now)) == ("2025a", "2026a")
    assert BOTH.open(sealed_before, CONTEXT) == BOTH.open(sealed_now, CONTEXT) == NIK
    assert sealed_now.startswith(BOTH.header)
    assert not sealed_before.startswith(BOTH.header)
    with pytest.raises(SealError, match="sealed with the key 2025a, which CLAIMS_SEALING__KEYS does not hold"):
        NEW_ONLY.open(sealed_before, CONTEXT)


SEALED = BOTH.seal(NIK, CONTEXT)
CHANGED = {
    "another column": (SEALED, "members.account"),
    "another row": (BOTH.seal(NIK, "members.nik/1"), "members.nik/2"),
    "a changed byte": (SEALED[:-1] + bytes([SEALED[-1] ^ 1]), CONTEXT),
    "a changed nonce": (SEALED[:10] + bytes([SEALED[10] ^ 1]) + SEALED[11:], CONTEXT),
    "cut short": (SEALED[:-4], CONTEXT),
    "only a header": (BOTH.header, CONTEXT),
    "only the magic": (MAGIC, CONTEXT),
    "another key's id in front": (OLD_ONLY.header + SEALED[len(BOTH.header) :], CONTEXT),
    "clear text": (NIK.encode(), CONTEXT),
    "nothing": (b"", CONTEXT),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_value_that_was_tampered_with_does_not_open(case: str) -> None:
    sealed, context = CHANGED[case]
    with pytest.raises(SealError) as caught:
        BOTH.open(sealed, context)
    assert NIK not in str(caught.value)


def test_blind_indexes_find_equal_texts_of_one_column_and_outlive_a_rotation() -> None:
    assert BOTH.index(NIK, CONTEXT) == OLD_ONLY.index(NIK, CONTEXT)
    assert len(BOTH.index(NIK, CONTEXT)) == 32
    others = [("3174014107900002", CONTEXT), (NIK, "members.account")]
    assert all(BOTH.index(*other) != BOTH.index(NIK, CONTEXT) for other in others)
    assert Sealer({"2026a": NEW}, b"j" * 32).index(NIK, CONTEXT) != BOTH.index(NIK, CONTEXT)


def test_the_settings_make_a_sealer() -> None:
    sealer = Sealer.from_settings(SealingSettings())
    assert sealer.open(sealer.seal(NIK, CONTEXT), CONTEXT) == NIK
    assert sealer.key_id == "development"
    assert is_sealed(sealer.seal("", CONTEXT))


KEY = new_key()
BAD_KEYS = [
    # text                                       the message says
    ("",                                         "there are 0 keys"),
    (",".join(f"k{n}:{new_key()}" for n in range(21)), "there are 21 keys"),
    (KEY,                                        "key 1 has no id"),
    (f"a:{KEY},B:{KEY}",                         "key 2 has no id"),
    (f"{'a' * 33}:{KEY}",                        "key 1 has no id"),
    (f"a:{KEY},a:{KEY}",                         "the id a stands twice"),
    ("a:not base64!",                            "the key a is not base64"),
    ("a:" + base64.b64encode(b"short").decode(), "the key a has 5 bytes and needs 32"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BAD_KEYS)
def test_bad_keys_are_named_and_never_quoted(text: str, says: str) -> None:
    with pytest.raises(KeyTextError, match=says) as caught:
        parse_keys(text)
    assert KEY not in str(caught.value)
    assert "short" not in str(caught.value)


def test_keys_keep_their_order_and_may_stand_on_lines() -> None:
    assert list(parse_keys(f" b:{KEY} ,\n a:{new_key()} ,")) == ["b", "a"]
    assert list(parse_keys(DEVELOPMENT_KEYS)) == ["development"]
