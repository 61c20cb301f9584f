"""The gRPC door: the seeds' service on the one set of queries and commands (api/desk.py). Optional to start."""
