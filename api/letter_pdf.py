"""The letter as PDF, in the typeface that comes with reportlab (Bitstream Vera, free to embed).

The same letter gives the same bytes. A character that the typeface lacks is shown as a box.
"""

import io
import threading
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from api.letter import Letter

PLAIN, BOLD = "Vera", "VeraBd"
_WIDTHS = tuple(width * mm for width in (28, 30, 29, 29, 29, 29))
_NO_BREAK = "\u00a0"
# reportlab keeps fonts and their subsets in global tables.
_ONE_AT_A_TIME = threading.Lock()


def pdf_of(letter: Letter) -> bytes:
    """The letter on pages of A4."""
    out = io.BytesIO()
    with _ONE_AT_A_TIME:
        _register()
        document = SimpleDocTemplate(
            out, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
            title=letter.title, author="", lang=letter.language, invariant=1,
        )  # fmt: skip
        document.build(_story(letter))
    return out.getvalue()


@cache
def _register() -> None:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def _style(size: float, bold: bool = False, right: bool = False) -> ParagraphStyle:
    name = f"{size}{bold}{right}"
    style = ParagraphStyle(name, fontName=BOLD if bold else PLAIN, fontSize=size, leading=size * 1.35)
    if right:
        style.alignment = TA_RIGHT
    return style


def _text(text: str, size: float = 9, bold: bool = False, right: bool = False) -> Paragraph:
    return Paragraph(escape(_printable(text)), _style(size, bold, right))


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() or character == _NO_BREAK else " " for character in text)


def _story(letter: Letter) -> list[Flowable]:
    story: list[Flowable] = [_text(letter.payer, 9, bold=True)]
    story += [_text(letter.address)] if letter.address else []
    story += [Spacer(1, 4 * mm), _text(letter.date), Spacer(1, 6 * mm)]
    story += [_text(letter.title, 15, bold=True), Spacer(1, 3 * mm), _text(letter.opening)]
    story += [Spacer(1, 4 * mm), _head(letter), Spacer(1, 5 * mm)]
    if letter.rows:
        story += [_lines(letter), Spacer(1, 5 * mm)]
    if letter.others is not None:
        story += [_text(f"{letter.others[0]}: {letter.others[1]}"), Spacer(1, 2 * mm)]
    for note in letter.notes:
        story += [_text(note), Spacer(1, 2 * mm)]
    return story


def _head(letter: Letter) -> Table:
    rows = [[_text(name), _text(value)] for name, value in letter.head]
    return Table(rows, colWidths=[45 * mm, 129 * mm], hAlign="LEFT", style=[("VALIGN", (0, 0), (-1, -1), "TOP")])


def _lines(letter: Letter) -> Table:
    rows: list[list[Any]] = [[_text(column, 8, True, place >= 2) for place, column in enumerate(letter.columns)]]
    style: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 3)]
    style += [("RIGHTPADDING", (0, 0), (-1, -1), 3), ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black)]
    for row in letter.rows:
        rows.append(_cells(row.cells))
        texts = [(letter.why, row.reasons), (letter.remedy, row.remedies)]
        why = [_text(f"{name}: {'; '.join(found)}", 7.5) for name, found in texts if found]
        if why:
            place = len(rows)
            rows.append([why, "", "", "", "", ""])
            style += [("SPAN", (0, place), (-1, place)), ("LINEBELOW", (0, place), (-1, place), 0.3, colors.grey)]
    rows.append(_cells(letter.total, bold=True))
    style.append(("LINEABOVE", (0, len(rows) - 1), (-1, len(rows) - 1), 1, colors.black))
    return Table(rows, colWidths=list(_WIDTHS), hAlign="LEFT", repeatRows=1, style=style)


def _cells(texts: tuple[str, ...], bold: bool = False) -> list[Any]:
    """Cells of a row; amounts and dates are never broken."""
    whole = (text if place == 0 else text.replace(" ", _NO_BREAK) for place, text in enumerate(texts))
    return [_text(text, 7.5, bold, right=place >= 2) for place, text in enumerate(whole)]
