"""The letter as a page of HTML that needs nothing else: no script, no font, no picture."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from api.letter import Letter

STYLE = """
body{font-family:sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{text-align:left;padding:.35rem .5rem;vertical-align:top}
.head th{width:12rem;font-weight:normal;color:#555}
.lines thead th{border-bottom:2px solid #222}
.lines td:nth-child(n+3),.lines th:nth-child(n+3){text-align:right}
.lines .why td{text-align:left;color:#444;font-size:.9rem;border-bottom:1px solid #ccc}
.lines tfoot td{border-top:2px solid #222;font-weight:bold}
ul{margin:.2rem 0 .4rem 1.2rem;padding:0}
""".strip()
# The page may use its own style and nothing else.
POLICY = (
    "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'"
)


def html_of(letter: Letter) -> str:
    """The page. Every text is escaped: none of it was written by us alone."""
    return _template().render(letter=letter, style=STYLE)


@cache
def _template() -> Template:
    folder = Path(__file__).with_name("templates")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("eob.html")
