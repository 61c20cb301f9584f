"""The HTTP service: a door for claims and a window on their outcomes."""
