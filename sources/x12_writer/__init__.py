"""Claims as X12 837 files, professional, institutional and dental: for tests, generated feeds and the next payer."""
