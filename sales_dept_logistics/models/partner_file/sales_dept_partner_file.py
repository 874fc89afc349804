from odoo import models


def one_text(text):
    """Sentences one after the other: in Chinese without a space between them.

    >>> one_text("空文件。 请另存。"), one_text("Empty. Save it.")
    ('空文件。请另存。', 'Empty. Save it.')
    """
    return text.replace("。 ", "。")


class SalesDeptPartnerFile(models.AbstractModel):
    """Files that partners send: why one cannot be read, in the language of whoever reads it."""

    _name = "sales.dept.partner.file"
    _description = "File of a Partner"

    def _refusal_sentence(self, code, values):
        """Why a file cannot be read, and what to do."""
        env = self.env
        save = env._("Open it in your spreadsheet program, and save it as XLSX.")
        sentences = {
            "empty": lambda: env._("The file is empty."),
            "too_big": lambda: env._("The file is larger than %(megabytes)s MB. Part it.", **values),
            "bomb": lambda: env._(
                "Unpacked, the file is larger than any list. It was not opened. Ask for another one."
            ),
            "too_many_rows": lambda: env._("The file has more than %(rows)s rows. Part it.", **values),
            "too_many_cells": lambda: env._(
                "Cells far from the list are filled, so that it would have more than %(cells)s of them. Delete the "
                "columns and rows beyond the list.",
                **values,
            ),
            "too_much_memory": lambda: env._("Reading the file takes more memory than the server gives it. Part it."),
            "too_long": lambda: env._("Reading the file takes too long. Part it."),
            "encrypted": lambda: env._("The file is protected with a password. Save it without one."),
            "xlsb": lambda: env._("This is a binary spreadsheet (XLSB).") + " " + save,
            "no_xlsx": lambda: env._("This is no XLSX file.") + " " + save,
            "unreadable": lambda: env._("The file is damaged.") + " " + save,
            "damaged": lambda: env._("The file is damaged.") + " " + save,
            "damaged_row": lambda: env._("Row %(row)s of the text is damaged.", **values),
            "entities": lambda: env._("The file has definitions inside that no spreadsheet needs. It was not opened."),
            "encoding": lambda: env._("The text is written in no way that is known.") + " " + save,
            "not_a_spreadsheet": lambda: (
                env._("This is no spreadsheet but %(kind)s.", kind=self._kind_label(values.get("kind")))
                + " "
                + env._("Ask for an XLSX, XLS or CSV file.")
            ),
        }
        sentence = sentences.get(code)
        return one_text(sentence()) if sentence else env._("The file could not be read. The server's log says why.")

    def _kind_label(self, kind):
        env = self.env
        labels = {
            "pdf": env._("a PDF document"),
            "picture": env._("a picture"),
            "archive": env._("an archive of files"),
            "word": env._("a text document"),
            "slides": env._("a presentation"),
            "ods": env._("an OpenDocument spreadsheet"),
            "numbers": env._("a document of Numbers"),
            "html": env._("a web page"),
            "xml": env._("an XML document"),
        }
        return labels.get(kind) or env._("another kind of file")
