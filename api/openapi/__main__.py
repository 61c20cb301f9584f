"""`python -m api.openapi` writes docs/openapi.json, the copy of the document that the repository holds."""

from pathlib import Path

from api.openapi.document import COPY, copied

(Path(__file__).parents[2] / COPY).write_text(copied(), encoding="utf-8")
