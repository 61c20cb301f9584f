"""Whether the original of a replacement or void can be amended at all, and by whoever asks."""

from collections.abc import Sequence

from agents.register import owner_of
from agents.rules.ownership import Owner, may_amend
from schemas.envelope import Finding
from schemas.state import RegisterEntry


def objections(sender: Owner, frequency_code: str, entry: RegisterEntry) -> Sequence[Finding]:
    """The first reason why not. Only whose claim it is hears what has become of it."""
    if entry.rejected:
        text = "the original was rejected at the front end; send it again mended, as an original"
        return (Finding("V-ORIGINAL-REJECTED", "original_reference", text),)
    owner = owner_of(entry)
    if owner is not None and not may_amend(owner, sender, frequency_code):
        text = (
            "names no claim that this sender may change; check the number, and name the billing provider of the "
            "original, or send it as its submitter for the same member"
        )
        return (Finding("V-ORIGINAL-OTHERS", "original_reference", text),)
    if entry.voided:
        text = "the original is voided; what is to be claimed again is a new original under a number of its own"
        return (Finding("V-ORIGINAL-VOIDED", "original_reference", text),)
    return ()
