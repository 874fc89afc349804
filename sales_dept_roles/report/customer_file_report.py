from odoo import api, models
from odoo.exceptions import AccessError


class ReportCustomerFile(models.AbstractModel):
    """The printed customer file, for those who keep and judge it."""

    _name = "report.sales_dept_roles.report_customer_file"
    _description = "Customer File (Printed)"

    @api.model
    def _get_report_values(self, docids, data=None):
        # The page of a report asks for no group: a customer's login could print what is noted about it.
        allowed = ("sales_team.group_sale_salesman", "sales_dept_roles.group_finance_verifier")
        if not any(self.env.user.has_group(group) for group in allowed):
            raise AccessError(self.env._("Customer files are printed by the sales department and by finance."))
        partners = self.env["res.partner"].browse(docids).exists().commercial_partner_id
        missing = partners._customer_file_missing_items()
        return {
            "doc_ids": partners.ids,
            "doc_model": "res.partner",
            "docs": partners,
            "missing": missing,
            "items": partners._customer_file_required_items(),
            "archived": partners - partners._approval_lacking(),
        }
