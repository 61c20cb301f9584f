"""Errors for the person at the terminal: one message, no traceback, a non-zero exit."""


class UserError(Exception):
    """What is wrong, where, and what to do. Shown as it is; the command exits with 2."""
