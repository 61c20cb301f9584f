"""X12 837 files as claims: segments, envelopes, the hierarchy, and a record for each CLM with what is odd about it."""
