"""The foot of each page of a printed paper: what paper it is, and which page of how many. Knows no Odoo record.

It is put on the finished pages, in their lower margin: builds of wkhtmltopdf without patched Qt print no footers.
"""

import io
from dataclasses import dataclass

from lxml import html
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

SIZE = 8
BASELINE = 6 * mm
EDGE = 10 * mm
# One that each viewer of PDFs brings along: nothing has to be installed, or to go into the file.
CHINESE = "STSong-Light"


@dataclass(frozen=True)
class PageFoot:
    """What stands at the left, in the middle and at the right of each page, with ``{page}`` and ``{pages}`` in it."""

    left: str
    middle: str
    right: str

    def on_page(self, number, count):
        """The three texts of page `number` of `count`."""
        return [
            text.replace("{page}", str(number)).replace("{pages}", str(count))
            for text in (self.left, self.middle, self.right)
        ]


def foot_of(body):
    """Return the :class:`PageFoot` that the page `body` (HTML) asks for, or None."""
    found = html.fromstring(body).find_class("o_paper_foot") if "o_paper_foot" in body else []
    if not found:
        return None
    return PageFoot(*(" ".join(part.text_content().split()) for part in found[0]))


def with_feet(pdf, foot):
    """Return the bytes `pdf` with `foot` on each page."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    pages = [reader.getPage(number) for number in range(reader.getNumPages())]
    feet = PdfFileReader(io.BytesIO(_feet(foot, [_size(page) for page in pages])))
    for number, page in enumerate(pages):
        page.mergePage(feet.getPage(number))
    return _written(pages)


def joined(pdfs):
    """Return one PDF with the pages of all `pdfs`."""
    if len(pdfs) == 1:
        return pdfs[0]
    readers = [PdfFileReader(io.BytesIO(pdf), strict=False) for pdf in pdfs]
    return _written([reader.getPage(number) for reader in readers for number in range(reader.getNumPages())])


def _written(pages):
    writer = PdfFileWriter()
    for page in pages:
        writer.addPage(page)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def _size(page):
    return float(abs(page.mediaBox.getWidth())), float(abs(page.mediaBox.getHeight()))


def _feet(foot, sizes):
    content = io.BytesIO()
    canvas = Canvas(content)
    for number, (width, height) in enumerate(sizes, 1):
        left, middle, right = foot.on_page(number, len(sizes))
        canvas.setPageSize((width, height))
        canvas.setFillGray(0.35)
        for text, draw, x in (
            (left, canvas.drawString, EDGE),
            (middle, canvas.drawCentredString, width / 2),
            (right, canvas.drawRightString, width - EDGE),
        ):
            canvas.setFont(_font_for(text), SIZE)
            draw(x, BASELINE, text)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _font_for(text):
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        if CHINESE not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        return CHINESE
    return "Helvetica"
