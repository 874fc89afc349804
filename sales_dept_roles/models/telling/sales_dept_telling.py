from odoo import api, models
from odoo.tools import plaintext2html


class SalesDeptTelling(models.AbstractModel):
    """How the department tells its people something: in their own language, once, and with what was typed as text.

    Texts are functions of a record in the reader's language, whose `env._` translates into it; what a person typed
    needs no translation and may be given as it is.
    """

    _name = "sales.dept.telling"
    _description = "Telling People"

    @api.model
    def _by_language(self, users):
        """Return ``[(lang, users)]`` of the active ones among `users`."""
        return list(users.filtered("active").grouped("lang").items())

    @api.model
    def _notify(self, users, subject, body, about=None, force_send=True):
        """Send `users` one message, in the name of the user at work.

        :param subject: text, or function of `about` in the reader's language that returns it
        :param body: the same; markup as it is, text escaped
        :param about: the document that it is sent from, or none
        """
        about = self.env["mail.thread"] if about is None else about
        for lang, readers in self._by_language(users):
            thread = about.with_context(lang=lang)
            # Without a document it comes from the readers' own company, not from that of the system's user.
            for company, of_company in [(False, readers)] if about else readers.grouped("company_id").items():
                thread.message_notify(
                    partner_ids=of_company.partner_id.ids,
                    subject=_text(subject, thread),
                    body=_text(body, thread),
                    author_id=self.env.user.partner_id.id,
                    # With a button that opens the document, where it is about one.
                    email_layout_xmlid=f"mail.mail_notification_{'layout' if about else 'light'}",
                    force_send=force_send,
                    force_email_company=company and company.sudo(),
                )

    @api.model
    def _ask(self, activity_type, wanted, per_person=False, quiet=False):
        """Give people something to do, once for each document and type: what is open already is brought up to date.

        :param str activity_type: xml id of the type
        :param wanted: ``[(document, user, {"note", "summary": text or function of the document, "date_deadline"})]``
        :param bool per_person: several people do it, each for themselves
        :param bool quiet: without the mail that Odoo sends to whom an activity is given
        """
        telling = self.sudo()
        kind = telling.env.ref(activity_type)
        for model, rows in _by_model(wanted).items():
            open_ones = telling.env["mail.activity"].search(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", [document.id for document, _user, _values in rows]),
                    ("activity_type_id", "=", kind.id),
                ]
            )
            present = {(activity.res_id, per_person and activity.user_id.id): activity for activity in open_ones}
            missing = []
            for document, user, texts in rows:
                values = telling._prepare_activity_values(kind, document, user, texts)
                activity = present.get((document.id, per_person and user.id))
                if activity:
                    activity._write_changed(values)
                else:
                    missing.append(values)
            telling.env["mail.activity"].with_context(mail_activity_quick_update=quiet).create(missing)

    @api.model
    def _prepare_activity_values(self, kind, document, user, texts):
        reader = document.with_context(lang=user.lang)
        note = _text(texts.get("note"), reader)
        return {
            "activity_type_id": kind.id,
            "automated": True,
            "res_model_id": self.env["ir.model"]._get_id(document._name),
            "res_id": document.id,
            "user_id": user.id,
            "date_deadline": texts.get("date_deadline") or self._today_of(document),
            "note": plaintext2html(note) if note else False,
            "summary": _text(texts.get("summary"), reader) or kind.with_context(lang=user.lang).summary,
        }

    @api.model
    def _today_of(self, document):
        company = ("company_id" in document._fields and document.company_id) or self.env.company
        return company._local_today()


def _text(text, reader):
    return text(reader) if callable(text) else text


def _by_model(wanted):
    """Return ``{model name: rows of `wanted`}``."""
    rows = {}
    for row in wanted:
        rows.setdefault(row[0]._name, []).append(row)
    return rows
