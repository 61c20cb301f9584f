"""Pharmacy claims of NCPDP telecommunication D.0, one by one or in batches of 1.2, as claims with their findings."""
