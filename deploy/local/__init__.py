"""Real Kafka and real Postgres without Docker, as children of the process that asks for them."""
