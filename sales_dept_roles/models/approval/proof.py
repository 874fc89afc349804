"""What a file has to be before it proves something: a drawing with ink on it, a paper that can be looked at."""

import base64
import binascii
import io
import warnings

from PIL import Image

from odoo.exceptions import ValidationError

# As light as paper, in a scale from black to white: what is lighter is no ink.
PAPER = 250
# Of a drawing; what is larger is a picture to keep the server busy with.
MOST_PIXELS = 20_000_000

# How a PDF begins, and a TIFF: Odoo leaves out what of Pillow reads the latter.
PAPERS = (b"%PDF", b"II*\0", b"MM\0*")


def decoded(data):
    """The bytes of the base64 text or bytes `data`; none where it is no base64."""
    try:
        # Some clients break the lines.
        text = data.encode() if isinstance(data, str) else data or b""
        return base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_drawing(raw):
    """Whether the bytes `raw` are a raster image with at least some ink on it.

    A vector image is none: what it shows depends on who looks at it.
    """
    image = _image(raw)
    if not image:
        return False
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    darkest, _lightest = paper.convert("L").getextrema()
    return darkest < PAPER


def is_paper(raw):
    """Whether the bytes `raw` are a PDF or a raster image."""
    return raw.lstrip().startswith(PAPERS) or bool(_image(raw))


def _image(raw):
    """The image that the bytes `raw` hold, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(raw))
            if image.width * image.height > MOST_PIXELS:
                return None
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return image


def check_drawings(records, name):
    """Refuse what is no drawing in the image field `name` of `records`. For ``@api.constrains``."""
    _check_files(
        records,
        name,
        is_drawing,
        records.env._(
            "A drawn signature is a picture with something on it, such as PNG or JPEG. Draw it in the box, or "
            "choose another file."
        ),
    )


def check_papers(records, name):
    """Refuse what is no paper in the binary field `name` of `records`. For ``@api.constrains``."""
    _check_files(
        records,
        name,
        is_paper,
        records.env._(
            "%(field)s: this file is empty, or neither a PDF nor a picture. Attach the scan of the paper.",
            field=records._fields[name]._description_string(records.env),
        ),
    )


def _check_files(records, name, is_valid, message):
    """:raises ValidationError: with `message`, where what was stored in the field does not pass `is_valid`"""
    # What was stored, and not what the field reads: a file without content reads as no file.
    files = (
        records.env["ir.attachment"]
        .sudo()
        .search([("res_model", "=", records._name), ("res_field", "=", name), ("res_id", "in", records.ids)])
    )
    if not all(is_valid(file.raw or b"") for file in files):
        raise ValidationError(message)
