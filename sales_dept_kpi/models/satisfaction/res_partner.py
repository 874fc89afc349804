from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

READERS = (
    "sales_dept_roles.group_assistant,sales_dept_roles.group_account_manager,"
    "sales_dept_roles.group_director,sales_dept_roles.group_general_manager"
)
# Who asks whichever customer.
FOR_ALL = (
    "sales_dept_roles.group_assistant",
    "sales_dept_roles.group_director",
    "sales_dept_roles.group_general_manager",
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    sales_dept_survey_opt_out = fields.Boolean(
        "Not to Be Asked",
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="This person gets no more satisfaction surveys, on no way. The link in each of them sets it.",
    )
    sales_dept_satisfaction_asked_at = fields.Datetime(
        "Asked On",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When somebody with this email address was last asked how satisfied they are.",
    )
    sales_dept_satisfaction_sent_count = fields.Integer(
        "Surveys Sent", compute="_compute_sales_dept_satisfaction", groups=READERS
    )
    sales_dept_satisfaction_text = fields.Char(
        "Satisfaction", compute="_compute_sales_dept_satisfaction", groups=READERS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sales_dept_satisfaction(self):
        groups = self.env["sales.satisfaction.answer"]._read_group(
            Domain("partner_id", "in", self.commercial_partner_id.ids),
            ["partner_id"],
            ["sent_count:sum", "scored_count:sum", "score:avg"],
        )
        figures = {customer: rest for customer, *rest in groups}
        for partner in self:
            sent, scored, score = figures.get(partner.commercial_partner_id, (0, 0, 0))
            partner.sales_dept_satisfaction_sent_count = sent
            partner.sales_dept_satisfaction_text = f"{score:.0f}" if scored else "–"

    # === WHO IS ASKED === #

    def _satisfaction_note_asked(self):
        """Note on the contacts `self`, and on whoever else has their email addresses, that they are asked now.

        Two who ask the same person at the same moment write the same row: one of them begins anew, and is refused.
        Nothing else goes by it, so it needs no protection, and is merged with the contact.
        """
        emails = list(filter(None, self.mapped("email_normalized")))
        same = self.sudo().with_context(active_test=False).search(Domain("email_normalized", "in", emails))
        (self.sudo() | same)._write_protected({"sales_dept_satisfaction_asked_at": fields.Datetime.now()})

    def _satisfaction_contacts(self, company, near=None):
        """Return ``{partner of `self`: contact}``: a person is asked themselves, of a customer the one to be asked.

        That is who is responsible for what the company asks about, else whoever the document is for.

        :param near: ``{partner: contact}``, whom the document is for
        """
        customers = self.filtered(lambda partner: partner == partner.commercial_partner_id)
        people = self.search(
            Domain("commercial_partner_id", "in", customers.ids)
            & Domain("email_normalized", "!=", False)
            & Domain("sales_dept_survey_opt_out", "=", False)
        ).grouped("commercial_partner_id")
        return {
            partner: partner
            if partner not in customers
            else min(
                people.get(partner, self.browse()),
                key=lambda person, of=partner: person._satisfaction_rank(company, (near or {}).get(of), of),
                default=self.browse(),
            )
            for partner in self
        }

    def _satisfaction_rank(self, company, near, customer):
        """By which the one to be asked comes first."""
        function = company.sales_dept_satisfaction_function
        return not function or self.customer_file_function != function, self != near, self == customer, self.id

    def _satisfaction_refusals(self, company):
        """Return ``{contact: sentence}`` of those among `self` who may not be asked now, by `company`'s rules.

        One person is who has one email address, however often it is on file.
        """
        emails = set(filter(None, self.mapped("email_normalized")))
        # Also what other salespeople asked, and contacts that the reader does not see.
        everybody = self.sudo().with_context(active_test=False)
        stopped = everybody.search(
            Domain("sales_dept_survey_opt_out", "=", True)
            & (Domain("id", "in", self.ids) | Domain("email_normalized", "in", emails))
        )
        asked = self._satisfaction_last_asked(company, emails)
        return {
            contact: text
            for contact in self
            if (
                text := contact._satisfaction_stopped_text(stopped)
                or contact._satisfaction_asked_text(
                    company, max(filter(None, map(asked.get, (contact.id, contact.email_normalized))), default=None)
                )
            )
        }

    def _satisfaction_stopped_text(self, stopped):
        emails = set(filter(None, stopped.mapped("email_normalized")))
        if self.id in stopped.ids or self.email_normalized in emails:
            return self.env._("%(contact)s does not want to be asked any more.", contact=self.display_name)
        return None

    def _satisfaction_asked_text(self, company, asked):
        again = asked and asked + timedelta(days=company.sales_dept_satisfaction_interval)
        if not again or again <= company._local_today():
            return None
        return self.env._(
            "%(contact)s was asked on %(asked)s, and is asked again from %(again)s on.",
            contact=self.display_name,
            asked=format_date(self.env, asked),
            again=format_date(self.env, again),
        )

    def _satisfaction_last_asked(self, company, emails):
        """Return ``{id of a contact, or email: day}`` on which they were asked last, within the interval."""
        days = company.sales_dept_satisfaction_interval
        if not days:
            return {}
        recent = (
            self.env["survey.user_input"]
            .sudo()
            .search(
                Domain("sales_dept_partner_id", "!=", False)
                & Domain("test_entry", "=", False)
                & Domain("sales_dept_sent_date", ">", fields.Datetime.now() - timedelta(days=days + 1))
                & (Domain("partner_id", "in", self.ids) | Domain("partner_id.email_normalized", "in", emails)),
                order="sales_dept_sent_date, id",
            )
        )
        last = {}
        for given in recent:
            day = company._local_day(given.sales_dept_sent_date)
            last[given.partner_id.id] = day
            if given.partner_id.email_normalized:
                last[given.partner_id.email_normalized] = day
        return last

    def _satisfaction_mine(self):
        """Those of the customers `self` whom the user may ask: their own, or all for whoever follows all."""
        if any(map(self.env.user.has_group, FOR_ALL)):
            return self
        return self.filtered(lambda customer: customer.user_id in (self.env.user, customer.user_id.browse()))

    # === ACTIONS === #

    def action_sales_dept_satisfaction(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_satisfaction_answers")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)], "context": {}}
