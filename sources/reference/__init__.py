"""Reference data from files to topics: read and checked whole, published as numbered releases."""
