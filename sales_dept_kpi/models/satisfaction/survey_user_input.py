from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

# What says whose answer it is, and that it is given.
ANSWERED = {"state", "survey_id", "test_entry", "end_datetime", "partner_id", "email", "access_token"}


class SurveyUserInput(models.Model):
    """A customer who is asked how satisfied she is: for whom it counts is settled when she is asked."""

    _name = "survey.user_input"
    _inherit = ["survey.user_input", "sales.dept.protected.mixin"]

    sales_dept_partner_id = fields.Many2one(
        "res.partner", "Customer Asked", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    sales_dept_user_id = fields.Many2one(
        "res.users", "Counts For", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    sales_dept_company_id = fields.Many2one("res.company", "Asked By", readonly=True, copy=False, ondelete="restrict")
    sales_dept_picking_id = fields.Many2one(
        "stock.picking", "Asked After", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )
    sales_dept_order_id = fields.Many2one("sale.order", "About", readonly=True, copy=False, ondelete="set null")
    sales_dept_period = fields.Date("Quarter Asked About", readonly=True, copy=False)
    sales_dept_sent_date = fields.Datetime("Asked On", readonly=True, copy=False)
    sales_dept_channel = fields.Selection(
        [("mail", "Mail"), ("paper", "Paper")], "Asked By Way Of", readonly=True, copy=False
    )
    sales_dept_entered_by_id = fields.Many2one(
        "res.users", "Entered By", readonly=True, copy=False, ondelete="restrict"
    )

    _sales_dept_answered = models.Index("(sales_dept_company_id, end_datetime) WHERE sales_dept_partner_id IS NOT NULL")

    # === WHAT STAYS === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            name for name in self._fields if name.startswith("sales_dept_") and self._fields[name].store
        }

    def write(self, vals):
        if ANSWERED & vals.keys():
            self._check_not_counted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        self._check_not_counted()

    def _filter_counted(self):
        """Those of `self` that a customer answered who was asked by the department."""
        return self.filtered(
            lambda given: given.state == "done" and given.sales_dept_partner_id and not given.test_entry
        )

    def _check_not_counted(self):
        """:raises AccessError: when one of `self` counts in somebody's satisfaction"""
        if counted := self._filter_counted()[:1]:
            raise AccessError(
                self.env._(
                    "%(customer)s answered this survey, and the answer counts: it stays as it is.",
                    customer=counted.sudo().sales_dept_partner_id.display_name,
                )
            )

    def _mark_done(self):
        result = super()._mark_done()
        # What is read from them is another now.
        self.env["sales.satisfaction.answer"].invalidate_model()
        self.env["sales.satisfaction.score"].invalidate_model()
        self._filter_counted()._open_issues()
        return result

    # === WHO IS NOT SATISFIED === #

    def _open_issues(self):
        """Open an issue for each subject of the answers `self` that lies below the company's limit, once."""
        if not self:
            return
        # In nobody's name: it is the customer who says it, whoever typed it in.
        system = without_client_context(self.with_user(SUPERUSER_ID))
        lows = system.env["sales.satisfaction.score"].search([("answer_id", "in", self.ids), ("is_low", "=", True)])
        by_subject = lows.sorted("score", reverse=True).grouped(lambda low: (low.answer_id.id, low.subject))
        issues = system.env["customer.issue"].create(
            [system.browse(number)._prepare_issue_values(low[-1:]) for (number, _subject), low in by_subject.items()]
        )
        for issue, (number, subject) in zip(issues, by_subject, strict=True):
            issue._write_protected({"satisfaction_input_id": number, "satisfaction_subject": subject})

    def _prepare_issue_values(self, low):
        """The values of the issue about the score `low`, in the language of who looks after the customer."""
        company, user = self.sales_dept_company_id, self.sales_dept_user_id
        if not user.active or company not in user.company_ids:
            user = self.sales_dept_partner_id.user_id
        reader = low.with_context(lang=user.lang or company.partner_id.lang)
        labels = dict(reader._fields["subject"]._description_selection(reader.env))
        remarks = self.user_input_line_ids.filtered(
            lambda line: line.question_id.sales_dept_subject == low.subject and line._satisfaction_text()
        )
        return {
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "user_id": user.id,
            "kind": low.subject,
            "channel": "survey",
            "sale_order_id": self._order_of_contact().id,
            "title": reader.env._(
                "Not satisfied with %(subject)s: %(score)s of 100",
                subject=labels[low.subject],
                score=f"{low.score:.0f}",
            ),
            "description": plaintext2html(
                "\n".join(
                    [
                        f"{reader.question} {low.value} ({low.scale_text})",
                        *(line._satisfaction_text() for line in remarks),
                    ]
                )
            ),
        }

    def _order_of_contact(self):
        """The order, as long as it is of the contact's own company: an answer is never lost because it is not."""
        self.ensure_one()
        order = self.sales_dept_order_id
        own = order.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
        return order if own else order.browse()

    # === ASKING === #

    @api.model
    def _satisfaction_invite(self, company, rows, channel="mail"):
        """Ask customers of `company`, as superuser; the caller looked at who may be asked.

        :param rows: list of dicts: `contact`, `customer`, and as far as they are known `user`, `picking`, `order` and
            `period` (first day of a quarter)
        :return: the invitations; mails are queued, not sent
        """
        survey = company._satisfaction_survey()
        if not survey or not survey.active:
            raise UserError(
                self.env._(
                    "There is no satisfaction survey to ask with: choose one in the settings of %(company)s.",
                    company=company.name,
                )
            )
        invited = self.sudo()
        for row in rows:
            invitation = survey._create_answer(
                partner=row["contact"].sudo(),
                check_attempts=False,
                **self._prepare_satisfaction_input_values(company, survey, row["contact"]),
            )
            invitation._satisfaction_stamp(company, row, channel)
            invited |= invitation
        invited.partner_id._satisfaction_note_asked()
        if channel == "mail":
            invited._satisfaction_mail()
        return invited

    @api.model
    def _prepare_satisfaction_input_values(self, company, survey, contact):
        lang = contact.lang in survey._get_supported_lang_codes() and self.env["res.lang"]._lang_get(contact.lang)
        return {
            "deadline": fields.Datetime.now() + timedelta(days=company.sales_dept_satisfaction_open_days),
            "lang_id": lang and lang.id,
        }

    def _satisfaction_stamp(self, company, row, channel):
        """Settle of whom and for whom the invitations `self` are."""
        self._write_protected(
            {
                "sales_dept_partner_id": row["customer"].id,
                "sales_dept_user_id": (row.get("user") or row["customer"].user_id).id,
                "sales_dept_company_id": company.id,
                "sales_dept_picking_id": row["picking"].id if row.get("picking") else False,
                "sales_dept_order_id": row["order"].id if row.get("order") else False,
                "sales_dept_period": row.get("period") or False,
                "sales_dept_sent_date": fields.Datetime.now(),
                "sales_dept_channel": channel,
            }
        )

    def _satisfaction_mail(self):
        """Queue the mails, each in its reader's language and from whom it counts for."""
        if self:
            template = self.env.ref("sales_dept_kpi.mail_template_satisfaction").sudo()
            template.send_mail_batch(self.ids, force_send=False)

    def _satisfaction_stop_url(self):
        """Where whoever was asked says that she does not want to be asked any more."""
        self.ensure_one()
        return f"{self.get_base_url()}/satisfaction/stop/{self.access_token}"

    def _satisfaction_start_url(self):
        self.ensure_one()
        return self.get_base_url() + self.get_start_url()

    def _satisfaction_stop(self):
        """Whoever was asked, and is known by the secret of the invitation, is not asked any more."""
        for invitation in self:
            contact = invitation.partner_id
            if contact and not contact.sales_dept_survey_opt_out:
                contact.sales_dept_survey_opt_out = True
                contact.message_post(
                    body=self.env._("Does not want to get satisfaction surveys any more, by the link in the mail."),
                    author_id=contact.id,
                )
