import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, consteq

from .res_company import DAYS

# Asked again within so many minutes, the mail that left is the answer.
QUIET_MINUTES = 10


class SalesDeptLinkMixin(models.AbstractModel):
    """A document that its customer opens by the link of a mail, without a login, for some days.

    The days begin anew with each mail to somebody outside. A link whose days are over opens neither page nor files nor
    chatter, and never again: what is mailed next carries another one. Its page says so, and sends a new link to the
    address on record.

    The model has a ``company_id``. Extension points: :meth:`_link_days`, :meth:`_link_recipient`,
    :meth:`_is_link_renewable`.
    """

    _name = "sales.dept.link.mixin"
    _description = "Document Opened by a Link"
    _inherit = ["portal.mixin", "mail.thread", "sales.dept.protected.mixin"]

    link_until = fields.Date("Link Holds Until", readonly=True, copy=False)
    link_before = fields.Char("Link That Ended", readonly=True, copy=False, groups="base.group_system")
    link_asked_at = fields.Datetime("New Link Asked For On", readonly=True, copy=False, groups="base.group_system")

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"link_until", "link_before", "link_asked_at"}

    def _init_column(self, column_name):
        """Links that were mailed before links ended hold for some days from now, by each company's day."""
        if column_name != "link_until":
            return super()._init_column(column_name)
        # Read field by field: other columns of companies may be still to come.
        companies = self.env["res.company"].with_context(prefetch_fields=False)
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET link_until = local.day + %(days)s FROM (%(todays)s) local"
                " WHERE local.company_id = %(company)s AND access_token IS NOT NULL",
                table=SQL.identifier(self._table),
                days=DAYS,
                todays=companies._local_todays_sql(),
                company=SQL.identifier(self._table, "company_id"),
            )
        )

    # === EXTENSION POINTS === #

    def _link_days(self):
        """So many days a link holds."""
        self.ensure_one()
        return self.company_id.sudo().sales_dept_link_days

    def _link_recipient(self):
        """``(contact, its mail address)`` to whom a new link goes; the contact may be none."""
        self.ensure_one()
        partner = self.sudo()._mail_get_partners(introspect_fields=False)[self.id][:1]
        return partner, partner.email

    def _is_link_renewable(self):
        """Whether the document is one that its customer may look at."""
        self.ensure_one()
        return True

    # === THE LINK === #

    def _link_holds(self):
        """Whether the link of the mail still opens the document without a login."""
        self.ensure_one()
        return bool(self.link_until) and self.company_id._local_today() <= self.link_until

    def _renew_link(self):
        """Let the days of the link begin today; one whose days were over is replaced by another."""
        for document in self.sudo():
            values = {"link_until": document.company_id._local_today() + timedelta(days=document._link_days())}
            if document.access_token and not document._link_holds():
                values |= {"access_token": str(uuid.uuid4()), "link_before": document.access_token}
            if document.link_until != values["link_until"]:
                document._write_protected(values)

    def _is_ended_link(self, token):
        """Whether `token` opened the document once, and does no longer."""
        self.ensure_one()
        if not token:
            return False
        now, before = self.access_token, self.link_before
        return bool((now and not self._link_holds() and consteq(now, token)) or (before and consteq(before, token)))

    def _portal_ensure_token(self):
        if not self.access_token:
            self._renew_link()
        return super()._portal_ensure_token()

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        """A colleague who hands out the link means one that opens the document."""
        if share_token and not self.env.su and self.env.user._is_internal() and not self._link_holds():
            self.check_access("read")
            self._renew_link()
        return super()._get_share_url(redirect, signup_partner, pid, share_token)

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        if self and any(data.get("share") for data in recipients_data):
            self._renew_link()
        return super()._notify_thread_by_email(message, recipients_data, **kwargs)

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):  # noqa: A002
        """The chatter of a document goes by its link, too: with one that ended only who logs in reads and writes."""
        document = self.browse(thread_id).sudo().exists()
        if document and not document._link_holds():
            hash = pid = token = None  # noqa: A001
        return super()._get_thread_with_access(thread_id, hash=hash, pid=pid, token=token, **kwargs)

    # === A NEW ONE === #

    def _mail_new_link(self):
        """Send a new link to the address on record; not twice within a few minutes.

        :return: whether there is an address
        """
        self.ensure_one()
        partner, email = self._link_recipient()
        if not email:
            return False
        now = fields.Datetime.now()
        if self.link_asked_at and now - self.link_asked_at < timedelta(minutes=QUIET_MINUTES):
            return True
        self._renew_link()
        self._write_protected({"link_asked_at": now})
        document = self.with_context(lang=partner.lang or self.env.lang)
        self.env["mail.mail"].sudo().create(document._prepare_link_mail_values(partner, email))
        self._message_log(
            body=self.env._("The customer asked for a new link; it was sent to %(address)s.", address=email)
        )
        return True

    def _prepare_link_mail_values(self, partner, email):
        """Values of the mail, in the language of `self`."""
        self.ensure_one()
        company = self.company_id.sudo()
        subject = self.env._("New link: %(document)s", document=self.display_name)
        body = self.env["ir.qweb"]._render(
            "sales_dept_roles.portal_link_mail",
            {
                "name": partner.name,
                "document": self.display_name,
                "url": self.get_base_url() + self.get_portal_url(),
                "until": self.link_until,
            },
        )
        layout = "mail.mail_notification_light"
        values = {"subtitles": [subject], "company": company, "record_name": self.display_name}
        return {
            "subject": subject,
            "body_html": self.env["mail.render.mixin"]._render_encapsulate(
                layout, body, add_context=values, context_record=self
            ),
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "model": self._name,
            "res_id": self.id,
            **({"recipient_ids": [fields.Command.link(partner.id)]} if partner.email == email else {"email_to": email}),
        }
