"""What documents may be: kinds in the terms of the field, and media types told by their first bytes."""

from typing import NamedTuple

KINDS = (
    "invoice", "receipt", "medical_report", "discharge_summary", "prescription", "lab_result", "radiology", "referral",
    "letter_of_guarantee", "authorization", "identity", "consent", "appeal_letter", "other",
)  # fmt: skip
# Bytes of a document that must be there to tell its type.
BYTES_TO_TELL = 132


class MediaType(NamedTuple):
    """A media type that is taken: the bytes at an offset that show it, and the ending of a file's name."""

    name: str
    offset: int
    magic: bytes
    ending: str


# No type that a browser may run (HTML, SVG, office files with macros) and no archive.
MEDIA_TYPES = (
    MediaType("application/pdf", 0, b"%PDF-", "pdf"),
    MediaType("image/jpeg", 0, b"\xff\xd8\xff", "jpg"),
    MediaType("image/png", 0, b"\x89PNG\r\n\x1a\n", "png"),
    MediaType("image/tiff", 0, b"II*\x00", "tif"),
    MediaType("image/tiff", 0, b"MM\x00*", "tif"),
    MediaType("application/dicom", 128, b"DICM", "dcm"),
)
NAMES = tuple(dict.fromkeys(one.name for one in MEDIA_TYPES))
# What clients send when they do not know the type.
UNSAID = frozenset({"", "application/octet-stream"})


def told_by(beginning: bytes) -> str | None:
    """The media type that the first bytes show; None for none that is taken."""
    for one in MEDIA_TYPES:
        if beginning[one.offset :].startswith(one.magic):
            return one.name
    return None


def ending_of(content_type: str) -> str:
    """The ending of a file name for a media type of the table."""
    return next((one.ending for one in MEDIA_TYPES if one.name == content_type), "bin")
