"""What a sender of EDI is told: TA1 of an interchange, 999 of a group, 277CA of the claims in a transaction."""
