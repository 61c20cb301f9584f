"""The letter as a page of HTML that needs nothing else: no script, no font, no picture."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from api.letter import Letter

STYLE = """
body{font-family:sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222;line-height:1.4}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 2rem;margin-bottom:1.5rem}
address{font-style:normal}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{text-align:left;padding:.35rem .5rem;vertical-align:top}
.head th{width:12rem;font-weight:normal;color:#555}
.lines thead th{border-bottom:2px solid #222}
.lines td:nth-child(n+2){white-space:nowrap}
.lines td:nth-child(n+3),.lines th:nth-child(n+3){text-align:right}
.lines .why td{text-align:left;color:#444;font-size:.9rem;border-bottom:1px solid #ccc;white-space:normal}
.lines tfoot td{border-top:2px solid #222;font-weight:bold}
ul{margin:.2rem 0 .4rem 1.2rem;padding:0}
@media screen and (max-width:46rem){
body{margin:1rem auto}
.head th{width:8rem}
.lines thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.lines,.lines tbody,.lines tfoot,.lines tr{display:block}
.lines td{display:flex;justify-content:space-between;gap:1rem;text-align:right;padding:.15rem 0;overflow-wrap:anywhere}
.lines td:empty{display:none}
.lines td[data-column]::before{content:attr(data-column);font-weight:normal;color:#555;text-align:left}
.lines tr{padding:.4rem 0}
.lines tbody tr:not(.why)+tr:not(.why),.lines .why+tr{border-top:1px solid #ccc}
.lines .why td{display:block;border:0}
.lines tfoot{border-top:2px solid #222}
.lines tfoot td{border:0}
}
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
