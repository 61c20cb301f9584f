"""Deciding a file of claims without a broker: what is read, what stands at the beginning, and what is written."""
