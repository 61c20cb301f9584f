"""A folder of reference data as release 1 in memory: for deciding without a broker."""

from dataclasses import replace

from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.codec import Codec
from schemas.reference import ReferenceRelease
from sources.reference.folder import ReferenceFolder

RELEASE = 1


def store_of(folder: ReferenceFolder, codec: Codec) -> ReferenceStore:
    """All records of the folder, as if they had been loaded as the first release."""
    store = ReferenceStore(codec)
    for topic, records in folder.records.items():
        for key, record in records.items():
            store.add(topic, key, codec.encode(replace(record, release=RELEASE)))
    release = ReferenceRelease(RELEASE, 0, folder.name, folder.counts)
    store.add(topics.REFERENCE_RELEASES, str(RELEASE), codec.encode(release))
    return store
