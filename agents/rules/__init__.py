"""Rules as rows: an id, a function, and what its failure means."""
