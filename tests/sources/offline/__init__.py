"""Deciding files without a broker."""
