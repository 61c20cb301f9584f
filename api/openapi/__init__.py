"""The OpenAPI document: generated from the table of routes, the models of requests and answers, and one row a route."""
