from odoo import api, fields, models

from ..clock.bounds import check_dates


class SalesControlledForm(models.Model):
    """An entry of the company's register of controlled forms: the number and version that a printed form carries.

    A paper carries what is in force on its own date, so that printed again later it is the form that it was.
    """

    _name = "sales.controlled.form"
    _description = "Controlled Form"
    _order = "report_id, date_from desc, id desc"
    _rec_name = "number"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    report_id = fields.Many2one(
        "ir.actions.report",
        "Form",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_sales_dept_paper", "=", True)],
    )
    number = fields.Char("Form No.", required=True)
    version = fields.Char(required=True)
    date_from = fields.Date(
        "Valid From",
        required=True,
        default=lambda self: self.env.company._local_today(),
        help="Papers of this day and later carry this number and version, until a later entry of the same form.",
    )

    _one_a_day = models.UniqueIndex(
        "(company_id, report_id, date_from)",
        "This form has an entry from that day on already: change that one, or enter another day.",
    )

    @api.constrains("date_from")
    def _check_dates(self):
        check_dates(self, "date_from")

    @api.model
    def _in_force(self, report, company, day=None):
        """Return the entry that papers of `report` in `company` carry on `day`, by default today; or none."""
        # What stands on a customer's paper is for the customer to read, who reads no register.
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("report_id", "=", report.id),
                ("date_from", "<=", day or company._local_today()),
            ],
            order="date_from desc",
            limit=1,
        )
