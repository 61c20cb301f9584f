"""The GraphQL door: the seeds' schema on the one set of queries and commands (api/desk.py)."""
