from odoo import api, fields, models
from odoo.fields import Domain

# The KPIs that a digest can carry: the ends of its fields' names, and their sources.
SOURCES = {
    "attainment": "sales_attainment",
    "collection": "collection",
    "invoicing": "invoicing",
    "delivery": "delivery",
    "order_review": "order_review",
}
DEPARTMENT, OWN = "kpi_sales_dept_", "kpi_my_sales_dept_"
VALUES = {"compute": "_compute_kpi_sales_dept_values", "export_string_translation": False}


class DigestDigest(models.Model):
    """The month's figures in the mails of figures: the department's, and the reader's own."""

    _inherit = "digest.digest"

    kpi_sales_dept_attainment = fields.Boolean("Department: Sales Attainment (%)")
    kpi_sales_dept_attainment_value = fields.Float(**VALUES)
    kpi_sales_dept_collection = fields.Boolean("Department: Collection on Time (%)")
    kpi_sales_dept_collection_value = fields.Float(**VALUES)
    kpi_sales_dept_invoicing = fields.Boolean("Department: Invoicing on Time (%)")
    kpi_sales_dept_invoicing_value = fields.Float(**VALUES)
    kpi_sales_dept_delivery = fields.Boolean("Department: Deliveries on Time (%)")
    kpi_sales_dept_delivery_value = fields.Float(**VALUES)
    kpi_sales_dept_order_review = fields.Boolean("Department: Order Reviews on Time (%)")
    kpi_sales_dept_order_review_value = fields.Float(**VALUES)
    kpi_my_sales_dept_attainment = fields.Boolean("My Sales Attainment (%)")
    kpi_my_sales_dept_attainment_value = fields.Float(**VALUES)
    kpi_my_sales_dept_collection = fields.Boolean("My Collection on Time (%)")
    kpi_my_sales_dept_collection_value = fields.Float(**VALUES)
    kpi_my_sales_dept_invoicing = fields.Boolean("My Invoicing on Time (%)")
    kpi_my_sales_dept_invoicing_value = fields.Float(**VALUES)
    kpi_my_sales_dept_delivery = fields.Boolean("My Deliveries on Time (%)")
    kpi_my_sales_dept_delivery_value = fields.Float(**VALUES)
    kpi_my_sales_dept_order_review = fields.Boolean("My Order Reviews on Time (%)")
    kpi_my_sales_dept_order_review_value = fields.Float(**VALUES)

    # The figures are those of the month in which the time ends that the mail speaks of.
    @api.depends_context("uid", "company", "start_datetime", "end_datetime")
    def _compute_kpi_sales_dept_values(self):
        for digest in self:
            figures = digest._sales_dept_figures()
            for name in self._sales_dept_names():
                digest[f"{name}_value"] = figures[name].value if name in figures else 0

    @api.model
    def _sales_dept_names(self):
        return {f"{prefix}{end}" for prefix in (DEPARTMENT, OWN) for end in SOURCES}

    def _sales_dept_figures(self):
        """``{field's name: figure}`` of those that say something, by the reader's own rights: colleagues of other
        departments, who get the same mail, have none."""
        company = self.company_id or self.env.company
        _start, end, _companies = self._get_kpi_compute_parameters()
        domain = Domain("company_id", "=", company.id) & Domain("has_value", "=", True)
        moment = fields.Datetime.to_datetime(end) or fields.Datetime.now()
        domain &= Domain("date", "=", company._local_day(moment).replace(day=1))
        domain &= Domain("kpi_id.source", "in", list(SOURCES.values()))
        ends = {source: end for end, source in SOURCES.items()}
        totals, results = self.env["sales.kpi.total"], self.env["sales.kpi.result"]
        if totals.has_access("read"):
            totals = totals.search(domain)
        if results.has_access("read"):
            results = results.search(domain & Domain("user_id", "=", self.env.uid))
        return {
            **{f"{DEPARTMENT}{ends[total.kpi_id.source]}": total for total in totals},
            **{f"{OWN}{ends[result.kpi_id.source]}": result for result in results},
        }

    def _compute_kpis(self, company, user):
        """A figure without a verdict is left out: nothing is not 0 %."""
        digest = self.with_user(user).with_company(company)
        unknown = self._sales_dept_names() - digest._sales_dept_figures().keys()
        return [kpi for kpi in super()._compute_kpis(company, user) if kpi["kpi_name"] not in unknown]

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("sales_dept_roles.menu_sales_dept_root").id
        for prefix, action in ((DEPARTMENT, "action_sales_kpi_totals"), (OWN, "action_my_kpi_figures")):
            actions |= {f"{prefix}{end}": f"sales_dept_kpi.{action}?menu_id={menu}" for end in SOURCES}
        return actions
