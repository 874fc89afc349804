"""Bring the translation files up to date: ``i18n/<addon>.pot`` and ``i18n/zh_CN.po`` of each addon.

Translations that are there stay; new terms come without one, and are listed. ``--check`` changes
nothing and fails when the files are behind the source or a term has no Chinese.
"""

import sys
import tempfile
from copy import copy
from pathlib import Path

from common import LANGUAGE, ROOT, SetupError, addons, main, say, tail
from databases import clone, depends_of, drop, installed, run_logged_odoo
from postgres import postgres

DATABASE = "sd_i18n"


def export(variables, addon, folder):
    """Return the catalogue of the terms of `addon` as they stand in the source."""
    import polib

    path = Path(folder) / f"{addon}.pot"
    arguments = ["i18n", "export", "-d", DATABASE, "-l", "pot", "-o", str(path), addon]
    if run_logged_odoo(arguments, variables, "i18n.log"):
        raise SetupError(f"The terms of {addon} could not be exported:\n{tail('i18n.log', 10)}")
    catalogue = polib.pofile(str(path))
    # These two change at each export and say nothing.
    for key in ("POT-Creation-Date", "PO-Revision-Date"):
        catalogue.metadata.pop(key, None)
    return catalogue


def merged(addon, catalogue):
    """The Chinese file with the terms of `catalogue`."""
    import polib

    path = ROOT / addon / "i18n" / f"{LANGUAGE}.po"
    old = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} if path.exists() else {}
    new = polib.POFile()
    new.metadata = {**catalogue.metadata, "Language": LANGUAGE, "Plural-Forms": "nplurals=1; plural=0;"}
    for term in catalogue:
        entry = copy(term)
        entry.msgstr = old.get(entry.msgid, "")
        new.append(entry)
    return path, new


def untranslated(catalogue):
    return [entry.msgid for entry in catalogue if not entry.msgstr]


def i18n(check=False):
    """Update the files, or with `check` only look at them; return the exit code."""
    good = True
    with postgres() as variables, tempfile.TemporaryDirectory() as folder:
        clone(variables, installed(variables, "minimal", depends_of(addons())), DATABASE)
        for addon in addons():
            catalogue = export(variables, addon, folder)
            pot = ROOT / addon / "i18n" / f"{addon}.pot"
            terms = {entry.msgid for entry in catalogue}
            path, chinese = merged(addon, catalogue)
            if check:
                import polib

                there = {entry.msgid for entry in polib.pofile(str(pot))} if pot.exists() else set()
                if there != terms:
                    good = False
                    say(f"{addon}: the translation files are behind the source: run make i18n")
            else:
                pot.parent.mkdir(exist_ok=True)
                catalogue.save(str(pot))
                chinese.save(str(path))
            missing = untranslated(chinese)
            say(f"{addon}: {len(terms)} terms, {len(missing)} without Chinese")
            for term in missing:
                good = False
                say(f"  {term!r}")
        drop(variables, DATABASE)
    return 0 if good or not check else 1


if __name__ == "__main__":
    main(lambda: i18n(check="--check" in sys.argv))
