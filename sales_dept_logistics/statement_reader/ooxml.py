"""The XML inside XLSX: parts in pieces, within bounds; no definitions, and no file outside."""

import codecs
import re

from lxml import etree

from .problems import FileError

CHUNK = 1 << 18
# Longer than any row that somebody wrote.
LONGEST_ROW = 8 << 20
LONGEST_PROLOG = 1 << 20
ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?(worksheet|sst)[\s>/]")
ESCAPE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
CONTROL = re.compile(r"_x([0-9A-Fa-f]{4})_")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
DECLARED = re.compile(r"""<\?xml[^>]*encoding=["']([\w.-]+)["']""")


def pieces(book, name, root, end, until=None):
    """Yield ``(text, root tag)`` for each piece of the XML part `name` that ends with the tag `end`.

    Prefixes of the format's own names are taken away.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest, tag, prefix = "", None, None
    with book.archive.open(name) as stream:
        while True:
            chunk = stream.read(CHUNK)
            book.meter.unpack(len(chunk))
            # Databases take no such letter, and XML has none.
            text = rest + decoder.decode(chunk, not chunk).replace("\0", "")
            if tag is None:
                found = _root_tag(text, root, final=not chunk)
                if not found:
                    rest = text
                    continue
                tag, prefix, text = found
            if prefix and chunk:
                # A tag may be cut in two at the end of the chunk.
                cut = text.rfind("<")
                text, kept = _without_prefix(text[:cut], prefix), text[cut:]
            else:
                text, kept = _without_prefix(text, prefix) if prefix else text, ""
            done = until and until in text
            found = text.split(end)
            rest = found.pop() + kept
            for piece in found:
                yield piece + end, tag
            if done or not chunk:
                return
            if len(rest) > LONGEST_ROW:
                raise FileError("damaged")


def _root_tag(text, root, final):
    """``(the root's tag, the prefix of its names, the text after it)``; None where `text` does not reach so far."""
    match = ROOT.search(text)
    end = text.find(">", match.start()) if match else -1
    if end < 0:
        if final or len(text) > LONGEST_PROLOG:
            raise FileError("damaged")
        return None
    prolog = text[: match.start()]
    if "<!DOCTYPE" in prolog or "<!ENTITY" in prolog:
        raise FileError("entities")
    declared = DECLARED.search(prolog)
    if match[2] != root or (declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii")):
        raise FileError("damaged")
    return _without_prefix(text[match.start() : end + 1], match[1]), match[1], text[end + 1 :]


def _without_prefix(text, prefix):
    if not prefix:
        return text
    return text.replace(f"<{prefix}:", "<").replace(f"</{prefix}:", "</")


def parse(content):
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FileError("entities")
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def parse_piece(root, piece, name):
    """The element of a part that `piece` is in, with the names that the part's root declares."""
    return parse(f"{root.removesuffix('/>').removesuffix('>')}>{piece}</{name}>".encode())


def element_text(node):
    """The text of a cell with formats inside, without the reading aids of East Asian texts."""
    parts = []
    for child in node.iter("{*}t"):
        if not any(etree.QName(parent).localname == "rPh" for parent in child.iterancestors()):
            parts.append(child.text or "")
    return CONTROL.sub(_control, "".join(parts))


def unescaped(text):
    if "&" in text:
        text = ESCAPE.sub(_entity, text)
    return CONTROL.sub(_control, text) if "_x" in text else text


def escaped(text):
    return text.replace("&", "&amp;") if "&" in text else text


def _entity(match):
    if match[3]:
        return NAMED[match[3]]
    code = int(match[1]) if match[1] else int(match[2], 16)
    return _letter(code)


def _control(match):
    return _letter(int(match[1], 16))


def _letter(code):
    """The letter of a number; nothing for those that are no letter, and that databases refuse."""
    if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return ""
    return chr(code)
