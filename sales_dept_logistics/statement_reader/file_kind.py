"""What a file is, by its content: its name says little."""

import zipfile
from io import BytesIO

from .problems import FileError

XLSX, XLS, TEXT = "xlsx", "xls", "text"

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The beginnings of files that are no spreadsheet, in the order in which they are tried.
BEGINNINGS = [
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "word"),
]
# Parts that tell what an archive is.
PARTS = [
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "word"),
    ("ppt/presentation.xml", "slides"),
    ("Index/Document.iwa", "numbers"),
    ("content.xml", "ods"),
]
# Texts that begin in this way are pages or documents, whatever their name ends in.
MARKUP = [(b"<!doctype html", "html"), (b"<html", "html"), (b"<table", "html"), (b"<?xml", "xml"), (b"<", "html")]
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def file_kind(content, limits):
    """Return `XLSX`, `XLS` or `TEXT`.

    :raises FileError: for what cannot be read; code ``not_a_spreadsheet`` has the value `kind`
    """
    if not content.strip():
        raise FileError("empty")
    if len(content) > limits.file_bytes:
        raise FileError("too_big", megabytes=limits.file_bytes >> 20)
    if content.startswith(OLE):
        return _ole_kind(content)
    if content.startswith(b"PK"):
        return _archive_kind(content, limits)
    # The oldest spreadsheets are a bare stream of records.
    if content[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00"):
        return XLS
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            raise FileError("not_a_spreadsheet", kind=kind)
    return _text_kind(content)


def _ole_kind(content):
    def has(name):
        return name.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise FileError("encrypted")
    if has("Workbook") or has("Book"):
        return XLS
    raise FileError("not_a_spreadsheet", kind="word" if has("WordDocument") else "other")


def _archive_kind(content, limits):
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileError("damaged") from error
    if len(parts) > limits.parts:
        raise FileError("bomb", megabytes=limits.unpacked_bytes >> 20)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return XLSX
    for name, kind in PARTS:
        if name in names:
            if kind == "xlsb":
                raise FileError("xlsb")
            raise FileError("not_a_spreadsheet", kind=kind)
    if "_rels/.rels" in names and "[Content_Types].xml" in names:
        return XLSX
    raise FileError("not_a_spreadsheet", kind="archive")


def _text_kind(content):
    start = content[:4096]
    if start.startswith(BYTE_ORDER_MARKS[1:]):
        return TEXT
    begins = start.removeprefix(BYTE_ORDER_MARKS[0]).lstrip().lower()
    for beginning, kind in MARKUP:
        if begins.startswith(beginning):
            raise FileError("not_a_spreadsheet", kind=kind)
    if b"\x00" in content:
        raise FileError("not_a_spreadsheet", kind="other")
    return TEXT
