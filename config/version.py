"""The version of the engine; pyproject.toml has the same, by a test. An image holds no metadata of the package."""

VERSION = "0.1.0"
