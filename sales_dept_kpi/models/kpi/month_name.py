from babel.dates import format_skeleton

from odoo.tools.misc import babel_locale_parse, get_lang


def month_name(env, day, skeleton="yMMMM"):
    """The month of `day` as the reader writes it: November 2026, 2026年11月."""
    return format_skeleton(skeleton, day, locale=babel_locale_parse(get_lang(env).code))
