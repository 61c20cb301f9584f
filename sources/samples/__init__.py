"""Samples that ship with the project."""
