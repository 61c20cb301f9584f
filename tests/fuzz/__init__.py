"""Fuzzing by coverage (atheris): bytes that nobody thought of, for the doors that take bytes from strangers."""
